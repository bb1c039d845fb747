//! The zip: a function of its entries' names, bytes and executable bits, and of nothing else.

mod append;
mod compression;
mod date;
pub(crate) mod deflate;
mod digest;
mod entry;
pub(crate) mod read;
mod seal;
mod temp_files;
mod write;

pub(crate) use compression::{Compression, Level};
pub(crate) use date::source_date;
pub(crate) use digest::{Read, digest};
pub(crate) use entry::{Entry, Mode, Permissions, Source};
pub(crate) use seal::Seal;
pub(crate) use temp_files::Scratch;
pub(crate) use write::{Draft, PackedEntry, compressed_sizes, write};

pub(crate) use zip::DateTime;
