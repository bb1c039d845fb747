//! Findings as annotations of GitHub Actions.
//!
//! Source: "Workflow commands for GitHub Actions" in GitHub's documentation, and the escapes of
//! its `@actions/core`.

use std::io::{self, Write};

use super::failure::Failure;
use super::package::ArchiveReport;
use crate::lint::Level;
use crate::paths::relative_to_current;

/// A line for each error of the run, and for each finding.
pub(super) fn write(
    archives: &[ArchiveReport],
    failures: &[Failure],
    mut out: impl Write,
) -> io::Result<()> {
    for failure in failures {
        let path = failure.path.as_deref().map(relative_to_current);
        let file = path.map_or_else(String::new, |path| {
            format!(" file={}", property(path.as_str()))
        });
        writeln!(out, "::error{file}::{}", data(&failure.text()))?;
    }
    for archive in archives {
        for finding in &archive.findings {
            let command = match finding.level {
                Level::Deny => "error",
                Level::Warn | Level::Allow => "warning",
            };
            let file = property(relative_to_current(&archive.path).as_str());
            let title = property(finding.lint.name());
            let subject = archive.subject();
            let message = format!("{subject}: {}\nhelp: {}", finding.message, finding.help);
            let message = data(&message);
            writeln!(out, "::{command} file={file},title={title}::{message}")?;
        }
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
