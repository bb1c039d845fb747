//! Zips: written so that equal entries give equal bytes, and read with every byte verified.

mod compression;
mod date;
pub(crate) mod deflate;
mod digest;
mod entry;
mod open_file;
pub(crate) mod read;
mod write;
mod zip_writer;

pub(crate) use compression::{Compression, Level};
pub(crate) use date::source_date;
pub(crate) use digest::{FileDigest, ZipDigest};
pub(crate) use entry::{Entry, EntrySizes, Mode, PackedEntry, Permissions, Source};
pub(crate) use open_file::OpenFile;
pub(crate) use write::{Draft, Packing, write};

pub(crate) use zip::DateTime;
