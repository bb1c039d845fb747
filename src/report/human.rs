//! Reports as people read them: status lines, findings and the summary.

use std::io::{self, Write};

use super::model::Deed;
use super::package::ArchiveReport;
use crate::archive;
use crate::bytes::{Share, Size};
use crate::lambda::quotas;
use crate::lint::{self, Level};
use crate::paths::relative_to_current;
use crate::shell::{Severity, Shell};
use crate::text::printable;

/// Shows the status line of a package and its findings.
pub(super) fn show(archive: &ArchiveReport, deed: Deed, shell: &Shell) {
    let subject = match deed {
        Deed::Packaged => archive.subject(),
        // Zips in different folders may have the same name.
        Deed::Checked => printable(relative_to_current(&archive.path).as_str()),
    };
    for finding in &archive.findings {
        let severity = match finding.level {
            Level::Deny => Severity::Error,
            Level::Warn | Level::Allow => Severity::Warning,
        };
        let message = format_args!("{subject}: {}", finding.message);
        shell.diagnostic(severity, finding.lint, message, &finding.help);
    }
    let verb = match deed {
        _ if archive.is_rejected() => "Rejected",
        Deed::Packaged if archive.fresh => "Fresh",
        Deed::Packaged => "Packaged",
        Deed::Checked => "Checked",
    };
    match archive.zipped_bytes {
        Some(zipped) if deed == Deed::Checked || !archive.is_rejected() => {
            shell.status(verb, sizes(archive, zipped));
        }
        _ => shell.status(
            verb,
            format_args!("{}: no zip was written", archive.subject()),
        ),
    }
    if deed == Deed::Checked {
        for largest in largest(archive) {
            shell.status("Largest", largest);
        }
    }
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
    let unzipped = unzipped.map(|bytes| bytes.saturating_add(archive.layer_bytes));
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
    let written = || archives.iter().filter(|archive| !archive.is_rejected());
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
        for path in std::iter::once(&archive.path).chain(&archive.folder) {
            writeln!(out, "{} {}", archive.subject(), relative_to_current(path))?;
        }
    }
    Ok(())
}
