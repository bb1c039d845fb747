//! Documents as JSON.

use std::io::{self, Write};

use serde::Serialize;

/// Writes a document to `out`, over several lines.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn write_json(document: &impl Serialize, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)?;
    out.flush()
}
