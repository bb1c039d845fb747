//! The central directory: what a zip says that it contains.

use super::end::End;
use super::fields::{Fields, extra_fields};
use super::name::Name;
use super::source::{Source, read};
use super::{Broken, Fault};

const SIGNATURE: &[u8] = b"PK\x01\x02";
const LENGTH: usize = 46;
/// The tag of the extra field with 64-bit numbers. Source: APPNOTE.TXT 4.5.3.
const ZIP64: u16 = 1;
/// Bytes of a directory that is read. A package of 250 MiB with 100 000 files has less than half
/// of it; all that is larger only costs memory.
const MOST: u64 = 32 * 1024 * 1024;

/// Bits of the general purpose flags. Source: APPNOTE.TXT 4.4.4.
mod flag {
    pub(super) const ENCRYPTED: u16 = 1;
    pub(super) const DATA_DESCRIPTOR: u16 = 1 << 3;
    pub(super) const STRONGLY_ENCRYPTED: u16 = 1 << 6;
    pub(super) const UTF8: u16 = 1 << 11;
    pub(super) const MASKED: u16 = 1 << 13;
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
pub(crate) struct Record {
    /// The bytes of its name, in whatever encoding.
    pub(super) raw_name: Vec<u8>,
    pub(super) name: Name,
    /// The system whose attributes it has: the upper byte of "version made by".
    pub(crate) host: u8,
    pub(super) flags: u16,
    pub(crate) method: Method,
    pub(super) crc32: u32,
    /// The size in the zip, as declared.
    pub(crate) compressed: u64,
    /// The size once unpacked, as declared.
    pub(crate) size: u64,
    /// The external attributes: on Unix, type and permissions in the upper half.
    pub(crate) attributes: u32,
    /// Whether its extra fields are as long as they say.
    pub(super) has_whole_fields: bool,
    /// Where its local header is.
    pub(super) place: u64,
    /// Where the next entry or the directory begins: it must not reach beyond.
    pub(super) limit: u64,
}

impl Record {
    /// Its name, as far as it is UTF-8.
    pub(crate) fn name(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.name.bytes)
    }

    /// Whether its name is the same by what another header says.
    pub(super) fn is_called_so_in(&self, raw_name: &[u8], extra: &[u8], flags: u16) -> bool {
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

    /// Whether its sizes and checksum stand behind its data, for those who read from the front.
    pub(crate) fn has_descriptor(&self) -> bool {
        self.flags & flag::DATA_DESCRIPTOR != 0
    }
}

/// What could be read of a directory: all of it, or what precedes the first thing wrong.
pub(super) struct Directory {
    pub(super) records: Vec<Record>,
    pub(super) fault: Option<Broken>,
}

impl Directory {
    pub(super) fn read(source: &dyn Source, end: &End) -> Result<Self, Fault> {
        if end.size > MOST {
            let mib = end.size / 1024 / 1024;
            return Err(Broken::zip(format!(
                "its directory alone is {mib} MiB, which is not read"
            ))
            .into());
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most `MOST`")]
        let bytes = read(source, end.directory, end.size as usize)?;
        let mut rest = bytes.as_slice();
        let mut directory = Self {
            records: Vec::new(),
            fault: None,
        };
        while !rest.is_empty() {
            match record(&mut rest, end.shift) {
                Ok(record) => directory.records.push(record),
                Err(fault) => {
                    directory.fault = Some(fault);
                    break;
                }
            }
        }
        let found = directory.records.len();
        if directory.fault.is_none() && found as u64 != end.entries {
            directory.fault = Some(Broken::zip(format!(
                "its end record counts {} entries, but its directory has {found}",
                end.entries
            )));
        }
        directory.set_limits(end.directory);
        Ok(directory)
    }

    /// An entry may reach to where the next one begins, the last to the directory.
    fn set_limits(&mut self, directory: u64) {
        let mut places: Vec<u64> = self.records.iter().map(|record| record.place).collect();
        places.sort_unstable();
        for record in &mut self.records {
            // Of entries at one place, which are no honest ones, none has any room.
            let first = places.partition_point(|place| *place < record.place);
            record.limit = places
                .get(first + 1)
                .copied()
                .unwrap_or(directory)
                .min(directory);
        }
    }
}

fn record(rest: &mut &[u8], shift: u64) -> Result<Record, Broken> {
    let damaged = || Broken::zip("its directory is damaged");
    if rest.len() < LENGTH || !rest.starts_with(SIGNATURE) {
        return Err(damaged());
    }
    let mut fields = Fields(rest);
    let [_, host] = fields.skip(4).u16().to_le_bytes();
    let flags = fields.skip(2).u16();
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
    Ok(Record {
        raw_name: name.to_vec(),
        name: Name::of(name, extra, flags & flag::UTF8 != 0),
        host,
        flags,
        method,
        crc32,
        compressed,
        size,
        attributes,
        has_whole_fields: are_whole(extra),
        place,
        limit: 0,
    })
}

/// Whether each extra field ends where it says. Less than the head of one at the end is padding.
fn are_whole(mut extra: &[u8]) -> bool {
    while extra.len() >= 4 {
        let length = usize::from(Fields(extra).skip(2).u16());
        match extra[4..].get(length..) {
            Some(rest) => extra = rest,
            None => return false,
        }
    }
    true
}

/// The numbers of the zip64 extra field: those, in this order, that do not fit their own place.
pub(super) struct Wide<'a>(Fields<'a>);

impl<'a> Wide<'a> {
    pub(super) fn find(extra: &'a [u8]) -> Self {
        let field = extra_fields(extra).find(|(tag, _)| *tag == ZIP64);
        Self(Fields(field.map_or(&[], |(_, data)| data)))
    }

    /// The number itself, or what stands for it here if it is the mark for that.
    pub(super) fn or(&mut self, number: u32) -> Option<u64> {
        if number < u32::MAX {
            return Some(number.into());
        }
        (self.0.0.len() >= 8).then(|| self.0.u64())
    }
}
