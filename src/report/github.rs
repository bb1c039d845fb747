//! Findings as annotations of GitHub Actions.
//!
//! Source: "Workflow commands for GitHub Actions" in GitHub's documentation, and the escapes of
//! its `@actions/core`.

use std::io::{self, Write};

use camino::Utf8Path;

use super::failure::Failure;
use super::package::{ArchiveReport, Spot};
use super::run_finding::RunFinding;
use crate::lint::{Finding, Level};
use crate::paths::{relative_to_current, with_slashes};

/// A line for each error of the run, and for each finding.
pub(super) fn write(
    archives: &[ArchiveReport],
    run_findings: &[RunFinding],
    failures: &[Failure],
    mut out: impl Write,
) -> io::Result<()> {
    for failure in failures {
        let path = failure.path.as_deref().map(relative_to_current);
        let line = failure.line;
        let file = path.map_or_else(String::new, |path| {
            format!(" file={}{}", property(&with_slashes(path)), line_of(line))
        });
        writeln!(out, "::error{file}::{}", data(&failure.text()))?;
    }
    for archive in archives {
        for finding in &archive.findings {
            let Spot {
                subject,
                path,
                line,
            } = archive.spot(finding);
            annotate(&subject, Some(path), line, finding, &mut out)?;
        }
    }
    for RunFinding { finding, paths } in run_findings {
        let path = paths.first().map(AsRef::as_ref);
        let line = finding.place.as_ref().map(|place| place.line);
        annotate("", path, line, finding, &mut out)?;
    }
    Ok(())
}

/// The annotation for a finding about the file at `path`; `subject` is what its message begins with.
fn annotate(
    subject: &str,
    path: Option<&Utf8Path>,
    line: Option<usize>,
    finding: &Finding,
    mut out: impl Write,
) -> io::Result<()> {
    let command = match finding.level {
        Level::Deny => "error",
        Level::Warn | Level::Allow => "warning",
    };
    let file = path.map_or_else(String::new, |path| {
        let path = property(&with_slashes(relative_to_current(path)));
        format!("file={path}{},", line_of(line))
    });
    let title = property(finding.lint.name());
    let message = format!("{subject}{}\nhelp: {}", finding.message, finding.help);
    writeln!(out, "::{command} {file}title={title}::{}", data(&message))
}

fn line_of(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!(",line={line}"))
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
