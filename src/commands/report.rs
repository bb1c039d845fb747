//! `cargo lambda-zip report`: one report of several.

use std::io;

use super::session::current_folder;
use crate::cli::{ReportCommand, ReportOptions};
use crate::error::Result;
use crate::globs;
use crate::paths::relative_to_current;
use crate::report::{self, MergedReport, ReportFile};
use crate::shell::Shell;

/// Writes the merged report to `file`, else to standard output.
///
/// # Errors
/// [`Error::Merged`](crate::error::Error::Merged) for the gravest error of the merged reports, whose
/// document has been written then. For other errors, as [`MergedReport::of`].
pub(crate) fn run(options: &ReportOptions, file: Option<&ReportFile>, shell: &Shell) -> Result<()> {
    let ReportCommand::Merge(options) = &options.command;
    let reports = globs::expanded(&options.reports);
    let mut report = MergedReport::of(&reports, &current_folder()?, file)?;
    report.write(file, io::stdout().lock())?;
    let noun = if report.count == 1 {
        "report"
    } else {
        "reports"
    };
    let packages = report.packages();
    let place = file.map_or_else(String::new, |file| {
        format!(" into {}", relative_to_current(file.path()))
    });
    shell.status(
        "Merged",
        format_args!("{} {noun} of {packages} packages{place}", report.count),
    );
    report::show_errors(report.errors(), shell)
}
