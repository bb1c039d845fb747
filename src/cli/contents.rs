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

    /// Leave the files of each zip in a folder too, for tools that want one
    ///
    /// The folder is the zip's path without `.zip`. Where the zip is called as the program in it,
    /// `bootstrap.zip`, it is that of the zip, so that `bootstrap` lies beside it.
    #[arg(hide_short_help = true, long)]
    pub(crate) also_binary: bool,

    /// Format of the result on standard output [default: human]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) message_format: Option<MessageFormat>,
}
