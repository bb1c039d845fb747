//! The zip: a function of its entries' names, bytes and executable bits, and of nothing else.

mod deflate;
mod entry;
mod writer;

pub use deflate::Compression;
pub use entry::{Entry, Mode};
pub use writer::{Draft, PackedEntry, write};
