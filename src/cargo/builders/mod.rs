//! The builders: which one, its command line, its run and its messages.

mod builder;
mod c_compiler;
mod choice;
mod command_line;
mod cpu;
mod cross;
mod failure;
mod flags;
mod library_search;
mod messages;
mod missing_tool;
mod requirement;
mod run;
mod toolchain;
mod zig;

pub(crate) use builder::Builder;
pub(crate) use choice::{Decision, decide};
pub(crate) use command_line::{BuildContext, Driver, Invocation, process};
pub(crate) use cpu::check_cpu;
pub(crate) use failure::explained;
pub(crate) use flags::{ExtraFlags, Remaps, cargo_home, remaps, write_cpu_file};
pub(crate) use library_search::LibrarySearch;
pub(crate) use messages::{BuiltBinary, PathMap};
pub(crate) use requirement::requirement;
pub(crate) use run::run;
pub(crate) use toolchain::{InstallPolicy, ensure_std_source, ensure_targets};
