//! The results of a run, for people and for machines.

mod format;
pub(crate) mod github;
mod human;
mod lints;
mod model;
mod package;
pub(crate) mod sarif;

pub(crate) use format::{CheckFormat, MessageFormat};
pub(crate) use lints::{explain, list};
pub(crate) use model::{Failure, Report};
pub(crate) use package::{ArchiveReport, BinaryReport};
