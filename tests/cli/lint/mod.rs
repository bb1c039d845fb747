//! The verdict on a package.

#[cfg(unix)] // starts Cargo
mod budget;
#[cfg(unix)] // starts Cargo
mod layers;
#[cfg(unix)] // starts Cargo
mod levels;
mod template;
mod verdicts;
