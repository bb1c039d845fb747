//! Local headers that no entry of the directory leads to.

use std::io;

use super::directory::Limits;
use super::directory_entry::CentralDirectoryEntry;
use super::fields::Fields;
use super::source::{Source, read};

const SIGNATURE: &[u8] = b"PK\x03\x04";
const LENGTH: usize = 30;
/// The most bytes between two entries that are searched.
const MOST: u64 = 64 * 1024;
/// The most names that are found.
const NAMES: usize = 100;

/// The names in local headers between the entries, and before the first one. A reader that starts at
/// the front of the zip unpacks what follows them.
///
/// # Errors
/// If the system cannot read the zip.
pub(super) fn find(
    source: &dyn Source,
    entries: &[CentralDirectoryEntry],
    limits: &Limits,
) -> io::Result<Vec<String>> {
    let mut gaps = vec![(0, limits.first().unwrap_or_else(|| limits.directory()))];
    for entry in entries {
        let (least, limit) = (entry.least_end(), limits.of_entry(entry));
        if least.saturating_add(LENGTH as u64) <= limit {
            gaps.push((end_of(source, entry)?, limit));
        }
    }
    let mut names = Vec::new();
    for (start, end) in gaps {
        let size = end.saturating_sub(start).min(MOST);
        if size < LENGTH as u64 {
            continue;
        }
        match read(source, start, size as usize) {
            Ok(bytes) => names.extend(names_in(&bytes)),
            // A zip that is cut off has a finding of its own.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(error) => return Err(error),
        }
        names.truncate(NAMES);
    }
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// The end of the data of an entry, by the lengths in its local header.
fn end_of(source: &dyn Source, entry: &CentralDirectoryEntry) -> io::Result<u64> {
    let extra = match read(source, entry.offset, LENGTH) {
        Ok(header) => Fields(&header).skip(LENGTH - 2).u16(),
        // A defect of the entry has a finding of its own.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
        Err(error) => return Err(error),
    };
    Ok(entry.least_end().saturating_add(extra.into()))
}

/// The names in local headers among other bytes.
fn names_in(bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let windows = bytes.windows(LENGTH).enumerate();
    for (at, _) in windows.filter(|(_, window)| window.starts_with(SIGNATURE)) {
        let header = &bytes[at..];
        let mut fields = Fields(header);
        let length = usize::from(fields.skip(LENGTH - 4).u16());
        let name = header.get(LENGTH..).and_then(|rest| rest.get(..length));
        names.extend(
            name.filter(|name| !name.is_empty())
                .map(|name| String::from_utf8_lossy(name).into_owned()),
        );
    }
    names
}
