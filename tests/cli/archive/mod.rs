//! The bytes of zips: written and read.

#[cfg(unix)] // starts Cargo
mod compression;
#[cfg(unix)] // starts Cargo
mod entry;
mod hostile;
mod large_files;
