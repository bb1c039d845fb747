//! Standard output of commands whose result is one text.

use std::io::{self, Write};

use crate::error::{Error, Result};

/// Writes all of `bytes` to standard output.
///
/// # Errors
/// [`Error::Io`] or [`Error::BrokenPipe`] if it cannot be written to.
pub(super) fn print(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes);
    written.and_then(|()| out.flush()).map_err(Error::output)
}
