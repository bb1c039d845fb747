//! What a run did: for people and for programs.

pub(crate) mod github;
mod lints;
mod package;
pub(crate) mod sarif;

pub(crate) use lints::{explain, list};
use package::shown_path;
pub(crate) use package::{ArchiveReport, BinaryReport};

use std::io::{self, Write};

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::bytes::{Share, Size};
use crate::cargo::Process;
use crate::cli::MessageFormat;
use crate::error::{Error, Result};
use crate::lambda::quotas;
use crate::plan::Plan;
use crate::shell::Shell;

/// The JSON document of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The version of this format; it grows by keys only.
    version: u32,
    /// Of a dry run: the command lines that would be run.
    #[serde(skip_serializing_if = "Option::is_none")]
    commands: Option<Vec<String>>,
    /// One for each binary and target, in the order of package, binary and target; of zips that
    /// were checked, in the order they were named in.
    archives: Vec<ArchiveReport>,
    /// What was to be checked, and could not be; only there if there is any.
    #[serde(rename = "errors", skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Failure>,
    #[serde(skip)]
    deed: Deed,
}

/// A zip that could not be read: it stands in the document, so that nobody takes its absence for
/// a verdict.
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

/// What was done with the packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Packaged,
    Checked,
}

impl Report {
    pub(crate) fn new(mut archives: Vec<ArchiveReport>) -> Self {
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

    /// What is there and was checked, and what could not be.
    pub(crate) fn of_checks(archives: Vec<ArchiveReport>, failures: Vec<Failure>) -> Self {
        Self {
            version: 1,
            commands: None,
            archives,
            failures,
            deed: Deed::Checked,
        }
    }

    /// What would be done: nothing is known yet of the zips but where they go.
    pub(crate) fn of_plan<'a>(plan: &Plan, commands: impl Iterator<Item = &'a Process>) -> Self {
        let archives = plan
            .expected()
            .map(|(archive, place)| ArchiveReport::planned(archive, place, &plan.profile));
        Self {
            commands: Some(commands.map(ToString::to_string).collect()),
            ..Self::new(archives.collect())
        }
    }

    /// The commands and the zips of a dry run, on `out`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn write_plan(&self, mut out: impl Write) -> io::Result<()> {
        for command in self.commands.iter().flatten() {
            writeln!(out, "{command}")?;
        }
        for archive in &self.archives {
            let places = std::iter::once(&archive.path).chain(&archive.folder);
            for path in places {
                writeln!(out, "{} {}", archive.subject(), shown_path(path))?;
            }
        }
        Ok(())
    }

    /// Shows what was done, writes it to standard output if that is wanted, and says whether all
    /// of it may be deployed.
    ///
    /// # Errors
    /// [`Error::Rejected`] if not.
    pub(crate) fn finish(&self, format: MessageFormat, shell: &Shell) -> Result<()> {
        self.show(shell);
        if format == MessageFormat::Json {
            let out = io::stdout().lock();
            self.write_json(out).map_err(Error::output)?;
        }
        self.verdict()
    }

    /// Whether all of it could be checked, and may be deployed.
    ///
    /// # Errors
    /// What could not be read, or [`Error::Rejected`]. Of several, all are shown, and the one with
    /// the highest exit code is returned: a check that is not complete is worse than a rejection.
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

    /// Whether all of it may be deployed.
    ///
    /// # Errors
    /// [`Error::Rejected`] if not.
    fn verdict(&self) -> Result<()> {
        match self.rejected() {
            0 => Ok(()),
            rejected => Err(Error::Rejected {
                rejected,
                of: self.archives.len(),
            }),
        }
    }

    fn rejected(&self) -> usize {
        self.archives
            .iter()
            .filter(|archive| archive.is_rejected())
            .count()
    }

    pub(crate) fn archives(&self) -> &[ArchiveReport] {
        &self.archives
    }

    pub(crate) fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The status lines on standard error.
    pub(crate) fn show(&self, shell: &Shell) {
        for archive in &self.archives {
            archive.show(self.deed, shell);
        }
        if self.deed == Deed::Checked && self.archives.len() == 1 {
            return; // which its own line sums up
        }
        if let Some(summary) = self.summary() {
            shell.status("Summary", summary);
        }
    }

    /// One document on `out`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn write_json(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        writeln!(out)
    }

    fn summary(&self) -> Option<String> {
        let written = || {
            self.archives
                .iter()
                .filter(|archive| !archive.is_rejected())
        };
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
}
