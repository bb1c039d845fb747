//! `cargo lambda-zip pack`.

use camino::Utf8PathBuf;
use clap::Args;

use super::settings::{self, SettingFlags};
use crate::cargo::OutputOptions;
use crate::include::Include;

/// Packages an executable that is already built, in any language and on any system.
///
/// The executable, whatever its name, becomes `bootstrap` at the root of the zip, with mode 0755.
/// This needs no Cargo project.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pack Options")]
pub(crate) struct PackOptions {
    /// The executable: a 64-bit Linux program, or a script that begins with `#!`
    #[arg(value_name = "EXECUTABLE", help_heading = None)]
    pub(crate) executable: Utf8PathBuf,

    /// More files and folders for the zip, as with --include
    ///
    /// If a file with exactly the given name exists, it is taken, even if the name begins with `!`.
    #[arg(
        value_name = "FROM[=TO]",
        help_heading = None,
        value_parser = Include::from_file_argument
    )]
    pub(crate) files: Vec<Include>,

    #[command(flatten)]
    pub(crate) flags: SettingFlags<settings::Pack>,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}
