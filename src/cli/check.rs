//! `cargo lambda-zip check`.

use camino::Utf8PathBuf;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::settings::{self, SettingFlags};
use crate::cargo::OutputOptions;
use crate::cloudformation::ParameterOverrides;
use crate::lambda::MountPoint;
use crate::lint::Lint;

/// The arguments that have no effect on `--list` and `--explain`.
const OF_CHECKS: [&str; 15] = [
    "zips",
    "kind",
    "template",
    "manifest_path",
    "arch",
    "runtime",
    "layer",
    "report",
    "max-zip-size",
    "max-unzipped-size",
    "print",
    "message-format",
    "allow",
    "warn",
    "deny",
];

/// Checks zips from any tool: would Lambda accept and start them?
///
/// Every record and every byte of a zip is verified, and everything that the other commands check
/// in the zips that they write.
///
/// In a Cargo project, [package.metadata.lambda-zip] and [workspace.metadata.lambda-zip] apply as
/// they do to the binaries of the project: lint levels, budgets, runtime, architectures and, except
/// with `--kind layer`, layers. The environment and the command line have a higher precedence.
///
/// With `--template`, the template says the architecture, the runtime and the layers of each of its
/// zips, and a zip that does not fit is rejected.
#[derive(Debug, Args)]
#[command(next_help_heading = "Check Options")]
pub(crate) struct CheckOptions {
    /// The zips, or `<(command)` in a shell; `-` is standard input
    #[arg(value_name = "ZIP", help_heading = None, required_unless_present_any = ["list", "explain", "template"])]
    pub(crate) zips: Vec<Utf8PathBuf>,

    /// What the zips are: the code of a function, or a layer
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

    /// Check the zips of a SAM or CloudFormation template against its functions and layers (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Vec<Utf8PathBuf>,

    /// Values of the template's parameters, in place of their defaults, as `sam deploy` takes them
    #[arg(long, value_name = "NAME=VALUE", num_args = 1.., requires = "template", hide_short_help = true)]
    pub(crate) parameter_overrides: Vec<ParameterOverrides>,

    /// Path to the Cargo.toml whose settings apply [default: as Cargo finds it]
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<Utf8PathBuf>,

    /// List all lints with their default levels
    #[arg(long, conflicts_with = "explain", conflicts_with_all = OF_CHECKS)]
    pub(crate) list: bool,

    /// Explain a lint: what Lambda does, and how to fix the package
    #[arg(
        long,
        value_name = "LINT",
        conflicts_with_all = OF_CHECKS,
        value_parser = |name: &str| name.replace('_', "-").parse::<Lint>()
    )]
    pub(crate) explain: Option<Lint>,

    #[command(flatten)]
    pub(crate) flags: SettingFlags<settings::Check>,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}
