//! The end record of a zip with numbers too large for the old one.

use std::io;

use super::eocd::{Numbers, SEVERAL_PARTS};
use super::fields::Fields;
use super::source::{Source, read};
use super::zip::{Defect, Fault};

const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_LENGTH: usize = 20;
const SIGNATURE: &[u8] = b"PK\x06\x06";
/// Without the extensible data that nobody has.
const LENGTH: usize = 56;

/// What there is in front of the old end record.
pub(crate) enum Search {
    NoLocator,
    /// A locator, or what looks like one, but no record.
    LeadsNowhere,
    Found(Record),
}

/// A record, and where it is, which is where the directory has to end.
pub(crate) struct Record {
    pub(crate) place: u64,
    /// Where the locator says it is: short of that by what was put before the zip.
    pub(crate) declared: u64,
    pub(crate) numbers: Numbers,
}

/// Looks for the record; `end` is the place of the old one.
///
/// # Errors
/// [`Fault::Defect`] if it is there, but not what it has to be.
pub(crate) fn find(source: &dyn Source, end: u64) -> Result<Search, Fault> {
    let Some(locator_at) = end.checked_sub(LOCATOR_LENGTH as u64) else {
        return Ok(Search::NoLocator);
    };
    let locator = read(source, locator_at, LOCATOR_LENGTH)?;
    if !locator.starts_with(LOCATOR) {
        return Ok(Search::NoLocator);
    }
    // Source: APPNOTE.TXT 4.3.15.
    let mut fields = Fields(&locator[LOCATOR.len()..]);
    let disk_of_record = fields.u32();
    let declared = fields.u64();
    let disks = fields.u32();
    let before_locator = locator_at.checked_sub(LENGTH as u64);
    // Where there are bytes before the zip, the offset is off, but the record has its place.
    for place in [Some(declared), before_locator].into_iter().flatten() {
        let record = match read(source, place, LENGTH) {
            Ok(record) if record.starts_with(SIGNATURE) => record,
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error.into()),
            _ => continue,
        };
        // Some tools count no disks, as .NET did, others one.
        if disk_of_record != 0 || disks > 1 {
            return Err(Defect::zip(SEVERAL_PARTS).into());
        }
        let numbers = numbers(&record, place, locator_at)?;
        return Ok(Search::Found(Record {
            place,
            declared,
            numbers,
        }));
    }
    Ok(Search::LeadsNowhere)
}

/// What the record at `place` says of the directory. Source: APPNOTE.TXT 4.3.14.
fn numbers(record: &[u8], place: u64, locator_at: u64) -> Result<Numbers, Defect> {
    /// The signature and the size itself do not count.
    const UNCOUNTED: u64 = 12;
    let mut fields = Fields(&record[SIGNATURE.len()..]);
    let length = fields.u64();
    let [_made_by, _version_needed] = [fields.u16(), fields.u16()];
    let [this_disk, directory_disk] = [fields.u32(), fields.u32()];
    let [entries_on_this_disk, entries] = [fields.u64(), fields.u64()];
    let [size, offset] = [fields.u64(), fields.u64()];
    let end = place
        .checked_add(UNCOUNTED)
        .and_then(|start| start.checked_add(length));
    if end != Some(locator_at) {
        return Err(Defect::zip(
            "its zip64 end record does not end at the locator",
        ));
    }
    if (this_disk, directory_disk) != (0, 0) || entries_on_this_disk != entries {
        return Err(Defect::zip(SEVERAL_PARTS));
    }
    Ok(Numbers {
        entries,
        size,
        offset,
    })
}
