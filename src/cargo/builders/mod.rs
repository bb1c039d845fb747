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
pub(crate) use choice::{Decision, decide, requirement};
pub(crate) use command_line::{BuildContext, Driver, Invocation, process};
pub(crate) use flags::{ExtraFlags, Remap, cargo_home, remaps, write_cpu_file};
pub(crate) use messages::{BuiltBinary, PathMap};
pub(crate) use run::run;
pub(crate) use toolchain::{InstallPolicy, ensure_std_source, ensure_targets};
