//! The end of a zip, which is where it has to be read from.

use super::fields::Fields;
use super::source::{Source, read};
use super::zip::{Defect, Fault};
use super::zip64_eocd::{self, Search};

const SIGNATURE: &[u8] = b"PK\x05\x06";
const LENGTH: usize = 22;
/// The longest comment, whose length is two bytes.
const LONGEST_COMMENT: usize = 0xffff;

/// What is wrong with a zip whose records count parts, or name another than the first.
pub(crate) const SEVERAL_PARTS: &str = "it is one of several parts";

/// Where the central directory is. Source: APPNOTE.TXT 4.3.14 to 4.3.16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// How many entries it is said to have.
    pub(crate) entries: u64,
    /// Whether it is said in 64 bits.
    pub(crate) is_wide: bool,
    /// Its place in the file.
    pub(crate) directory: u64,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// What has to be added to every offset in the zip: the bytes that somebody put before it.
    /// Info-ZIP, Go's archive/zip, Python's zipfile and Java's ZipFile all allow for these.
    pub(crate) shift: u64,
    /// Bytes after the end record and its comment.
    pub(crate) after: u64,
}

impl End {
    /// Finds the last end record, as all readers do, although a comment could contain another.
    pub(crate) fn find(source: &dyn Source) -> Result<Self, Fault> {
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
            .ok_or_else(|| Defect::zip("it has no end record: it is cut off, or is no zip"))?;
        let record = &tail[at..];
        let place = length - reach + at as u64;
        let after = (record.len() - LENGTH - comment_length(record)) as u64;

        let old = Old::of(record);
        match zip64_eocd::find(source, place)? {
            Search::Found(record) => {
                let found = Self::new(&record.numbers, true, record.place, after)?;
                if !old.agrees_with(&record.numbers) {
                    return Err(Defect::zip("its two end records contradict each other").into());
                }
                if record.declared.checked_add(found.shift) != Some(record.place) {
                    return Err(Defect::zip("its zip64 locator leads elsewhere").into());
                }
                Ok(found)
            }
            Search::LeadsNowhere if old.needs_wide() => {
                Err(Defect::zip("it has no zip64 end record where its locator says").into())
            }
            // What is no locator may look like one.
            Search::LeadsNowhere | Search::NoLocator if old.is_one_of_several() => {
                Err(Defect::zip(SEVERAL_PARTS).into())
            }
            Search::LeadsNowhere | Search::NoLocator => {
                Self::new(&old.numbers(), false, place, after)
            }
        }
    }

    /// `place` is where the directory has to end.
    fn new(numbers: &Numbers, is_wide: bool, place: u64, after: u64) -> Result<Self, Fault> {
        let directory = place.checked_sub(numbers.size);
        let shift = directory.and_then(|directory| directory.checked_sub(numbers.offset));
        match (directory, shift) {
            (Some(directory), Some(shift)) => Ok(Self {
                entries: numbers.entries,
                is_wide,
                directory,
                size: numbers.size,
                shift,
                after,
            }),
            _ => Err(Defect::zip(
                "its end record names a place for the directory that it cannot have",
            )
            .into()),
        }
    }

    /// Whether there may be `found` entries. Tools without zip64 count on from 0 after 65,535, and
    /// Info-ZIP, Go's archive/zip, Python's zipfile and Java's ZipFile read what they write.
    pub(crate) fn counts(&self, found: u64) -> bool {
        const WRAP: u64 = 1 << 16;
        self.entries == found || (!self.is_wide && self.entries == found % WRAP)
    }
}

/// What either end record says of the directory.
pub(crate) struct Numbers {
    pub(crate) entries: u64,
    pub(crate) size: u64,
    pub(crate) offset: u64,
}

/// The numbers of the old end record, after its signature. Source: APPNOTE.TXT 4.3.16.
struct Old {
    this_disk: u16,
    directory_disk: u16,
    entries_on_this_disk: u16,
    entries: u16,
    size: u32,
    offset: u32,
}

impl Old {
    fn of(record: &[u8]) -> Self {
        let mut fields = Fields(&record[SIGNATURE.len()..]);
        Self {
            this_disk: fields.u16(),
            directory_disk: fields.u16(),
            entries_on_this_disk: fields.u16(),
            entries: fields.u16(),
            size: fields.u32(),
            offset: fields.u32(),
        }
    }

    fn numbers(&self) -> Numbers {
        Numbers {
            entries: self.entries.into(),
            size: self.size.into(),
            offset: self.offset.into(),
        }
    }

    /// Whether something does not fit into this record, and is in that with 64 bits. There may be
    /// one without need.
    fn needs_wide(&self) -> bool {
        self.entries == u16::MAX || self.size == u32::MAX || self.offset == u32::MAX
    }

    fn is_one_of_several(&self) -> bool {
        (self.this_disk, self.directory_disk) != (0, 0) || self.entries_on_this_disk != self.entries
    }

    /// Whether each number is the same here, or the mark for what is only there.
    fn agrees_with(&self, wide: &Numbers) -> bool {
        let short = |number: u16, wide: u64| number == u16::MAX || wide == u64::from(number);
        let long = |number: u32, wide: u64| number == u32::MAX || wide == u64::from(number);
        short(self.this_disk, 0)
            && short(self.directory_disk, 0)
            && short(self.entries_on_this_disk, wide.entries)
            && short(self.entries, wide.entries)
            && long(self.size, wide.size)
            && long(self.offset, wide.offset)
    }
}

fn comment_length(record: &[u8]) -> usize {
    usize::from(Fields(record).skip(LENGTH - 2).u16())
}
