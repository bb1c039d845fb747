//! `cargo lambda-zip completions`: the script for a shell.

use super::output::print;
use crate::cli::CompletionsOptions;
use crate::error::Result;

/// Prints the script to standard output.
///
/// # Errors
/// [`crate::error::Error::Io`] or [`crate::error::Error::BrokenPipe`] if standard output cannot be
/// written to.
pub(crate) fn run(options: &CompletionsOptions) -> Result<()> {
    print(options.shell.script().as_bytes())
}
