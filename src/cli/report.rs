//! `cargo lambda-zip report`.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use crate::cargo::OutputOptions;
use crate::config::ReportPath;

/// Works with the reports of runs.
#[derive(Debug, Args)]
#[command(arg_required_else_help = false)]
pub(crate) struct ReportOptions {
    #[command(subcommand)]
    pub(crate) command: ReportCommand,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}

/// A command for reports.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    Merge(MergeOptions),
}

/// Merges reports into one, such as those of all partitions of a run.
///
/// The merged report has the packages, the findings and the errors of all. It is written to standard
/// output if `--report` does not name a file. The exit code is the highest one of the runs.
///
/// Two reports cannot have the same package. A layer may be in several if it is the same in all of
/// them.
#[derive(Debug, Args)]
pub(crate) struct MergeOptions {
    /// The reports
    #[arg(value_name = "REPORT", required = true)]
    pub(crate) reports: Vec<Utf8PathBuf>,

    /// Write the merged report to a file, with paths relative to its folder
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<ReportPath>,
}
