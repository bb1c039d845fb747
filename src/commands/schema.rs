//! `cargo lambda-zip schema`: the JSON Schemas of the documents.

use std::io::{self, Write};

use crate::cli::{DocumentKind, SchemaOptions};
use crate::error::{Error, Result};
use crate::{report, size};

/// Prints the schema of a document to standard output.
///
/// # Errors
/// [`Error::Io`] or [`Error::BrokenPipe`] if standard output cannot be written to.
pub(crate) fn run(options: &SchemaOptions) -> Result<()> {
    let schema = match options.document {
        DocumentKind::Report => report::SCHEMA,
        DocumentKind::Size => size::SCHEMA,
    };
    let mut out = io::stdout().lock();
    let written = out.write_all(schema.as_bytes());
    written.and_then(|()| out.flush()).map_err(Error::output)
}
