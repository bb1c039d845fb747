//! The zip64 end of central directory record, for numbers that do not fit the classic one.

use std::io;

use super::defect::{Defect, Fault};
use super::eocd_fields::{EocdFields, SEVERAL_PARTS};
use super::fields::Fields;
use super::source::{Source, read};

const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_LENGTH: usize = 20;
const SIGNATURE: &[u8] = b"PK\x06\x06";
/// The length without the extensible data sector, which no known tool writes.
const LENGTH: usize = 56;

/// The result of a search in front of the classic end record.
pub(super) enum Search {
    NoLocator,
    /// A locator, or bytes that look like one, but no record.
    NoRecord,
    Found(Zip64Eocd),
}

/// A zip64 end record. The central directory has to end at its offset.
pub(super) struct Zip64Eocd {
    pub(super) offset: u64,
    /// The offset in the locator, which does not count the bytes in front of the zip.
    pub(super) declared: u64,
    pub(super) fields: EocdFields,
}

/// Looks for the record; `end` is the offset of the classic one.
///
/// # Errors
/// [`Fault::Defect`] if the record is there but damaged.
pub(super) fn find(source: &dyn Source, end: u64) -> Result<Search, Fault> {
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
    // With bytes in front of the zip the declared offset is wrong, but the record stands directly
    // before its locator.
    for offset in [Some(declared), before_locator].into_iter().flatten() {
        let record = match read(source, offset, LENGTH) {
            Ok(record) if record.starts_with(SIGNATURE) => record,
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error.into()),
            _ => continue,
        };
        // Some tools, such as older versions of .NET, write 0 for the number of disks, others 1.
        if disk_of_record != 0 || disks > 1 {
            return Err(Defect::zip(SEVERAL_PARTS).into());
        }
        let fields = parse(&record, offset, locator_at)?;
        return Ok(Search::Found(Zip64Eocd {
            offset,
            declared,
            fields,
        }));
    }
    Ok(Search::NoRecord)
}

/// Reads the numbers of the record at `offset`. Source: APPNOTE.TXT 4.3.14.
fn parse(record: &[u8], offset: u64, locator_at: u64) -> Result<EocdFields, Defect> {
    /// The declared length leaves out the signature and itself.
    const UNCOUNTED: u64 = 12;
    let mut fields = Fields(&record[SIGNATURE.len()..]);
    let length = fields.u64();
    let [_made_by, _version_needed] = [fields.u16(), fields.u16()];
    let [this_disk, directory_disk] = [fields.u32(), fields.u32()];
    let [entries_on_this_disk, entries] = [fields.u64(), fields.u64()];
    let [size, directory] = [fields.u64(), fields.u64()];
    let end = offset
        .checked_add(UNCOUNTED)
        .and_then(|start| start.checked_add(length));
    if end != Some(locator_at) {
        return Err(Defect::zip(
            "its zip64 end record does not end at the zip64 locator",
        ));
    }
    if (this_disk, directory_disk) != (0, 0) || entries_on_this_disk != entries {
        return Err(Defect::zip(SEVERAL_PARTS));
    }
    Ok(EocdFields {
        entries,
        size,
        offset: directory,
    })
}
