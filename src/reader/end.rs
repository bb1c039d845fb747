//! The end of a zip, which is where it has to be read from.

use std::io;

use super::fields::Fields;
use super::source::{Source, read};
use super::{Broken, Fault};

const SIGNATURE: &[u8] = b"PK\x05\x06";
const LENGTH: usize = 22;
/// The longest comment, whose length is two bytes.
const LONGEST_COMMENT: usize = 0xffff;

const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LOCATOR_64_LENGTH: usize = 20;
const SIGNATURE_64: &[u8] = b"PK\x06\x06";
const LENGTH_64: usize = 56;

/// Where the central directory is. Source: APPNOTE.TXT 4.3.14 to 4.3.16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// How many entries it is said to have.
    pub(super) entries: u64,
    /// Its place in the file.
    pub(super) directory: u64,
    /// Its size in bytes.
    pub(super) size: u64,
    /// What has to be added to every offset in the zip: the bytes that somebody put before it.
    /// Info-ZIP, Go's archive/zip, Python's zipfile and Java's ZipFile all allow for these.
    pub(super) shift: u64,
    /// Bytes after the end record and its comment.
    pub(super) after: u64,
}

impl End {
    /// Finds the last end record, as all readers do, although a comment could contain another.
    pub(super) fn find(source: &dyn Source) -> Result<Self, Fault> {
        let length = source.length();
        let reach = length.min((LENGTH + LONGEST_COMMENT) as u64);
        #[expect(clippy::cast_possible_truncation, reason = "a few KiB")]
        let tail = read(source, length - reach, reach as usize)?;
        let fits = |at: &usize| {
            let record = &tail[*at..];
            record.len() >= LENGTH && record.len() - LENGTH >= comment_length(record)
        };
        let at = tail
            .windows(SIGNATURE.len())
            .enumerate()
            .rev()
            .filter_map(|(at, window)| (window == SIGNATURE).then_some(at))
            .find(fits)
            .ok_or_else(|| Broken::zip("it has no end record: it is cut off, or is no zip"))?;
        let record = &tail[at..];
        let place = length - reach + at as u64;
        let after = (record.len() - LENGTH - comment_length(record)) as u64;

        let mut fields = Fields(&record[SIGNATURE.len()..]);
        let disks = [fields.u16(), fields.u16()];
        let [on_this_disk, entries] = [fields.u16(), fields.u16()];
        let [size, offset] = [fields.u32(), fields.u32()];
        // What does not fit into this record is in that with 64 bits, where everything may be.
        let is_64 = entries == u16::MAX || size == u32::MAX || offset == u32::MAX;
        match Self::find_64(source, place, after) {
            Ok(Some(found)) => {
                let is =
                    |number: u32, most: u32, wide: u64| number == most || wide == u64::from(number);
                let agrees = is(entries.into(), u16::MAX.into(), found.entries)
                    && is(size, u32::MAX, found.size)
                    && is(offset, u32::MAX, found.directory - found.shift);
                return if agrees {
                    Ok(found)
                } else {
                    Err(Broken::zip("its two end records contradict each other").into())
                };
            }
            // What is no locator may look like one.
            Ok(None) | Err(Fault::Broken(_)) if !is_64 => {}
            Ok(None) => {}
            Err(fault) => return Err(fault),
        }
        if disks != [0, 0] || on_this_disk != entries {
            return Err(Broken::zip("it is one of several parts").into());
        }
        Self::new(entries.into(), size.into(), offset.into(), place, after)
    }

    /// The end record of a zip with numbers too large for the old one, which lies at `place`.
    fn find_64(source: &dyn Source, place: u64, after: u64) -> Result<Option<Self>, Fault> {
        let Some(locator_at) = place.checked_sub(LOCATOR_64_LENGTH as u64) else {
            return Ok(None);
        };
        let locator = read(source, locator_at, LOCATOR_64_LENGTH)?;
        if !locator.starts_with(LOCATOR_64) {
            return Ok(None);
        }
        let declared = Fields(&locator).skip(8).u64();
        let before_locator = locator_at.checked_sub(LENGTH_64 as u64);
        // Where there are bytes before the zip, the offset is off, but the record has its place.
        for at in [Some(declared), before_locator].into_iter().flatten() {
            let record = match read(source, at, LENGTH_64) {
                Ok(record) if record.starts_with(SIGNATURE_64) => record,
                Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                    return Err(error.into());
                }
                _ => continue,
            };
            let mut fields = Fields(&record);
            let entries = fields.skip(32).u64();
            let (size, offset) = (fields.u64(), fields.u64());
            return Self::new(entries, size, offset, at, after).map(Some);
        }
        Err(Broken::zip("it has no zip64 end record where its locator says").into())
    }

    /// `place` is where the directory has to end.
    fn new(entries: u64, size: u64, offset: u64, place: u64, after: u64) -> Result<Self, Fault> {
        let directory = place.checked_sub(size);
        let shift = directory.and_then(|directory| directory.checked_sub(offset));
        match (directory, shift) {
            (Some(directory), Some(shift)) => Ok(Self {
                entries,
                directory,
                size,
                shift,
                after,
            }),
            _ => Err(Broken::zip(
                "its end record names a place for the directory that it cannot have",
            )
            .into()),
        }
    }
}

fn comment_length(record: &[u8]) -> usize {
    usize::from(Fields(record).skip(LENGTH - 2).u16())
}
