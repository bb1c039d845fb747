//! Files beside the program.

#[cfg(unix)] // starts Cargo
mod entries;
#[cfg(unix)] // starts Cargo
mod errors;
mod exclude;
#[cfg(unix)] // starts Cargo
mod files;
mod names;
#[cfg(unix)] // starts Cargo
mod particular;
#[cfg(unix)] // needs links
mod property;
#[cfg(unix)] // needs links
mod spelling;
