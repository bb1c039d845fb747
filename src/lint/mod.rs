//! The judgements on a package: named as in rustc, each with a level that users may change.

pub(crate) mod binary;
mod budget;
pub(crate) mod limits;
pub(crate) mod names;
mod policy;
mod table;

use serde::Serialize;

pub(crate) use budget::Budget;
pub(crate) use policy::{Policy, Setting, Subject};
pub(crate) use table::Lint;

use crate::names::named;

/// What a finding means for the package it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Level {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported, and the package is rejected.
    Deny,
}

impl Level {
    /// The name in flags and manifests.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}
named!(Level, "lint level");

/// Something a lint saw, before any level is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Observation {
    /// The lint.
    pub lint: Lint,
    /// What is so, and what Lambda would do about it.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// An observation at a level that is reported.
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
