//! The subcommands from end to end.

mod check;
mod check_project;
#[cfg(unix)] // starts Cargo
mod exit_codes;
#[cfg(unix)] // starts Cargo
mod init;
#[cfg(unix)] // starts Cargo
mod layer;
mod layer_of_files;
mod pack;
mod pack_refused;
mod pack_reproducible;
#[cfg(unix)] // starts Cargo
mod schema;
#[cfg(unix)] // starts Cargo
mod template;
