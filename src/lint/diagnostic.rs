//! The results of lints: diagnostics without a level, and findings that are reported.

use camino::Utf8PathBuf;
use serde::Serialize;

use super::list::List;
use super::table::{Level, Lint};

/// A problem that a lint found, before a level is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// The lint.
    pub lint: Lint,
    /// The problem, and how Lambda would react.
    pub message: String,
    /// The fix.
    pub help: String,
    /// The names that the message lists.
    pub names: List,
}

/// A diagnostic at a level that is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Finding {
    /// The name of the lint.
    #[cfg_attr(test, schemars(with = "String"))]
    pub lint: Lint,
    /// `warn` or `deny`.
    #[cfg_attr(test, schemars(with = "String", extend("enum" = ["warn", "deny"])))]
    pub level: Level,
    /// The problem, and how Lambda would react.
    pub message: String,
    /// The fix.
    pub help: String,
    /// All names that the message lists, mostly of entries, also those that it only counts.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub names: List,
    /// The line of a template that the finding is about; `None` for the package itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Place {
    /// The path of the file.
    #[cfg_attr(test, schemars(with = "String"))]
    pub path: Utf8PathBuf,
    /// From 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub line: usize,
}
