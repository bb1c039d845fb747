//! Building: which command lines, running them, what they report.

mod builder;
mod choice;
mod command_line;
mod flags;
mod messages;
mod run;
mod toolchain;
mod tools;

pub(crate) use builder::Builder;
pub(crate) use choice::{Decision, decide, need};
pub(crate) use command_line::{Driver, Invocation, Setup, process};
pub(crate) use flags::{ExtraFlags, Remap, cargo_home, remaps, write_cpu_file};
pub(crate) use messages::{BuiltBinary, PathMap};
pub(crate) use run::run;
pub(crate) use toolchain::{Missing, ensure_std_source, ensure_targets};
