//! Reports as people read them: the summary, and the plan of a dry run.

use std::io::{self, Write};

use super::package::ArchiveReport;
use crate::bytes::{Share, Size};
use crate::lambda::quotas;
use crate::lint::Level;
use crate::paths::relative_to_current;

/// The summary: the packages that were not rejected, and the findings of all; `None` if there is
/// nothing to sum up.
pub(super) fn summary(archives: &[ArchiveReport]) -> Option<String> {
    let written = || archives.iter().filter(|archive| !archive.rejected);
    if archives.len() > 1 && written().next().is_none() {
        return Some(format!("no zip{}", findings(archives)));
    }
    let largest = written().max_by_key(|archive| archive.unzipped_bytes)?;
    let fresh = written().filter(|archive| archive.fresh).count();
    let count = written().count();
    let zipped: u64 = written().filter_map(|archive| archive.zipped_bytes).sum();
    let largest = largest.unzipped_bytes?;
    let share = Share {
        bytes: largest,
        limit: quotas::UNZIPPED,
    };
    let share = if quotas::is_near(largest, quotas::UNZIPPED) {
        format!("; the largest unzips to {share}")
    } else {
        String::new()
    };
    let fresh = if fresh > 0 {
        format!(" ({fresh} fresh)")
    } else {
        String::new()
    };
    Some(format!(
        "{}{fresh}, {} in all{}{share}",
        counted(count, "zip"),
        Size(zipped),
        findings(archives),
    ))
}

/// A number with its noun: `1 zip`, `2 zips`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The numbers of errors and warnings.
fn findings(archives: &[ArchiveReport]) -> String {
    let numbers = [(Level::Deny, "error"), (Level::Warn, "warning")].map(|(level, noun)| {
        let findings = archives.iter().flat_map(|archive| &archive.findings);
        let count = findings.filter(|finding| finding.level == level).count();
        if count == 0 {
            String::new()
        } else {
            format!(", {}", counted(count, noun))
        }
    });
    numbers.concat()
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

/// Writes the paths of the zips that were not rejected to `out`, one a line. In a dry run, they are
/// those that would be written.
///
/// # Errors
/// If `out` cannot be written to.
pub(super) fn write_paths(
    archives: &[ArchiveReport],
    is_planned: bool,
    mut out: impl Write,
) -> io::Result<()> {
    // A zip without a size was not made, since another package of the run was rejected.
    let is_there = |archive: &&ArchiveReport| is_planned || archive.zipped_bytes.is_some();
    let accepted = archives.iter().filter(|archive| !archive.rejected);
    for archive in accepted.filter(is_there) {
        writeln!(out, "{}", archive.path)?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::package::archive;

    #[test]
    fn the_summary_counts_the_zips_that_may_be_deployed() {
        assert_eq!(summary(&[]), None);
        let rejected = ArchiveReport {
            rejected: true,
            ..archive("a", 1, 1)
        };
        assert_eq!(summary(std::slice::from_ref(&rejected)), None);
        let two = [rejected.clone(), rejected];
        assert_eq!(summary(&two).as_deref(), Some("no zip"));
        let fresh = ArchiveReport {
            fresh: true,
            ..archive("b", 25 << 20, 1 << 20)
        };
        let text = summary(&[archive("a", 1 << 20, 1 << 20), fresh]).unwrap();
        assert_eq!(text, "2 zips (1 fresh), 2.0 MiB in all");
        let near = summary(&[archive("a", 225 << 20, 1 << 20)]).unwrap();
        assert_eq!(
            near,
            "1 zip, 1.0 MiB in all; the largest unzips to 90.0 % of 250 MiB"
        );
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
