//! The files that go into a package beside its program: which, by what name, and whether they may.

mod collect;
mod entry_name;
mod exclude_set;
mod file;
mod glob;
mod links;
mod output_overlap;
mod pattern;
mod place;
mod resolved;
mod selection;
mod spec;
mod symlinks;
mod unique;
mod unused_excludes;
mod walk;

pub(crate) use collect::{IncludedFiles, collect};
pub(crate) use entry_name::{entry_name, portability_problem};
pub(crate) use file::IncludedFile;
pub(crate) use output_overlap::OutputOverlap;
pub(crate) use pattern::Pattern;
pub(crate) use spec::{Include, check_name};
pub(crate) use symlinks::Symlinks;
pub(crate) use unused_excludes::check_excludes;
