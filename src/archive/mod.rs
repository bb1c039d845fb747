//! The zip: a function of its entries' names, bytes and executable bits, and of nothing else.

mod date;
mod deflate;
mod entry;
mod level;
mod noise;
mod record;
mod writer;

pub(crate) use date::source_date;
pub(crate) use entry::{Entry, Mode, Source};
pub(crate) use level::Compression;
pub(crate) use record::{Inputs, Records};
pub(crate) use writer::{Draft, PackedEntry, Seal, write};
pub(crate) use zip::DateTime;
