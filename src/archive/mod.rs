//! The zip: a function of its entries' names, bytes and executable bits, and of nothing else.

mod date;
mod deflate;
mod entry;
mod level;
mod record;
mod writer;

pub use date::source_date;
pub use entry::{Entry, Mode, Source};
pub use level::Compression;
pub use record::{Fresh, Inputs, Records};
pub use writer::{Draft, PackedEntry, Seal, write};
pub use zip::DateTime;
