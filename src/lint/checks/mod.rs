//! The checks behind the lints.

mod all;
mod client;
mod collisions;
mod counts;
mod cpu;
mod entrypoint;
mod helper_scripts;
mod helpers;
mod layer;
mod libraries;
mod links;
mod misplaced;
mod names;
mod permissions;
mod program;
mod secrets;
mod sizes;
mod zip;

pub(crate) use all::{check_names, check_package, check_sizes, check_zip_size};
pub(crate) use cpu::check_cpu;
pub(crate) use layer::is_looked_for;
pub(crate) use libraries::missing_libraries;
pub(crate) use zip::unverified;
