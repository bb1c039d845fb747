//! Errors of a template, with their position.

use camino::Utf8Path;

use crate::error::{Error, ManifestError};

/// A position in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// The number of characters before it.
    pub(super) index: usize,
    /// From 1.
    pub(super) line: usize,
}

/// A reason why a template cannot be read.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) position: Position,
    pub(super) message: String,
    /// The text beside the caret.
    pub(super) label: String,
}

impl Fault {
    pub(super) fn new(position: Position, message: impl Into<String>, label: &str) -> Self {
        Self {
            position,
            message: message.into(),
            label: label.to_owned(),
        }
    }

    /// The error for the template `text` at `path`.
    pub(super) fn in_file(self, path: &Utf8Path, text: &str) -> Error {
        let mut characters = text.char_indices().skip(self.position.index);
        let (start, length) = characters
            .next()
            .map_or((text.len(), 0), |(start, c)| (start, c.len_utf8()));
        let error = ManifestError {
            path: path.to_owned(),
            text: text.to_owned(),
            span: start..start + length,
            message: self.message,
            label: self.label,
        };
        error.into()
    }
}
