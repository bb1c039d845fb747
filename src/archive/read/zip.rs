//! A zip from any tool. Every record is read and compared with the others.
//!
//! No declared number is trusted: the size of the file and fixed limits bound work and memory.

use std::io;

use super::defect::{Defect, Fault};
use super::directory::{Directory, Limits};
use super::directory_entry::CentralDirectoryEntry;
use super::eocd::Eocd;
use super::hidden;
use super::large_entry_lock::LargeEntryLock;
use super::local;
use super::source::Source;
use super::unpack::{self, Unpacking};

/// A zip whose directory has been read.
pub(crate) struct Zip<'a> {
    source: &'a dyn Source,
    /// The entries, in the order of the directory.
    pub(crate) entries: Vec<CentralDirectoryEntry>,
    /// The defect of the directory after these entries.
    pub(crate) defect: Option<Defect>,
    pub(crate) foreign: Foreign,
    limits: Limits,
}

/// Numbers of bytes that do not belong to the zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Foreign {
    /// Bytes before the first entry.
    pub(crate) before: u64,
    /// Bytes after the end record.
    pub(crate) after: u64,
}

impl<'a> Zip<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`Fault::Defect`] if there is no directory that can be read.
    pub(crate) fn open(source: &'a dyn Source) -> Result<Self, Fault> {
        let eocd = Eocd::find(source)?;
        let Directory { entries, defect } = Directory::read(source, &eocd)?;
        let limits = Limits::of(&entries, &eocd);
        let first = limits.first().unwrap_or(eocd.prefix_len);
        Ok(Self {
            source,
            entries,
            defect,
            foreign: Foreign {
                before: first.min(eocd.directory),
                after: eocd.after,
            },
            limits,
        })
    }

    /// The names in local headers that no entry leads to, sorted.
    ///
    /// # Errors
    /// If the system cannot read the zip.
    pub(crate) fn hidden_names(&self) -> io::Result<Vec<String>> {
        hidden::find(self.source, &self.entries, &self.limits)
    }

    /// Compares all records of an entry, without its data.
    ///
    /// # Errors
    /// [`Fault::Defect`] if they contradict each other.
    pub(crate) fn verify(&self, entry: &CentralDirectoryEntry) -> Result<(), Fault> {
        let limit = self.limits.of_entry(entry);
        local::verify(self.source, entry, limit).map(drop)
    }

    /// The packed size in bytes of consecutive ranges of an entry that is stored or deflated.
    /// `lengths` are their unpacked sizes in bytes, and the sum of them is that of the entry.
    ///
    /// # Errors
    /// [`Fault::Defect`] if the entry is not what the directory declares.
    pub(crate) fn packed_sizes(
        &self,
        entry: &CentralDirectoryEntry,
        lengths: impl Iterator<Item = u64>,
    ) -> Result<Vec<u64>, Fault> {
        let limit = self.limits.of_entry(entry);
        unpack::packed_sizes(self.source, entry, limit, lengths)
    }

    /// Unpacks and verifies an entry that is stored or deflated. Calls `each` with every piece of
    /// its bytes, and then `look` with all of them.
    ///
    /// Of a large entry, `look` gets only the first bytes, unless `wants_all` says of these that
    /// all are needed. The thread then holds `large_entry_lock`.
    ///
    /// # Errors
    /// [`Fault::Defect`] if the entry is not what the directory declares.
    pub(crate) fn look<T>(
        &self,
        entry: &CentralDirectoryEntry,
        large_entry_lock: &LargeEntryLock,
        wants_all: impl FnOnce(&[u8]) -> bool,
        mut each: impl FnMut(&[u8]),
        look: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Fault> {
        let limit = self.limits.of_entry(entry);
        match unpack::begin(self.source, entry, limit)? {
            Unpacking::Whole(bytes) => {
                each(&bytes);
                Ok(look(&bytes))
            }
            Unpacking::Begun(begun) if wants_all(begun.beginning()) => {
                let _held = large_entry_lock.wait();
                Ok(look(&begun.finish(true, each)?))
            }
            Unpacking::Begun(begun) => Ok(look(&begun.finish(false, each)?)),
        }
    }
}
