//! `cargo lambda-zip init`.

use camino::Utf8PathBuf;
use clap::Args;

use crate::cargo::OutputOptions;

const AFTER_HELP: &str = "\
Examples:
  cargo lambda-zip init --dry-run     show the table that would be written
  cargo lambda-zip init               write it";

/// Writes the first configuration, with what that of cargo-lambda says.
///
/// Without a configuration of cargo-lambda, it is a short [workspace.metadata.lambda-zip] or
/// [package.metadata.lambda-zip] in the manifest at the root of the workspace.
///
/// What [package.metadata.lambda], [workspace.metadata.lambda] and CargoLambda.toml say of builds,
/// includes, layers and the runtime is carried over into the table of the same package or binary. What
/// has no counterpart is listed, with what to do instead. The configuration of cargo-lambda stays.
///
/// Comments, order and line endings of the manifests stay. If the workspace has a table for this tool,
/// nothing is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Init Options", after_long_help = AFTER_HELP)]
pub(crate) struct InitOptions {
    /// Show the changes, without writing them
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}
