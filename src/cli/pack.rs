//! `cargo lambda-zip pack`.

use camino::Utf8PathBuf;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::contents::ContentOptions;
use super::lints::LintFlags;
use crate::cargo::OutputOptions;
use crate::include::Include;
use crate::lambda::{Architecture, Kind};

/// Packages an executable that is already built, in any language and on any system.
///
/// The executable, whatever its name, becomes `bootstrap` at the root of the zip, mode 0755. No
/// Cargo project is needed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pack Options")]
pub(crate) struct PackOptions {
    /// The executable: a 64-bit Linux program, or a script with `#!`
    #[arg(value_name = "EXECUTABLE", help_heading = None)]
    pub(crate) executable: Utf8PathBuf,

    /// More files and folders for the zip, as with --include
    ///
    /// What exists is taken as it is written, even if it begins with `!`.
    #[arg(
        value_name = "FROM[=TO]",
        help_heading = None,
        value_parser = Include::from_file_argument
    )]
    pub(crate) files: Vec<Include>,

    /// Where to write the zip [default: <EXECUTABLE>.zip]
    ///
    /// The placeholders {bin}, the name of the executable, and {arch} are replaced; {{ and }} stand
    /// for braces.
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(crate) output: Option<String>,

    /// Architecture of the function [default: that of the executable]
    #[arg(long, value_name = "ARCH")]
    pub(crate) arch: Option<Architecture>,

    /// What it is: a function, or an extension for a layer
    #[arg(
        long,
        value_name = "KIND",
        default_value = "function",
        value_parser = PossibleValuesParser::new(["function", "extension"])
            .try_map(|kind| kind.parse::<Kind>())
    )]
    pub(crate) kind: Kind,

    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) contents: ContentOptions,
    #[command(flatten)]
    pub(crate) lints: LintFlags,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}
