//! The bytes of zips: written and read.

mod compression;
mod entry;
mod hostile;
mod large_files;
