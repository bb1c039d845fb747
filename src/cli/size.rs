//! `cargo lambda-zip size`.

use camino::Utf8PathBuf;
use clap::Args;

use super::settings::{self, SettingFlags};
use crate::cargo::OutputOptions;
use crate::size::Bound;

const AFTER_HELP: &str = "\
Examples:
  cargo lambda-zip size orders.zip                            a table with bars
  cargo lambda-zip size orders.zip --html orders.html         a treemap for a browser
  cargo lambda-zip size orders.zip --against old/orders.zip   what grew
  cargo lambda-zip size *.zip --against sizes.json --max-growth 5%

Crates and functions need symbols. Build with `--debug-file`, which leaves the zip as small as it is.";

/// Shows what takes the room in zips, by entry, crate and function.
///
/// Every byte of a program is counted once: for the function or static that a symbol names, and so
/// for its crate, or else for its section. The symbols are those of the debug file beside the zip,
/// or of the program itself. A generic function is counted for the crate that its path names, and
/// the crates of Rust's standard library are one, `std`. The size in the zip is that of an entry;
/// of crates and functions it is estimated, by what the compressed stream takes while they are
/// unpacked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Size Options", after_long_help = AFTER_HELP)]
pub(crate) struct SizeOptions {
    /// The zips of functions or layers, or `<(command)` in a shell; `-` is standard input
    #[arg(value_name = "ZIP", help_heading = None, required = true)]
    pub(crate) zips: Vec<Utf8PathBuf>,

    /// Number of rows in each list of the table; 0 shows all [default: 12]
    #[arg(
        long,
        short = 'n',
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = rows
    )]
    pub(crate) top: Option<usize>,

    /// Write a page with a treemap to this file: one file, which needs no network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<Utf8PathBuf>,

    /// Show what grew since an earlier zip, or since an earlier result of `--message-format json`
    ///
    /// In an earlier result, a zip is found by its path, or else by the longest end of a path: by its
    /// file name at least, and by the folders before it. A report of `--report` is taken too; it knows
    /// entries, but no crates.
    #[arg(long, value_name = "ZIP|JSON")]
    pub(crate) against: Option<Utf8PathBuf>,

    /// Fail if a zip or its contents grew by more than a share or a size, such as 5% or 100KiB
    ///
    /// The exit code is 1 then. A zip that is not in the earlier result has not grown; if none is in
    /// it, nothing is compared, and the exit code is 2.
    #[arg(long, value_name = "GROWTH", requires = "against")]
    pub(crate) max_growth: Option<Bound>,

    /// Take the symbols of a program from this file, if it is of the same build (repeatable)
    ///
    /// The debug file beside a zip is found without it: `orders-arm64.debug`.
    #[arg(long, value_name = "FILE")]
    pub(crate) symbols: Vec<Utf8PathBuf>,

    #[command(flatten)]
    pub(crate) flags: SettingFlags<settings::Size>,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}

fn rows(text: &str) -> Result<usize, String> {
    let number = text.parse();
    number.map_err(|_| format!("`{text}` is no number of rows, such as 12, or 0 for all"))
}
