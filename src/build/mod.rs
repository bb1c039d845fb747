//! Building: which command lines, running them, what they report.

mod builder;
mod interrupt;
mod messages;
mod profile;
mod run;
mod toolchain;

pub use builder::Builder;
pub(crate) use builder::{Invocation, process};
pub(crate) use interrupt::Interrupt;
pub(crate) use messages::BuiltBinary;
pub(crate) use profile::{LAMBDA_PROFILE, check as check_profile, injection};
pub(crate) use run::run;
pub(crate) use toolchain::ensure_targets;
