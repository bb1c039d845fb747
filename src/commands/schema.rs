//! `cargo lambda-zip schema`: the JSON Schemas of the documents.

use super::output::print;
use crate::cli::{DocumentKind, SchemaOptions};
use crate::error::Result;
use crate::{report, size};

/// Prints the schema of a document to standard output.
///
/// # Errors
/// [`crate::error::Error::Io`] or [`crate::error::Error::BrokenPipe`] if standard output cannot be
/// written to.
pub(crate) fn run(options: &SchemaOptions) -> Result<()> {
    let schema = match options.document {
        DocumentKind::Report => report::SCHEMA,
        DocumentKind::Size => size::SCHEMA,
    };
    print(schema.as_bytes())
}
