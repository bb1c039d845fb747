//! The central directory: what a zip says that it contains.

use super::eocd::End;
use super::fields::{Fields, are_whole, extra_fields};
use super::name::Name;
use super::source::{Source, read};
use super::zip::{Defect, Fault};

const SIGNATURE: &[u8] = b"PK\x01\x02";
const LENGTH: usize = 46;
/// The tag of the extra field with 64-bit numbers. Source: APPNOTE.TXT 4.5.3.
const ZIP64: u16 = 1;
/// Bytes of a directory that is read. A package of 250 MiB with 100 000 files has less than half
/// of it; all that is larger only costs memory.
const MOST: u64 = 32 * 1024 * 1024;

/// Bits of the general purpose flags. Source: APPNOTE.TXT 4.4.4.
mod flag {
    pub(crate) const ENCRYPTED: u16 = 1;
    pub(crate) const DATA_DESCRIPTOR: u16 = 1 << 3;
    pub(crate) const PATCH: u16 = 1 << 5;
    pub(crate) const STRONGLY_ENCRYPTED: u16 = 1 << 6;
    pub(crate) const UTF8: u16 = 1 << 11;
    pub(crate) const MASKED: u16 = 1 << 13;
}

/// How an entry is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Stored,
    Deflated,
    /// By the number it has in APPNOTE.TXT 4.4.5.
    Other(u16),
}

impl From<u16> for Method {
    fn from(number: u16) -> Self {
        match number {
            0 => Self::Stored,
            8 => Self::Deflated,
            other => Self::Other(other),
        }
    }
}

/// An entry, as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CentralDirectoryEntry {
    /// The bytes of its name, in whatever encoding.
    pub(crate) raw_name: Vec<u8>,
    pub(crate) name: Name,
    /// The system whose attributes it has: the upper byte of "version made by".
    pub(crate) host: u8,
    /// What a reader has to know, as the version of APPNOTE.TXT times ten: the lower byte of "version
    /// needed to extract". Source: APPNOTE.TXT 4.4.3.
    version_needed: u8,
    pub(crate) flags: u16,
    pub(crate) method: Method,
    pub(crate) crc32: u32,
    /// The size in the zip, as declared.
    pub(crate) compressed: u64,
    /// The size once unpacked, as declared.
    pub(crate) size: u64,
    /// The external attributes: on Unix, type and permissions in the upper half.
    pub(crate) attributes: u32,
    /// Whether its extra fields are as long as they say.
    pub(crate) has_whole_fields: bool,
    /// Where its local header is.
    pub(crate) place: u64,
}

impl CentralDirectoryEntry {
    /// Its name, as text.
    pub(crate) fn name(&self) -> std::borrow::Cow<'_, str> {
        self.name.text()
    }

    /// Whether its name is the same by what another header says.
    pub(crate) fn is_called_so_in(&self, raw_name: &[u8], extra: &[u8], flags: u16) -> bool {
        let name = Name::of(raw_name, extra, flags & flag::UTF8 != 0);
        raw_name == self.raw_name && name.bytes == self.name.bytes
    }

    /// Whether some readers take its name for another.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.name.is_ambiguous
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        /// The method that AES encryption pretends to be. Source: APPNOTE.TXT, appendix E.
        const AES: Method = Method::Other(99);
        let encrypted = flag::ENCRYPTED | flag::STRONGLY_ENCRYPTED | flag::MASKED;
        self.flags & encrypted != 0 || self.method == AES
    }

    /// What of it readers do not know, although it is stored or deflated.
    ///
    /// Source: Info-ZIP's unzip skips what needs more than version 4.6, which is that of bzip2, and
    /// Python's zipfile refuses patches, and zips with anything that needs more than 6.3.
    pub(crate) fn unknown_feature(&self) -> Option<String> {
        const NEWEST: u8 = 46;
        if self.flags & flag::PATCH != 0 {
            return Some("is marked as patched data, which readers do not know".to_owned());
        }
        let version = self.version_needed;
        (version > NEWEST).then(|| {
            format!(
                "is said to need version {}.{} of the zip format, which readers refuse, although it \
                 is stored or deflated",
                version / 10,
                version % 10
            )
        })
    }

    /// Whether its sizes and checksum stand behind its data, for those who read from the front.
    pub(crate) fn has_descriptor(&self) -> bool {
        self.flags & flag::DATA_DESCRIPTOR != 0
    }
}

/// What could be read of a directory: all of it, or what precedes the first thing wrong.
pub(crate) struct Directory {
    pub(crate) entries: Vec<CentralDirectoryEntry>,
    pub(crate) fault: Option<Defect>,
}

impl Directory {
    pub(crate) fn read(source: &dyn Source, end: &End) -> Result<Self, Fault> {
        if end.size > MOST {
            let mib = end.size / 1024 / 1024;
            return Err(Defect::zip(format!(
                "its directory alone is {mib} MiB, which is not read"
            ))
            .into());
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most `MOST`")]
        let bytes = read(source, end.directory, end.size as usize)?;
        let mut rest = bytes.as_slice();
        let mut directory = Self {
            entries: Vec::new(),
            fault: None,
        };
        while !rest.is_empty() {
            match record(&mut rest, end.shift) {
                Ok(record) => directory.entries.push(record),
                Err(fault) => {
                    directory.fault = Some(fault);
                    break;
                }
            }
        }
        let found = directory.entries.len();
        if directory.fault.is_none() && !end.counts(found as u64) {
            directory.fault = Some(Defect::zip(format!(
                "its end record counts {} entries, but its directory has {found}",
                end.entries
            )));
        }
        Ok(directory)
    }
}

/// How far entries may reach.
pub(crate) struct Limits {
    /// Where entries are, in order.
    places: Vec<u64>,
    /// Where the directory is.
    directory: u64,
}

impl Limits {
    pub(crate) fn of(records: &[CentralDirectoryEntry], end: &End) -> Self {
        let mut places: Vec<u64> = records.iter().map(|record| record.place).collect();
        places.sort_unstable();
        Self {
            places,
            directory: end.directory,
        }
    }

    /// Where the next entry begins, or else the directory: the entry must not reach beyond.
    pub(crate) fn of_entry(&self, record: &CentralDirectoryEntry) -> u64 {
        // Of entries at one place, which are no honest ones, none has any room.
        let first = self.places.partition_point(|place| *place < record.place);
        let next = self.places.get(first + 1).copied();
        next.unwrap_or(self.directory).min(self.directory)
    }

    /// Where the first entry is.
    pub(crate) fn first(&self) -> Option<u64> {
        self.places.first().copied()
    }
}

fn record(rest: &mut &[u8], shift: u64) -> Result<CentralDirectoryEntry, Defect> {
    let damaged = || Defect::zip("its directory is damaged");
    if rest.len() < LENGTH || !rest.starts_with(SIGNATURE) {
        return Err(damaged());
    }
    let mut fields = Fields(rest);
    let [_, host] = fields.skip(4).u16().to_le_bytes();
    let [version_needed, _] = fields.u16().to_le_bytes();
    let flags = fields.u16();
    let method = fields.u16().into();
    let crc32 = fields.skip(4).u32();
    let [compressed, size] = [fields.u32(), fields.u32()];
    let lengths = [fields.u16(), fields.u16(), fields.u16()].map(usize::from);
    let attributes = fields.skip(4).u32();
    let place = fields.u32();
    let mut variable = Fields(&rest[LENGTH..]);
    if variable.0.len() < lengths.iter().sum() {
        return Err(damaged());
    }
    let [name, extra, _comment] = lengths.map(|length| variable.bytes(length));
    *rest = variable.0;

    let mut wide = Wide::find(extra);
    let [size, compressed, place] = [size, compressed, place].map(|number| wide.or(number));
    let place = place.and_then(|place| place.checked_add(shift));
    let (Some(size), Some(compressed), Some(place)) = (size, compressed, place) else {
        return Err(damaged());
    };
    Ok(CentralDirectoryEntry {
        raw_name: name.to_vec(),
        name: Name::of(name, extra, flags & flag::UTF8 != 0),
        host,
        version_needed,
        flags,
        method,
        crc32,
        compressed,
        size,
        attributes,
        has_whole_fields: are_whole(extra),
        place,
    })
}

/// The numbers of the zip64 extra field: those, in this order, that do not fit their own place.
pub(crate) struct Wide<'a>(Fields<'a>);

impl<'a> Wide<'a> {
    pub(crate) fn find(extra: &'a [u8]) -> Self {
        let field = extra_fields(extra).find(|(tag, _)| *tag == ZIP64);
        Self(Fields(field.map_or(&[], |(_, data)| data)))
    }

    /// The number itself, or what stands for it here if it is the mark for that.
    pub(crate) fn or(&mut self, number: u32) -> Option<u64> {
        if number < u32::MAX {
            return Some(number.into());
        }
        (self.0.0.len() >= 8).then(|| self.0.u64())
    }
}
