//! The end of central directory record (EOCD). A reader starts from it.

use super::defect::{Defect, Fault};
use super::eocd_fields::{EocdFields, SEVERAL_PARTS};
use super::fields::Fields;
use super::source::{Source, read};
use super::zip64_eocd::{self, Search};

const SIGNATURE: &[u8] = b"PK\x05\x06";
const LENGTH: usize = 22;
/// The longest comment, in bytes: its length is a 16-bit number.
const LONGEST_COMMENT: usize = 0xffff;

/// The location of the central directory. Source: APPNOTE.TXT 4.3.14 to 4.3.16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Eocd {
    /// The number of entries, as declared.
    pub(super) entries: u64,
    /// True if the zip has a zip64 end record.
    pub(super) is_zip64: bool,
    /// The offset of the directory in the file.
    pub(super) directory: u64,
    /// The size of the directory in bytes.
    pub(super) size: u64,
    /// The number of bytes in front of the zip, which have to be added to every offset in it.
    /// Info-ZIP, Go's archive/zip, Python's zipfile and Java's ZipFile all allow for such a prefix.
    pub(super) prefix_len: u64,
    /// The number of bytes after the end record and its comment.
    pub(super) after: u64,
}

impl Eocd {
    /// Finds the last end record, as all readers do. A comment may contain another.
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
            .ok_or_else(|| Defect::zip("it has no end record: it is cut off, or is not a zip"))?;
        let record = &tail[at..];
        let offset = length - reach + at as u64;
        let after = (record.len() - LENGTH - comment_length(record)) as u64;

        let classic = ClassicEocd::parse(record);
        match zip64_eocd::find(source, offset)? {
            Search::Found(zip64) => {
                let found = Self::new(&zip64.fields, true, zip64.offset, after)?;
                if !classic.agrees_with(&zip64.fields) {
                    return Err(Defect::zip("its two end records contradict each other").into());
                }
                if zip64.declared.checked_add(found.prefix_len) != Some(zip64.offset) {
                    return Err(Defect::zip("its zip64 locator points to another place").into());
                }
                Ok(found)
            }
            Search::NoRecord if classic.needs_zip64() => Err(Defect::zip(
                "it has no zip64 end record where its zip64 locator points to",
            )
            .into()),
            // Other bytes may look like a locator.
            Search::NoRecord | Search::NoLocator if classic.is_one_of_several() => {
                Err(Defect::zip(SEVERAL_PARTS).into())
            }
            Search::NoRecord | Search::NoLocator => {
                Self::new(&classic.fields(), false, offset, after)
            }
        }
    }

    /// `end` is the offset at which the directory has to end.
    fn new(fields: &EocdFields, is_zip64: bool, end: u64, after: u64) -> Result<Self, Fault> {
        let directory = end.checked_sub(fields.size);
        let prefix_len = directory.and_then(|directory| directory.checked_sub(fields.offset));
        match (directory, prefix_len) {
            (Some(directory), Some(prefix_len)) => Ok(Self {
                entries: fields.entries,
                is_zip64,
                directory,
                size: fields.size,
                prefix_len,
                after,
            }),
            _ => Err(Defect::zip("its end record gives the directory an impossible offset").into()),
        }
    }

    /// True if the declared number of entries agrees with `found`. Tools without zip64 continue
    /// with 0 after 65,535, and Info-ZIP, Go's archive/zip, Python's zipfile and Java's ZipFile
    /// read their zips.
    pub(super) fn counts(&self, found: u64) -> bool {
        const WRAP: u64 = 1 << 16;
        self.entries == found || (!self.is_zip64 && self.entries == found % WRAP)
    }
}

/// The numbers of the end record without zip64. Source: APPNOTE.TXT 4.3.16.
struct ClassicEocd {
    this_disk: u16,
    directory_disk: u16,
    entries_on_this_disk: u16,
    entries: u16,
    size: u32,
    offset: u32,
}

impl ClassicEocd {
    fn parse(record: &[u8]) -> Self {
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

    fn fields(&self) -> EocdFields {
        EocdFields {
            entries: self.entries.into(),
            size: self.size.into(),
            offset: self.offset.into(),
        }
    }

    /// True if a number does not fit and is only in the zip64 end record. A zip may have that
    /// record without need.
    fn needs_zip64(&self) -> bool {
        self.entries == u16::MAX || self.size == u32::MAX || self.offset == u32::MAX
    }

    fn is_one_of_several(&self) -> bool {
        (self.this_disk, self.directory_disk) != (0, 0) || self.entries_on_this_disk != self.entries
    }

    /// True if each number is the same in both records, or is the mark for "see the zip64 record".
    fn agrees_with(&self, zip64: &EocdFields) -> bool {
        let short = |number: u16, wide: u64| number == u16::MAX || wide == u64::from(number);
        let long = |number: u32, wide: u64| number == u32::MAX || wide == u64::from(number);
        short(self.this_disk, 0)
            && short(self.directory_disk, 0)
            && short(self.entries_on_this_disk, zip64.entries)
            && short(self.entries, zip64.entries)
            && long(self.size, zip64.size)
            && long(self.offset, zip64.offset)
    }
}

fn comment_length(record: &[u8]) -> usize {
    usize::from(Fields(record).skip(LENGTH - 2).u16())
}
