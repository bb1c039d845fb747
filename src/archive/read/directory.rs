//! The central directory: the list of a zip's entries.

use super::defect::{Defect, Fault};
use super::directory_entry::CentralDirectoryEntry;
use super::eocd::Eocd;
use super::source::{Source, read};
use crate::bytes::MIB;

/// The largest directory that is read, in bytes. A package of 250 MiB with 100,000 files has less
/// than half of it.
const MOST: u64 = 32 * MIB;

/// The entries of a directory, up to the first defect.
pub(super) struct Directory {
    pub(super) entries: Vec<CentralDirectoryEntry>,
    pub(super) defect: Option<Defect>,
}

impl Directory {
    pub(super) fn read(source: &dyn Source, eocd: &Eocd) -> Result<Self, Fault> {
        if eocd.size > MOST {
            return Err(Defect::zip(format!(
                "its directory alone is {} MiB, and at most {} MiB are read",
                eocd.size / MIB,
                MOST / MIB
            ))
            .into());
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most `MOST`")]
        let bytes = read(source, eocd.directory, eocd.size as usize)?;
        let mut rest = bytes.as_slice();
        let mut directory = Self {
            entries: Vec::new(),
            defect: None,
        };
        while !rest.is_empty() {
            match CentralDirectoryEntry::parse(&mut rest, eocd.prefix_len) {
                Ok(entry) => directory.entries.push(entry),
                Err(defect) => {
                    directory.defect = Some(defect);
                    break;
                }
            }
        }
        let found = directory.entries.len();
        if directory.defect.is_none() && !eocd.counts(found as u64) {
            directory.defect = Some(Defect::zip(format!(
                "its end record counts {} entries, but its directory has {found}",
                eocd.entries
            )));
        }
        Ok(directory)
    }
}

/// The offsets that entries must not reach beyond.
pub(super) struct Limits {
    /// The offsets of all entries, sorted.
    entries: Vec<u64>,
    /// The offset of the directory.
    directory: u64,
}

impl Limits {
    pub(super) fn of(entries: &[CentralDirectoryEntry], eocd: &Eocd) -> Self {
        let mut entries: Vec<u64> = entries.iter().map(|entry| entry.offset).collect();
        entries.sort_unstable();
        Self {
            entries,
            directory: eocd.directory,
        }
    }

    /// The offset of the next entry, or else of the directory. Entries at the same offset have no
    /// room at all.
    pub(super) fn of_entry(&self, entry: &CentralDirectoryEntry) -> u64 {
        let first = self
            .entries
            .partition_point(|offset| *offset < entry.offset);
        let next = self.entries.get(first + 1).copied();
        next.unwrap_or(self.directory).min(self.directory)
    }

    /// The offset of the directory.
    pub(super) fn directory(&self) -> u64 {
        self.directory
    }

    /// The offset of the first entry.
    pub(super) fn first(&self) -> Option<u64> {
        self.entries.first().copied()
    }
}
