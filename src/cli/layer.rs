//! `cargo lambda-zip layer`.

use clap::Args;

use super::build::BuildOptions;
use crate::config::{LayerBin, LayerName};

const AFTER_HELP: &str = "\
Examples:
  cargo lambda-zip layer                          package all layers that are configured
  cargo lambda-zip layer tools                    package only this one
  cargo lambda-zip layer tools --bin convert      package a layer of one binary, bin/convert
  cargo lambda-zip layer certs --include certs    package a layer of files, in any folder

The tables [workspace.metadata.lambda-zip.layer.NAME] and [package.metadata.lambda-zip.layer.NAME]
in Cargo.toml configure a layer. Their keys are those of the other tables, and `bins`.";

/// Packages a layer: files and libraries, extensions, and binaries of the workspace.
///
/// Lambda unpacks a layer below /opt. There, `bin/` is on the PATH, `lib/` is on the library path,
/// and the programs in `extensions/` are started with the function. A layer without programs is one
/// zip for both architectures, and needs no Cargo project.
#[derive(Debug, Args)]
#[command(next_help_heading = "Layer Options", after_long_help = AFTER_HELP)]
pub(crate) struct LayerOptions {
    /// A layer that is configured, or the name of a new one [default: all that are configured]
    #[arg(value_name = "NAME", help_heading = None)]
    pub(crate) name: Option<LayerName>,

    /// Put a binary of the workspace into the layer (repeatable) [key: bins]
    ///
    /// Without a PATH it becomes `bin/NAME`, or `extensions/NAME` if it is configured as an
    /// extension. In Cargo.toml the key is `bins`, a list of "NAME", "NAME=PATH" and
    /// { bin = "NAME", to = "PATH" }.
    #[arg(long, value_name = "NAME[=PATH]", requires = "name")]
    pub(crate) bin: Vec<LayerBin>,

    #[command(flatten)]
    pub(crate) build: BuildOptions,
}
