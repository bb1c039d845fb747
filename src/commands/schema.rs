//! `cargo lambda-zip schema`: the JSON Schema of the report.

use std::io::{self, Write};

use crate::error::{Error, Result};
use crate::report;

/// Prints the schema to standard output.
///
/// # Errors
/// [`Error::Io`] or [`Error::BrokenPipe`] if standard output cannot be written to.
pub(crate) fn run() -> Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(report::SCHEMA.as_bytes());
    written.and_then(|()| out.flush()).map_err(Error::output)
}
