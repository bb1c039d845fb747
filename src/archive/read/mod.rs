//! Zips from any tool, read with every record and byte verified.

mod defect;
mod directory;
mod directory_entry;
mod eocd;
mod eocd_fields;
mod fields;
mod hidden;
mod large_entry_lock;
mod local;
mod name;
mod open;
mod source;
#[cfg(test)]
mod tests;
mod unpack;
mod unpack_small;
mod zip;
mod zip64_eocd;

pub(crate) use defect::{Defect, Fault};
pub(crate) use directory_entry::{CentralDirectoryEntry, Method};
pub(crate) use large_entry_lock::LargeEntryLock;
pub(crate) use open::{check, from_standard_input, open};
pub(crate) use source::{FileSource, Metered, Reader, Source};
pub(crate) use zip::{Foreign, Zip};
