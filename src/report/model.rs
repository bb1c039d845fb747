//! The report of a run: the JSON document, and the verdict.

use std::io::{self, Write};

use camino::Utf8PathBuf;
use fs_err as fs;
use serde::Serialize;

use super::failure::{Failure, show_errors};
use super::file::ReportFile;
use super::format::MessageFormat;
use super::json::write_json;
use super::package::{ArchiveReport, Deed};
use super::run_finding::RunFinding;
use super::unchecked::UncheckedReport;
use super::{findings, github, human, sarif, status};
use crate::error::{Error, Result};
use crate::lint::Level;
use crate::shell::Shell;

/// The version of the document.
pub(super) const VERSION: u32 = 1;

/// The JSON document of a run.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Report {
    /// The version of this format, in which keys are only added.
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    /// The version of the tool.
    tool_version: &'static str,
    /// The commands that the run would start; only in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    commands: Option<Vec<String>>,
    /// The packages, sorted by Cargo package, binary and target; of `check`, in the order of its
    /// arguments.
    archives: Vec<ArchiveReport>,
    /// The share of the packages that the run was for, such as `2/8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = "^[1-9][0-9]*/[1-9][0-9]*$")))]
    partition: Option<String>,
    /// Digest of the selection that all partitions together have: its packages, with their targets, and
    /// its features. It is the same for all partitions of one run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = "^[0-9a-f]{64}$")))]
    selection: Option<String>,
    /// The findings that are about the run, and not about one of its packages.
    findings: Vec<RunFinding>,
    /// The paths of the stale zips that were removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pruned: Vec<Utf8PathBuf>,
    /// The parts of templates that were not checked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unchecked: Vec<UncheckedReport>,
    /// The errors of the run. A rejected package is not one of them: its findings tell the reason.
    #[serde(rename = "errors", skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Failure>,
    #[serde(skip)]
    deed: Deed,
}

impl Report {
    /// The report of packages that were made, or were rejected.
    pub(crate) fn of_packages(mut archives: Vec<ArchiveReport>) -> Self {
        archives.sort_by(|one, other| one.order().cmp(&other.order()));
        Self {
            version: VERSION,
            tool_version: env!("CARGO_PKG_VERSION"),
            commands: None,
            archives,
            partition: None,
            selection: None,
            findings: Vec::new(),
            pruned: Vec::new(),
            unchecked: Vec::new(),
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
            archives,
            failures,
            deed: Deed::Checked,
            ..Self::of_packages(Vec::new())
        }
    }

    /// The same report with the parts of templates that were not checked.
    pub(crate) fn and_unchecked(mut self, unchecked: Vec<UncheckedReport>) -> Self {
        self.unchecked = unchecked;
        self
    }

    /// The report of a run that failed before anything was packaged or checked.
    pub(crate) fn of_error(error: Error) -> Self {
        Self::of_packages(Vec::new()).and_failed(error)
    }

    /// The same report of a run that could not be completed.
    pub(crate) fn and_failed(mut self, error: Error) -> Self {
        self.failures.push(error.into());
        self
    }

    /// Copies the zips that were not rejected to `out`, which is standard output. They are said to
    /// be there.
    ///
    /// # Errors
    /// [`Error::Io`] if a zip cannot be copied, [`Error::BrokenPipe`] if its reader is gone.
    pub(crate) fn copied_to(mut self, mut out: impl Write) -> Result<Self> {
        for archive in self.archives.iter_mut().filter(|archive| !archive.rejected) {
            let mut zip = fs::File::open(&archive.path).map_err(Error::output)?;
            io::copy(&mut zip, &mut out).map_err(Error::output)?;
            archive.path = "-".into();
        }
        out.flush().map_err(Error::output)?;
        Ok(self)
    }

    /// Shows the report on the terminal, writes it to standard output in `format` and to its `file`,
    /// and gives the verdict.
    ///
    /// # Errors
    /// [`Error::Rejected`] if a package may not be deployed, or the error of the run. Of several
    /// errors, all others are shown.
    pub(crate) fn finish(
        mut self,
        format: MessageFormat,
        file: Option<&ReportFile>,
        shell: &Shell,
    ) -> Result<()> {
        if self.commands.is_none() {
            self.show(shell);
        } else {
            findings::show(&self.archives, self.deed, shell);
            for archive in &self.archives {
                status::show_files(archive, shell);
            }
            self.show_run_findings(shell);
        }
        let written = self.write(format, io::stdout().lock());
        let written = written.map_err(Error::output).err();
        let saved = file.and_then(|file| self.save(file).err());
        let rejected = self.verdict().err();
        let failed = self.failures.into_iter().map(|failure| failure.error);
        let errors = rejected.into_iter().chain(failed);
        show_errors(errors.chain(saved).chain(written).collect(), shell)
    }

    /// Writes the document to `file`, and leaves its paths relative to the folder of the file.
    fn save(&mut self, file: &ReportFile) -> Result<()> {
        for path in self.paths_mut() {
            *path = file.way_to(path);
        }
        file.write(|out| write_json(self, out))
    }

    fn write(&self, format: MessageFormat, out: impl Write) -> io::Result<()> {
        match (format, &self.commands) {
            (MessageFormat::Human, None) => Ok(()),
            (MessageFormat::Human, Some(commands)) => {
                human::write_plan(commands, &self.archives, out)
            }
            (MessageFormat::Paths, commands) => {
                human::write_paths(&self.archives, commands.is_some(), out)
            }
            (MessageFormat::Json, _) => write_json(self, out),
            (MessageFormat::Sarif, _) => {
                sarif::write(&self.archives, &self.findings, &self.failures, out)
            }
            (MessageFormat::Github, _) => {
                github::write(&self.archives, &self.findings, &self.failures, out)
            }
        }
    }

    /// True if a package was rejected.
    pub(crate) fn is_rejected(&self) -> bool {
        self.archives.iter().any(|archive| archive.rejected)
    }

    /// The same report, not as that of a dry run: the commands are not shown.
    pub(crate) fn without_commands(self) -> Self {
        Self {
            commands: None,
            ..self
        }
    }

    fn verdict(&self) -> Result<()> {
        let rejected = self.archives.iter().filter(|a| a.rejected).count();
        let is_denied = |finding: &RunFinding| finding.finding.level == Level::Deny;
        if rejected == 0 && self.findings.iter().any(is_denied) {
            return Err(Error::Denied);
        }
        if rejected == 0 {
            return Ok(());
        }
        Err(Error::Rejected {
            rejected,
            of: self.archives.len(),
        })
    }

    /// Names the share of the packages that the run was for.
    pub(crate) fn set_partition(&mut self, partition: Option<String>) {
        self.partition = partition;
    }

    /// Sets the digest of the selection that all partitions of the run together have.
    pub(crate) fn set_selection(&mut self, selection: Option<String>) {
        self.selection = selection;
    }

    /// Adds a finding about the run.
    pub(crate) fn add_finding(&mut self, finding: RunFinding) {
        self.findings.push(finding);
    }

    /// Adds a stale zip that was removed.
    pub(crate) fn add_pruned(&mut self, path: Utf8PathBuf) {
        self.pruned.push(path);
    }

    pub(crate) fn archives(&self) -> &[ArchiveReport] {
        &self.archives
    }

    /// Writes the status lines to standard error.
    fn show(&self, shell: &Shell) {
        findings::show(&self.archives, self.deed, shell);
        status::show(&self.archives, self.deed, shell);
        self.show_run_findings(shell);
        if shell.is_too_many(self.unchecked.len()) {
            let count = self.unchecked.len();
            shell.status(
                "Not checked",
                format_args!("{count} parts of templates; `-v` lists them"),
            );
        } else {
            for unchecked in &self.unchecked {
                unchecked.show(shell);
            }
        }
        // The line of a single zip that was checked is its own summary.
        if self.deed == Deed::Checked && self.archives.len() == 1 {
            return;
        }
        if let Some(summary) = human::summary(&self.archives) {
            shell.status("Summary", summary);
        }
    }

    fn show_run_findings(&self, shell: &Shell) {
        for RunFinding { finding, .. } in &self.findings {
            findings::show_of_run(finding, shell);
        }
    }

    /// All paths in the document.
    fn paths_mut(&mut self) -> impl Iterator<Item = &mut Utf8PathBuf> {
        let archives = self.archives.iter_mut().flat_map(ArchiveReport::paths_mut);
        let findings = self.findings.iter_mut().flat_map(RunFinding::paths_mut);
        let failures = self.failures.iter_mut().filter_map(|f| f.path.as_mut());
        let unchecked = self.unchecked.iter_mut().map(|u| &mut u.template);
        archives
            .chain(findings)
            .chain(unchecked)
            .chain(&mut self.pruned)
            .chain(failures)
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
            write_json(report, &mut out).unwrap();
            serde_json::from_slice(&out).unwrap()
        };
        let written = document(&Report::of_packages(vec![archive("a", "x")]));
        assert_eq!(written["version"], 1);
        assert!(written.get("commands").is_none() && written.get("errors").is_none());
        let planned = document(&Report::of_plan(Vec::new(), vec!["cargo build".to_owned()]));
        assert_eq!(planned["commands"][0], "cargo build");
        let failure = Failure::of_file("/a.zip", Error::usage("it is not a zip", "name another"));
        let checked = document(&Report::of_checks(Vec::new(), vec![failure]));
        let expected = serde_json::json!([{
            "code": 2, "message": "it is not a zip", "help": "name another", "path": "/a.zip",
        }]);
        assert_eq!(checked["errors"], expected);
    }
}
