//! `cargo lambda-zip layer`.

use clap::Args;

use crate::cli::BuildOptions;
use crate::config::{LayerBin, LayerName};

const AFTER_HELP: &str = "\
Examples:
  cargo lambda-zip layer                          make all layers that are configured
  cargo lambda-zip layer tools                    only this one
  cargo lambda-zip layer tools --bin convert      a layer of one binary, bin/convert
  cargo lambda-zip layer certs --include certs    a layer of files, in any folder

Keys of [workspace.metadata.lambda-zip.layer.NAME] and [package.metadata.lambda-zip.layer.NAME]
are named as the flags, and `bins`.";

/// Packages a layer: files and libraries, extensions, and binaries of the workspace.
///
/// Lambda unpacks it below /opt, where `bin/` joins the PATH, `lib/` the library path, and what
/// lies in `extensions/` is started with the function. A layer without programs is one zip for
/// every architecture, and needs no Cargo project.
#[derive(Debug, Args)]
#[command(next_help_heading = "Layer Options", after_help = AFTER_HELP)]
pub(crate) struct LayerOptions {
    /// The layer, by a name that is configured, or a new one [default: all that are configured]
    #[arg(value_name = "NAME", help_heading = None)]
    pub(crate) name: Option<LayerName>,

    /// Put a binary of the workspace into the layer (repeatable)
    ///
    /// It becomes `bin/NAME`, or `extensions/NAME` if it is configured as an extension, unless a
    /// PATH is given.
    #[arg(long, value_name = "NAME[=PATH]", requires = "name")]
    pub(crate) bin: Vec<LayerBin>,

    #[command(flatten)]
    pub(crate) build: BuildOptions,
}
