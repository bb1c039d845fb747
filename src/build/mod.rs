//! Building: which command lines, running them, what they report.

mod decide;
mod driver;
mod flags;
mod interrupt;
mod messages;
mod profile;
mod run;
mod toolchain;
mod tools;

pub(crate) use decide::{Decision, decide, need};
pub(crate) use driver::{Driver, Invocation, Setup, process};
pub(crate) use flags::{ExtraFlags, Remap, cargo_home, remaps, write_cpu_file};
pub(crate) use interrupt::Interrupt;
pub(crate) use messages::{BuiltBinary, PathMap};
pub(crate) use profile::{check as check_profile, injection, is_dev as is_dev_profile};
pub(crate) use run::run;
pub(crate) use toolchain::{Missing, ensure_std_source, ensure_targets};
