//! What a lint found: before its level is known, and at a level that is reported.

use serde::Serialize;

use super::table::{Level, Lint};

/// Something a lint saw, before any level is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// The lint.
    pub lint: Lint,
    /// What is so, and what Lambda would do about it.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// A diagnostic at a level that is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The lint.
    pub lint: Lint,
    /// `warn` or `deny`.
    pub level: Level,
    /// What is so, and what Lambda would do about it.
    pub message: String,
    /// How to mend it.
    pub help: String,
}
