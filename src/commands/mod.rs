//! The subcommands, one file each.

pub(crate) mod build;
pub(crate) mod check;
mod check_input;
pub(crate) mod layer;
pub(crate) mod pack;

pub(crate) use build::{Job, source_date};
