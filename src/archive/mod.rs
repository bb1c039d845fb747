//! The zip: a function of its entries' names, bytes and executable bits, and of nothing else.

mod append;
mod date;
mod deflate;
mod digest;
mod entry;
mod large;
mod level;
mod noise;
mod reblock;
mod record;
mod scratch;
mod seal;
mod survey;
mod writer;

pub(crate) use date::source_date;
pub(crate) use entry::{Entry, Mode, Permissions, Source};
pub(crate) use level::Compression;
pub(crate) use record::{Inputs, Records};
pub(crate) use scratch::Scratch;
pub(crate) use seal::Seal;
pub(crate) use survey::{SeenFiles, Survey};
pub(crate) use writer::{Draft, PackedEntry, compressed_sizes, write};
pub(crate) use zip::DateTime;
