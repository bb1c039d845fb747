//! The result for programs.

mod check;
#[cfg(unix)] // starts Cargo
mod failures;
#[cfg(unix)] // starts Cargo
mod file;
#[cfg(unix)] // starts Cargo
mod json;
mod merge;
mod paths;
