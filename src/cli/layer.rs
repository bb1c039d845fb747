//! `cargo lambda-zip layer`.

use clap::{ArgMatches, Args, FromArgMatches};

use super::build::BuildOptions;
use super::{flag, is_given, settings};
use crate::cargo::CARGO_OPTIONS;
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
    // Other fields take their arguments out of what clap has found.
    #[command(flatten)]
    pub(crate) of_project: OfProject,

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

/// The options for programs, beside Cargo's own.
const OF_PROGRAMS: [&str; 11] = [
    "builder",
    "cpu",
    "reproducible",
    "debug-file",
    "bundle-libraries",
    "prune",
    "verify",
    "env",
    "env-file",
    "build-std",
    "no-install",
];

/// The first option on the command line that has an effect in a Cargo project only.
#[derive(Debug, Clone)]
pub(crate) struct OfProject(pub(crate) Option<String>);

impl Args for OfProject {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command
    }
}

impl FromArgMatches for OfProject {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let all: clap::Command =
            BuildOptions::<settings::Build>::augment_args(clap::Command::new("layer"));
        let mut given = all
            .get_arguments()
            .filter(|arg| is_given(arg.get_id().as_str(), matches));
        let found = given.find(|arg| {
            arg.get_help_heading() == Some(CARGO_OPTIONS)
                || OF_PROGRAMS.contains(&arg.get_id().as_str())
        });
        Ok(Self(found.and_then(flag)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
