//! What the command-line tests stand on: throw-away projects, a stand-in compiler, prepared
//! executables, and readers that trust nothing of the tool's own.

pub(crate) mod cargo;
pub(crate) mod packing;
pub(crate) mod project;
pub(crate) mod report;
pub(crate) mod run;
#[cfg(unix)]
pub(crate) mod terminal;
pub(crate) mod zip;
