//! The status lines of packages: one for each, or one for each group if there are many.

use std::collections::BTreeMap;

use super::human::counted;
use super::package::{ArchiveReport, Deed};
use crate::bytes::{Share, Size};
use crate::lambda::{Architecture, quotas};
use crate::lint;
use crate::paths::relative_to_current;
use crate::shell::Shell;
use crate::text::printable;

/// The most rejected packages that have a line each beside many others.
const MOST_REJECTED: usize = 8;

/// The columns of a narrow terminal, without those of the verb before a status line.
const WIDTH: usize = 80 - 13;

/// Shows the status lines of all packages.
pub(super) fn show(archives: &[ArchiveReport], deed: Deed, shell: &Shell) {
    if shell.is_too_many(archives.len()) {
        show_groups(archives, deed, shell);
    } else {
        for archive in archives {
            show_one(archive, deed, shell);
        }
    }
}

fn show_one(archive: &ArchiveReport, deed: Deed, shell: &Shell) {
    let text = match archive.zipped_bytes {
        Some(zipped) if deed == Deed::Checked || !archive.rejected => {
            sizes(archive, zipped, shell.is_verbose())
        }
        _ => format!("{}: no zip was written", archive.subject()),
    };
    line(verb(archive, deed), text, shell);
    if let Some(file) = &archive.debug_file {
        let path = printable(relative_to_current(&file.path).as_str());
        shell.status("Debug file", format_args!("{} {path}", Size(file.bytes)));
    }
    let is_there = deed == Deed::Checked || !archive.rejected;
    for largest in largest(archive).into_iter().filter(|_| is_there) {
        shell.status("Largest", largest);
    }
    show_files(archive, shell);
}

const REJECTED: &str = "Rejected";

/// The verb of a status line.
fn verb(archive: &ArchiveReport, deed: Deed) -> &'static str {
    match deed {
        _ if archive.rejected => REJECTED,
        // Another package was rejected before anything was built.
        Deed::Packaged if archive.zipped_bytes.is_none() => "Skipped",
        Deed::Packaged if archive.fresh => "Fresh",
        Deed::Packaged => "Packaged",
        Deed::Checked => "Checked",
    }
}

fn line(verb: &str, text: String, shell: &Shell) {
    if verb == REJECTED {
        shell.failure(verb, text);
    } else {
        shell.status(verb, text);
    }
}

/// Shows a line for each verb and architecture.
fn show_groups(archives: &[ArchiveReport], deed: Deed, shell: &Shell) {
    let mut groups: BTreeMap<(&str, Option<Architecture>), Vec<&ArchiveReport>> = BTreeMap::new();
    let (rejected, accepted): (Vec<_>, Vec<_>) = archives.iter().partition(|a| a.rejected);
    let (alone, grouped) = if rejected.len() > MOST_REJECTED {
        (Vec::new(), rejected)
    } else {
        (rejected, Vec::new())
    };
    for archive in alone {
        show_one(archive, deed, shell);
    }
    for archive in accepted.into_iter().chain(grouped) {
        let key = (verb(archive, deed), archive.architecture);
        groups.entry(key).or_default().push(archive);
    }
    for ((verb, architecture), group) in groups {
        let platform = architecture.map_or_else(String::new, |a| format!(" for {a}"));
        let sum = |bytes: fn(&ArchiveReport) -> Option<u64>| -> u64 {
            group.iter().filter_map(|archive| bytes(archive)).sum()
        };
        let is_written = deed == Deed::Checked || verb != REJECTED;
        let sizes = match (
            sum(|archive| archive.unzipped_bytes),
            sum(|archive| archive.zipped_bytes),
        ) {
            _ if !is_written => ": none was written".to_owned(),
            (_, 0) => String::new(),
            (unzipped, zipped) => format!(", {} → {}", Size(unzipped), Size(zipped)),
        };
        let text = format!("{}{platform}{sizes}", counted(group.len(), "zip"));
        line(verb, fitted(&text, folder(&group)), shell);
    }
}

/// The folder of all zips of a group, if they have the same one.
fn folder(group: &[&ArchiveReport]) -> Option<String> {
    let mut folders = group.iter().map(|archive| archive.path.parent());
    let first = folders.next()??;
    let is_same = folders.all(|folder| folder == Some(first));
    let shown = printable(relative_to_current(first).as_str());
    (is_same && !shown.is_empty()).then(|| format!(" in {shown}"))
}

/// The text with the first of the endings that fits the terminal; without any if none fits.
fn fitted(text: &str, endings: impl IntoIterator<Item = String>) -> String {
    let fits = |ending: &String| text.chars().count() + ending.chars().count() <= WIDTH;
    let ending = endings.into_iter().find(fits);
    format!("{text}{}", ending.unwrap_or_default())
}

/// The sizes of a package, for instance `orders arm64 1.3 MiB → 602 KiB orders.zip`. Its share of
/// Lambda's limit is named near the limit.
fn sizes(archive: &ArchiveReport, zipped: u64, is_verbose: bool) -> String {
    let share = Share {
        bytes: zipped,
        limit: quotas::ZIPPED,
    };
    let share = if quotas::is_near(zipped, quotas::ZIPPED) {
        format!(" ({share})")
    } else {
        String::new()
    };
    let unzipped = archive.unzipped_bytes;
    let unzipped = unzipped.map_or_else(String::new, |bytes| format!("{} → ", Size(bytes)));
    let subject = archive.subject();
    let text = format!("{subject} {unzipped}{}{share}", Size(zipped));
    let path = printable(relative_to_current(&archive.path).as_str());
    if is_verbose {
        return format!("{text} {path}");
    }
    // As many folders as there is room for.
    let ends = path.match_indices(['/', std::path::MAIN_SEPARATOR]);
    let ends = ends.map(|(position, _)| format!(" …{}", &path[position..]));
    let whole = std::iter::once(format!(" {path}"));
    fitted(&text, whole.chain(ends))
}

/// The largest entries and crates of a package that is near one of Lambda's limits, or above it, and
/// the command that tells more.
fn largest(archive: &ArchiveReport) -> Vec<String> {
    let entries = &archive.entries;
    if entries.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if archive.is_near_unzipped() {
        let sizes = entries.iter().map(|e| (&*e.path, e.bytes));
        lines.push(lint::largest(&sizes.collect::<Vec<_>>()));
    }
    if archive.is_near_zipped() {
        let sizes = entries.iter().map(|e| (&*e.path, e.compressed_bytes));
        let largest = lint::largest(&sizes.collect::<Vec<_>>());
        lines.push(format!("zipped: {largest}"));
    }
    if lines.is_empty() {
        return lines;
    }
    lines.extend(archive.largest_crates.clone());
    lines.push(format!("{} shows all", archive.size_command()));
    lines
}

/// Shows the files of a package with their sizes and sources, under `-v`.
pub(super) fn show_files(archive: &ArchiveReport, shell: &Shell) {
    if !shell.is_verbose() {
        return;
    }
    for file in &archive.files {
        shell.verbose("File", printable(file));
    }
    if archive.files.is_empty() {
        for entry in &archive.entries {
            let size = Size(entry.bytes);
            shell.verbose("File", format_args!("{} {size}", printable(&entry.path)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::PackedEntry;
    use crate::report::package::{LayerReport, archive};

    #[test]
    fn a_status_line_names_the_package_its_sizes_and_its_place() {
        let line = |archive: &ArchiveReport, zipped| sizes(archive, zipped, false);
        let small = archive("orders", 3 << 20, 1 << 20);
        assert_eq!(
            line(&small, 1 << 20),
            "orders arm64 3.0 MiB → 1.0 MiB /out/orders.zip"
        );
        let unknown = ArchiveReport {
            unzipped_bytes: None,
            ..small
        };
        assert!(line(&unknown, 1 << 20).starts_with("orders arm64 1.0 MiB /out"));
        let near = line(&archive("orders", 90 << 20, 45 << 20), 45 << 20);
        assert!(near.contains("(90.0 % of 50 MiB)"), "{near}");
    }

    #[test]
    fn a_status_line_fits_a_narrow_terminal() {
        for length in 1..60 {
            let bin = "b".repeat(length);
            let archive = ArchiveReport {
                path: format!("/srv/shop/target/lambda-zip/{bin}-arm64.zip").into(),
                ..archive(&bin, 3 << 20, 1 << 20)
            };
            let line = sizes(&archive, 1 << 20, false);
            let width = line.chars().count();
            assert!(width <= WIDTH || line.ends_with("MiB"), "{width}: {line}");
            assert!(sizes(&archive, 1 << 20, true).ends_with(archive.path.as_str()));
        }
    }

    #[test]
    fn zips_of_one_folder_are_a_group_with_its_name() {
        let archives = [archive("a", 1, 1), archive("b", 1, 1)];
        let group: Vec<_> = archives.iter().collect();
        assert_eq!(folder(&group).as_deref(), Some(" in /out"));
        let elsewhere = ArchiveReport {
            path: "/dist/c.zip".into(),
            ..archive("c", 1, 1)
        };
        assert_eq!(folder(&[&archives[0], &elsewhere]), None);
    }

    #[test]
    fn the_largest_entries_are_named_near_a_limit_only() {
        let mut report = archive("a", quotas::UNZIPPED / 2, 1 << 20);
        report.entries = vec![PackedEntry {
            path: "model".into(),
            mode: None,
            bytes: quotas::UNZIPPED / 2,
            compressed_bytes: 1 << 20,
        }];
        assert!(largest(&report).is_empty());
        // Layers count towards the same limit.
        report.layers = vec![LayerReport {
            bytes: Some(quotas::UNZIPPED / 3),
            ..LayerReport::default()
        }];
        assert_eq!(largest(&report).len(), 2);
        report.zipped_bytes = Some(quotas::ZIPPED);
        report.largest_crates = Some("of `bootstrap` std 3 MiB".to_owned());
        let lines = largest(&report);
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[3], "`cargo lambda-zip size /out/a.zip` shows all");
    }
}
