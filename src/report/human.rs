//! Reports as people read them: status lines, findings and the summary.

use std::io::{self, Write};

use super::package::{ArchiveReport, Deed};
use crate::archive;
use crate::bytes::{Share, Size};
use crate::lambda::quotas;
use crate::lint::{self, Finding, Level};
use crate::paths::relative_to_current;
use crate::shell::{Severity, Shell};
use crate::text::printable;

/// Shows the findings of a package.
pub(super) fn show_findings(archive: &ArchiveReport, deed: Deed, shell: &Shell) {
    let subject = match deed {
        Deed::Packaged => archive.subject(),
        // Zips in different folders may have the same name.
        Deed::Checked => printable(relative_to_current(&archive.path).as_str()),
    };
    for finding in &archive.findings {
        show_finding(finding, Some(&subject), shell);
    }
}

/// Shows the findings of a package and its status line.
pub(super) fn show(archive: &ArchiveReport, deed: Deed, shell: &Shell) {
    show_findings(archive, deed, shell);
    let text = match archive.zipped_bytes {
        Some(zipped) if deed == Deed::Checked || !archive.rejected => sizes(archive, zipped),
        _ => format!("{}: no zip was written", archive.subject()),
    };
    match deed {
        _ if archive.rejected => shell.failure("Rejected", text),
        // Another package was rejected before anything was built.
        Deed::Packaged if archive.zipped_bytes.is_none() => shell.status("Skipped", text),
        Deed::Packaged if archive.fresh => shell.status("Fresh", text),
        Deed::Packaged => shell.status("Packaged", text),
        Deed::Checked => shell.status("Checked", text),
    }
    if let Some(file) = &archive.debug_file {
        let path = printable(relative_to_current(&file.path).as_str());
        shell.status("Debug file", format_args!("{} {path}", Size(file.bytes)));
    }
    if deed == Deed::Checked {
        for largest in largest(archive) {
            shell.status("Largest", largest);
        }
    }
}

/// Shows a finding about `subject`, or about the run.
pub(super) fn show_finding(finding: &Finding, subject: Option<&str>, shell: &Shell) {
    let severity = match finding.level {
        Level::Deny => Severity::Error,
        Level::Warn | Level::Allow => Severity::Warning,
    };
    // A finding about a template names its place itself.
    let subject = subject.filter(|_| finding.place.is_none());
    let subject = subject.map_or_else(String::new, |subject| format!("{subject}: "));
    let message = format_args!("{subject}{}", finding.message);
    let names = finding.names.beyond_message();
    shell.diagnostic(severity, finding.lint, message, names, &finding.help);
}

/// The sizes of a package, for instance
/// `orders arm64 1.3 MiB → 602 KiB (1.2 % of 50 MiB) orders.zip`.
fn sizes(archive: &ArchiveReport, zipped: u64) -> String {
    let share = Share {
        bytes: zipped,
        limit: quotas::ZIPPED,
    };
    let unzipped = archive.unzipped_bytes;
    let unzipped = unzipped.map_or_else(String::new, |bytes| format!("{} → ", Size(bytes)));
    format!(
        "{} {unzipped}{} ({share}) {}",
        archive.subject(),
        Size(zipped),
        printable(relative_to_current(&archive.path).as_str()),
    )
}

/// The largest entries of a package that is near one of Lambda's limits, or above it.
fn largest(archive: &ArchiveReport) -> Vec<String> {
    let is_near = |bytes: u64, limit| bytes >= limit / 5 * 4;
    let entries = &archive.entries;
    if entries.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let unzipped = archive.unzipped_bytes;
    let unzipped = unzipped.map(|bytes| bytes.saturating_add(archive.layer_bytes()));
    if unzipped.is_some_and(|bytes| is_near(bytes, quotas::UNZIPPED)) {
        let sizes = entries.iter().map(|e| (e.path.as_str(), e.bytes));
        lines.push(lint::largest(&sizes.collect::<Vec<_>>()));
    }
    let zipped = archive.zipped_bytes;
    if zipped.is_some_and(|bytes| is_near(bytes, quotas::ZIPPED)) {
        let sizes = archive::compressed_sizes(entries);
        lines.push(format!("zipped: {}", lint::largest(&sizes)));
    }
    lines
}

/// The summary of the packages that were not rejected; `None` if there are none.
pub(super) fn summary(archives: &[ArchiveReport]) -> Option<String> {
    let written = || archives.iter().filter(|archive| !archive.rejected);
    let largest = written().max_by_key(|archive| archive.unzipped_bytes)?;
    let fresh = written().filter(|archive| archive.fresh).count();
    let count = written().count();
    let zipped: u64 = written().filter_map(|archive| archive.zipped_bytes).sum();
    let share = Share {
        bytes: largest.unzipped_bytes?,
        limit: quotas::UNZIPPED,
    };
    let fresh = if fresh > 0 {
        format!(" ({fresh} fresh)")
    } else {
        String::new()
    };
    Some(format!(
        "{count} {}{fresh}, {} in all; the largest unzips to {share}",
        if count == 1 { "zip" } else { "zips" },
        Size(zipped),
    ))
}

/// Writes the commands and the outputs of a dry run to `out`.
///
/// # Errors
/// If `out` cannot be written to.
pub(super) fn write_plan(
    commands: &[String],
    archives: &[ArchiveReport],
    mut out: impl Write,
) -> io::Result<()> {
    for command in commands {
        writeln!(out, "{command}")?;
    }
    for archive in archives {
        let subject = archive.subject();
        writeln!(out, "{subject} {}", relative_to_current(&archive.path))?;
        if let Some(folder) = &archive.folder {
            // A slash tells a folder from a zip.
            writeln!(out, "{subject} {}/", relative_to_current(folder))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::PackedEntry;
    use crate::lambda::Architecture;
    use crate::report::package::LayerReport;

    fn archive(bin: &str, unzipped: u64, zipped: u64) -> ArchiveReport {
        ArchiveReport {
            bin: bin.to_owned(),
            architecture: Some(Architecture::Arm64),
            path: format!("/out/{bin}.zip").into(),
            unzipped_bytes: Some(unzipped),
            zipped_bytes: Some(zipped),
            ..ArchiveReport::default()
        }
    }

    #[test]
    fn a_status_line_names_the_package_its_sizes_and_its_place() {
        let line = sizes(&archive("orders", 3 << 20, 1 << 20), 1 << 20);
        assert_eq!(
            line,
            "orders arm64 3.0 MiB → 1.0 MiB (2.0 % of 50 MiB) /out/orders.zip"
        );
        let unknown = ArchiveReport {
            unzipped_bytes: None,
            ..archive("orders", 0, 1 << 20)
        };
        assert!(sizes(&unknown, 1 << 20).starts_with("orders arm64 1.0 MiB ("));
    }

    #[test]
    fn the_summary_counts_the_zips_that_may_be_deployed() {
        assert_eq!(summary(&[]), None);
        let fresh = ArchiveReport {
            fresh: true,
            ..archive("b", 25 << 20, 1 << 20)
        };
        let text = summary(&[archive("a", 1 << 20, 1 << 20), fresh]).unwrap();
        assert_eq!(
            text,
            "2 zips (1 fresh), 2.0 MiB in all; the largest unzips to 10.0 % of 250 MiB"
        );
    }

    #[test]
    fn the_largest_entries_are_named_near_a_limit_only() {
        let mut report = archive("a", quotas::UNZIPPED / 2, 1 << 20);
        report.entries = vec![PackedEntry {
            path: "model".to_owned(),
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
        assert_eq!(largest(&report).len(), 1);
        report.zipped_bytes = Some(quotas::ZIPPED);
        assert_eq!(largest(&report).len(), 2);
    }

    #[test]
    fn a_dry_run_prints_commands_zips_and_folders() {
        let mut report = archive("orders", 0, 0);
        report.folder = Some("/dist".into());
        let mut out = Vec::new();
        write_plan(&["cargo build".to_owned()], &[report], &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "cargo build\norders arm64 /out/orders.zip\norders arm64 /dist/\n"
        );
    }
}
