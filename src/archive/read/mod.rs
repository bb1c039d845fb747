//! Zips from any tool, read with every record and byte verified.

mod directory;
mod unpack;
mod eocd;
mod fields;
mod local;
mod name;
mod open;
mod source;
#[cfg(test)]
pub(crate) mod tests;
mod unpack_small;
pub(crate) mod zip;
mod zip64_eocd;

pub(crate) use directory::{CentralDirectoryEntry, Method};
pub(crate) use open::{check, from_standard_input, open};
pub(crate) use source::{FileSource, Reader, Source};
pub(crate) use zip::{Defect, Fault, Foreign, LargeEntryLock, Zip};
