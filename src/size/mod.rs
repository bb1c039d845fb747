//! The sizes of a zip: what takes the room, by entry, crate and function.

mod bound;
mod columns;
mod companion;
mod compare;
mod crates;
mod document;
mod earlier;
mod growth;
mod measure;
mod page;
mod page_file;
mod program;
mod schema;
mod table;

pub(crate) use bound::Bound;
pub(crate) use columns::Look;
pub(crate) use companion::SymbolFile;
pub(crate) use crates::{largest_crates, largest_crates_in};
pub(crate) use document::{Document, EntrySize, Symbols, ZipSize};
pub(crate) use earlier::Earlier;
pub(crate) use measure::measure;
pub(crate) use page_file::PageFile;
pub(crate) use schema::SCHEMA;
pub(crate) use table::{percent, write as write_table};
