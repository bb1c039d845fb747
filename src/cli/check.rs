//! `cargo lambda-zip check`.

use camino::Utf8PathBuf;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::lints::LintFlags;
use crate::bytes::Size;
use crate::cargo::OutputOptions;
use crate::config::layer_source::Layer;
use crate::lambda::{Architecture, MountPoint, Runtime};
use crate::lint::Lint;
use crate::report::CheckFormat;

/// Judges zips, whoever made them: whether Lambda takes them, and can start what is in them.
///
/// Every record and every byte of a zip is verified, and all that the other commands check of
/// what they write.
///
/// In a Cargo project, [package.metadata.lambda-zip] and [workspace.metadata.lambda-zip] hold as
/// they do for what is built: lint levels, budgets, runtime, architectures and, unless it is a layer
/// that is checked, layers. CARGO_LAMBDA_ZIP_* are stronger, and flags stronger still.
#[derive(Debug, Args)]
#[command(next_help_heading = "Check Options")]
pub(crate) struct CheckOptions {
    /// The zips, or pipes with one; `-` is standard input
    #[arg(value_name = "ZIP", help_heading = None, required_unless_present_any = ["list", "explain"])]
    pub(crate) zips: Vec<Utf8PathBuf>,

    /// What they are: a function's code, or a layer
    #[arg(
        long,
        value_name = "KIND",
        default_value = "function",
        value_parser = PossibleValuesParser::new(["function", "layer"]).map(|kind| match &*kind {
            "layer" => MountPoint::Opt,
            _ => MountPoint::Task,
        })
    )]
    pub(crate) kind: MountPoint,

    /// Architecture of the function [default: that of the executable, unless only one is configured]
    #[arg(long, value_name = "ARCH")]
    pub(crate) arch: Option<Architecture>,

    /// Lambda runtime to check against [default: provided.al2023]
    #[arg(long, value_name = "RUNTIME")]
    pub(crate) runtime: Option<Runtime>,

    /// A layer the function has: a zip, which may bring files, or a size (repeatable)
    #[arg(long, value_name = "ZIP|SIZE")]
    pub(crate) layer: Vec<Layer>,

    /// Reject zips larger than this, for instance 10 MiB
    #[arg(hide_short_help = true, long, value_name = "SIZE")]
    pub(crate) max_zip_size: Option<Size>,

    /// Reject packages that unzip to more than this, layers not counted
    #[arg(hide_short_help = true, long, value_name = "SIZE")]
    pub(crate) max_unzipped_size: Option<Size>,

    /// Path to the Cargo.toml whose tables hold, and its workspace's [default: as Cargo finds it]
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<Utf8PathBuf>,

    /// ZipAnomalies of the result on standard output [default: human]
    #[arg(long, value_name = "NO_ANOMALIES")]
    pub(crate) message_format: Option<CheckFormat>,

    /// List all lints with their default levels
    #[arg(long, conflicts_with_all = ["zips", "explain"])]
    pub(crate) list: bool,

    /// Explain a lint: what Lambda does, and how to fix it
    #[arg(
        long,
        value_name = "LINT",
        conflicts_with = "zips",
        value_parser = |name: &str| name.replace('_', "-").parse::<Lint>()
    )]
    pub(crate) explain: Option<Lint>,

    #[command(flatten)]
    pub(crate) lints: LintFlags,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}
