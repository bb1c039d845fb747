//! Zips as they are, whoever wrote them: every record is read, and held against the others.
//!
//! Nothing that a zip declares is believed: work and memory are bounded by the size of the file
//! and by fixed limits.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::directory::{CentralDirectoryEntry, Directory, Limits};
use super::unpack::{self, Unpacking};
use super::eocd::End;
use super::local;
use super::source::Source;

/// What contradicts itself in a zip; completes "the zip is broken: …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Defect {
    /// The entry that it is about, if it is about one.
    pub(crate) entry: Option<String>,
    /// What is wrong: of an entry without a subject, of the zip a whole clause.
    pub(crate) why: String,
}

impl Defect {
    pub(super) fn zip(why: impl Into<String>) -> Self {
        let why = why.into();
        Self { entry: None, why }
    }

    pub(super) fn entry(record: &CentralDirectoryEntry, why: &str) -> Self {
        Self {
            entry: Some(record.name().into_owned()),
            why: why.to_owned(),
        }
    }

    pub(super) fn damaged(record: &CentralDirectoryEntry) -> Self {
        Self::entry(record, "has damaged data")
    }

    pub(super) fn size(record: &CentralDirectoryEntry) -> Self {
        Self::entry(record, "does not unpack to the size it declares")
    }

    pub(super) fn checksum(record: &CentralDirectoryEntry) -> Self {
        Self::entry(record, "does not have the checksum it declares")
    }
}

/// Why something could not be read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The zip is to blame.
    Defect(Defect),
    /// The system is.
    Io(io::Error),
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Io(error) => error,
            Fault::Defect(Defect { entry, why }) => {
                let why = match entry {
                    Some(entry) => format!("the entry {entry:?} {why}"),
                    None => why,
                };
                Self::new(io::ErrorKind::InvalidData, why)
            }
        }
    }
}

impl From<Defect> for Fault {
    fn from(broken: Defect) -> Self {
        Self::Defect(broken)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A zip whose directory has been read.
pub(crate) struct Zip<'a> {
    source: &'a dyn Source,
    /// Its entries, in the order of the directory.
    pub(crate) entries: Vec<CentralDirectoryEntry>,
    /// What is wrong with the directory, after these entries.
    pub(crate) fault: Option<Defect>,
    pub(crate) foreign: Foreign,
    limits: Limits,
}

/// Bytes that belong to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Foreign {
    /// Before the first entry.
    pub(crate) before: u64,
    /// After the end.
    pub(crate) after: u64,
}

/// Held while all of a large entry is in memory, so that only one is at a time, of whichever zip.
#[derive(Debug, Default)]
pub(crate) struct LargeEntryLock(Mutex<()>);

impl LargeEntryLock {
    fn wait(&self) -> MutexGuard<'_, ()> {
        // Whoever panicked with it has left nothing behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Zip<'a> {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`Fault::Defect`] if there is none, or none that can be read.
    pub(crate) fn open(source: &'a dyn Source) -> Result<Self, Fault> {
        let end = End::find(source)?;
        let Directory { entries, fault } = Directory::read(source, &end)?;
        let limits = Limits::of(&entries, &end);
        let first = limits.first().unwrap_or(end.shift);
        Ok(Self {
            source,
            entries,
            fault,
            foreign: Foreign {
                before: first.min(end.directory),
                after: end.after,
            },
            limits,
        })
    }

    /// Holds what is said of an entry against each other, without a look at its data.
    ///
    /// # Errors
    /// [`Fault::Defect`] if something contradicts something else, or cannot be.
    pub(crate) fn verify(&self, record: &CentralDirectoryEntry) -> Result<(), Fault> {
        let limit = self.limits.of_entry(record);
        local::verify(self.source, record, limit).map(drop)
    }

    /// Unpacks an entry that is stored or deflated, verifies it, and looks at its bytes: at all of
    /// them if they are few or if `wants_all` of their beginning, under `large_entry_lock`, else at
    /// that. All of them pass through `each`, piece by piece.
    ///
    /// # Errors
    /// [`Fault::Defect`] if the entry is not what the directory says.
    pub(crate) fn look<T>(
        &self,
        record: &CentralDirectoryEntry,
        large_entry_lock: &LargeEntryLock,
        wants_all: impl FnOnce(&[u8]) -> bool,
        mut each: impl FnMut(&[u8]),
        look: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Fault> {
        let limit = self.limits.of_entry(record);
        match unpack::begin(self.source, record, limit)? {
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
