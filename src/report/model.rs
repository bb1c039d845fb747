//! The report of a run: the JSON document, and the verdict.

use std::io::{self, Write};

use camino::Utf8PathBuf;
use serde::Serialize;

use super::format::MessageFormat;
use super::human;
use super::package::{ArchiveReport, Deed};
use crate::error::{Error, Result};
use crate::shell::Shell;

/// The JSON document of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The version of this format; it grows by keys only.
    version: u32,
    /// The command lines that a dry run would run.
    #[serde(skip_serializing_if = "Option::is_none")]
    commands: Option<Vec<String>>,
    /// One for each package, sorted by Cargo package, binary and target; of `check`, in the order
    /// of its arguments.
    archives: Vec<ArchiveReport>,
    /// The zips that `check` could not read.
    #[serde(rename = "errors", skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Failure>,
    #[serde(skip)]
    deed: Deed,
}

/// A zip that could not be read. It is in the document, so that its absence is not read as a
/// verdict.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) path: Utf8PathBuf,
    pub(crate) message: String,
    #[serde(skip)]
    error: Error,
}

impl Failure {
    pub(crate) fn new(path: impl Into<Utf8PathBuf>, error: Error) -> Self {
        Self {
            path: path.into(),
            message: error.to_string(),
            error,
        }
    }
}

impl Report {
    /// The report of packages that were made, or were rejected.
    pub(crate) fn of_packages(mut archives: Vec<ArchiveReport>) -> Self {
        archives
            .sort_by(|a, b| (&a.package, &a.bin, a.target).cmp(&(&b.package, &b.bin, b.target)));
        Self {
            version: 1,
            commands: None,
            archives,
            failures: Vec::new(),
            deed: Deed::Packaged,
        }
    }

    /// The report of a dry run: `archives` have no contents yet.
    pub(crate) fn of_plan(archives: Vec<ArchiveReport>, commands: Vec<String>) -> Self {
        Self {
            commands: Some(commands),
            ..Self::of_packages(archives)
        }
    }

    /// The report of zips that were checked, and of those that could not be read.
    pub(crate) fn of_checks(archives: Vec<ArchiveReport>, failures: Vec<Failure>) -> Self {
        Self {
            version: 1,
            commands: None,
            archives,
            failures,
            deed: Deed::Checked,
        }
    }

    /// Shows the report on the terminal, writes it to standard output in `format`, and gives the
    /// verdict.
    ///
    /// # Errors
    /// [`Error::Rejected`] if a package may not be deployed.
    pub(crate) fn finish(&self, format: MessageFormat, shell: &Shell) -> Result<()> {
        let out = io::stdout().lock();
        let written = match (format, &self.commands) {
            (MessageFormat::Human, Some(commands)) => {
                human::write_plan(commands, &self.archives, out)
            }
            (MessageFormat::Json, Some(_)) => self.write_json(out),
            (format, None) => {
                self.show(shell);
                match format {
                    MessageFormat::Human => Ok(()),
                    MessageFormat::Json => self.write_json(out),
                }
            }
        };
        written.map_err(Error::output)?;
        self.verdict()
    }

    /// The verdict of `check`.
    ///
    /// # Errors
    /// [`Error::Rejected`], or the error of a zip that could not be read. Of several errors, all
    /// are shown, and the one with the highest exit code is returned: an incomplete check is
    /// worse than a rejection.
    pub(crate) fn conclude(self, shell: &Shell) -> Result<()> {
        let rejected = self.verdict().err();
        let failed = self.failures.into_iter().map(|failure| failure.error);
        let mut errors: Vec<Error> = rejected.into_iter().chain(failed).collect();
        errors.sort_by_key(Error::code);
        let gravest = errors.pop();
        for error in &errors {
            shell.error(error);
        }
        gravest.map_or(Ok(()), Err)
    }

    fn verdict(&self) -> Result<()> {
        let rejected = self.archives.iter().filter(|a| a.is_rejected()).count();
        if rejected == 0 {
            return Ok(());
        }
        Err(Error::Rejected {
            rejected,
            of: self.archives.len(),
        })
    }

    pub(crate) fn archives(&self) -> &[ArchiveReport] {
        &self.archives
    }

    pub(crate) fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// Writes the status lines to standard error.
    pub(crate) fn show(&self, shell: &Shell) {
        for archive in &self.archives {
            human::show(archive, self.deed, shell);
        }
        // The line of a single zip that was checked is its own summary.
        if self.deed == Deed::Checked && self.archives.len() == 1 {
            return;
        }
        if let Some(summary) = human::summary(&self.archives) {
            shell.status("Summary", summary);
        }
    }

    /// Writes the JSON document to `out`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn write_json(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(package: &str, bin: &str) -> ArchiveReport {
        ArchiveReport {
            package: Some(package.to_owned()),
            bin: bin.to_owned(),
            ..ArchiveReport::default()
        }
    }

    #[test]
    fn packages_are_sorted_and_checked_zips_are_not() {
        let zips = || vec![archive("b", "x"), archive("a", "z"), archive("a", "y")];
        let bins = |report: &Report| -> Vec<String> {
            report.archives.iter().map(|a| a.bin.clone()).collect()
        };
        assert_eq!(bins(&Report::of_packages(zips())), ["y", "z", "x"]);
        assert_eq!(
            bins(&Report::of_checks(zips(), Vec::new())),
            ["x", "z", "y"]
        );
    }

    #[test]
    fn the_document_has_commands_only_in_a_dry_run_and_errors_only_if_there_are_any() {
        let document = |report: &Report| -> serde_json::Value {
            let mut out = Vec::new();
            report.write_json(&mut out).unwrap();
            serde_json::from_slice(&out).unwrap()
        };
        let written = document(&Report::of_packages(vec![archive("a", "x")]));
        assert_eq!(written["version"], 1);
        assert!(written.get("commands").is_none() && written.get("errors").is_none());
        let planned = document(&Report::of_plan(Vec::new(), vec!["cargo build".to_owned()]));
        assert_eq!(planned["commands"][0], "cargo build");
        let failure = Failure::new("a.zip", Error::usage("it is not a zip", None));
        let checked = document(&Report::of_checks(Vec::new(), vec![failure]));
        assert_eq!(checked["errors"][0]["message"], "it is not a zip");
    }
}
