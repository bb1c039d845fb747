//! What goes into a package, and how it is judged and reported: common to all commands.

use clap::Args;

use crate::archive::Compression;
use crate::bytes::Size;
use crate::config::layer_source::Layer;
use crate::include::{Include, Pattern, Symlinks};
use crate::lambda::Runtime;
use crate::report::MessageFormat;

/// Options of a package's contents.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Package Options")]
pub(crate) struct ContentOptions {
    /// Put a file, folder or glob into the zip (repeatable)
    ///
    /// It keeps its path, relative to the current folder; TO replaces the fixed part of it. `*` does
    /// not cross folders, `**` does; a folder is taken with all that is in it, hidden and git-ignored
    /// files too. `!GLOB` leaves out of what came before, as --exclude-file does of all. What exists
    /// under the name as it is written is taken, whatever is in it: `a=b`, `[x].txt`.
    #[arg(long, value_name = "FROM[=TO]", value_parser = Include::from_argument)]
    pub(crate) include: Vec<Include>,

    /// Leave out of all that is included (glob; repeatable)
    ///
    /// Without a `/` it means files and folders of that name anywhere in what is included, else a
    /// path from the current folder, be it above it (`../`) or absolute. What names one thing, without
    /// `*` and the like, is an error if it leaves nothing out.
    #[arg(hide_short_help = true, long, value_name = "GLOB", value_parser = Pattern::from_argument)]
    pub(crate) exclude_file: Vec<Pattern>,

    /// Symbolic links in what is included: follow or preserve [default: follow]
    #[arg(hide_short_help = true, long, value_name = "WAY")]
    pub(crate) symlinks: Option<Symlinks>,

    /// A layer the function will have, for the limits: a zip or a size (repeatable)
    #[arg(hide_short_help = true, long, value_name = "ZIP|SIZE")]
    pub(crate) layer: Vec<Layer>,

    /// Lambda runtime to check against [default: provided.al2023]
    #[arg(long, value_name = "RUNTIME")]
    pub(crate) runtime: Option<Runtime>,

    /// How hard to compress: fast, default, best or 0 to 12
    ///
    /// Without this: `default`, as hard as is worth it for the size; `fast` with the profile `dev`
    /// and those that inherit from it.
    #[arg(long, value_name = "LEVEL")]
    pub(crate) compression: Option<Compression>,

    /// Reject zips larger than this, for instance 10 MiB
    #[arg(hide_short_help = true, long, value_name = "SIZE")]
    pub(crate) max_zip_size: Option<Size>,

    /// Reject packages that unzip to more than this, layers not counted
    #[arg(hide_short_help = true, long, value_name = "SIZE")]
    pub(crate) max_unzipped_size: Option<Size>,

    /// Write the files of each package to a folder too, for tools that want one
    ///
    /// The placeholders are those of --output. cargo-lambda's layout is 'target/lambda/{bin}'; in a
    /// Makefile for SAM it is '$(ARTIFACTS_DIR)'.
    ///
    /// The folder belongs to this tool. At first it is empty or does not exist. Later it holds the
    /// files of one package and nothing else: a file that the package no longer has is removed. The
    /// folder is refused if this tool did not write something in it, or if something in it was
    /// changed since.
    ///
    /// What was written is recorded in Cargo's target folder. `pack`, and `layer` outside of a
    /// project, record nothing: there, the folder is refused unless it is empty, does not exist, or
    /// holds files of the package only.
    #[arg(hide_short_help = true, long, value_name = "TEMPLATE")]
    pub(crate) folder: Option<String>,

    /// Format of the result on standard output [default: human]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) message_format: Option<MessageFormat>,
}
