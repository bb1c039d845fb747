//! `cargo lambda-zip schema`.

use clap::{Args, ValueEnum};

/// Prints the JSON Schema of a document.
///
/// The report is the document that `--message-format json` and `--report` write; `size` has one of
/// its own. The schemas are of draft 2020-12.
#[derive(Debug, Args)]
pub(crate) struct SchemaOptions {
    /// The document: report or size
    #[arg(
        value_name = "DOCUMENT",
        default_value = "report",
        hide_possible_values = true
    )]
    pub(crate) document: DocumentKind,
}

/// A document that the tool writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocumentKind {
    Report,
    Size,
}
