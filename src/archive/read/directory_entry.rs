//! An entry of the central directory.

use std::fmt;
use std::io;
use std::sync::Arc;

use super::defect::{Defect, Fault};
use super::fields::{Fields, are_whole, extra_fields};
use super::name::Name;

const SIGNATURE: &[u8] = b"PK\x01\x02";
const LENGTH: usize = 46;
/// The tag of the zip64 extra field. Source: APPNOTE.TXT 4.5.3.
const ZIP64: u16 = 1;

/// Bits of the general purpose flags. Source: APPNOTE.TXT 4.4.4.
mod flag {
    pub(super) const ENCRYPTED: u16 = 1;
    pub(super) const DATA_DESCRIPTOR: u16 = 1 << 3;
    pub(super) const PATCH: u16 = 1 << 5;
    pub(super) const STRONGLY_ENCRYPTED: u16 = 1 << 6;
    pub(super) const UTF8: u16 = 1 << 11;
    pub(super) const MASKED: u16 = 1 << 13;
}

/// Systems that attributes can be for. Source: APPNOTE.TXT 4.4.2.
mod host {
    pub(super) const UNIX: u8 = 3;
    /// Go's archive/zip reads it as Unix. Info-ZIP and Lambda take no permissions from it.
    pub(super) const MACOS: u8 = 19;
}

/// The compression method of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Stored,
    Deflated,
    /// A method by its number in APPNOTE.TXT 4.4.5.
    Other(u16),
}

/// Source: APPNOTE.TXT 4.4.5.
impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Stored => "no method",
            Self::Deflated => "deflate",
            Self::Other(9) => "deflate64",
            Self::Other(12) => "bzip2",
            Self::Other(14) => "LZMA",
            Self::Other(20 | 93) => "zstd",
            Self::Other(95) => "xz",
            Self::Other(98) => "PPMd",
            Self::Other(number) => return write!(f, "method {number}"),
        };
        f.write_str(name)
    }
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

/// An entry as the central directory declares it. Source: APPNOTE.TXT 4.3.12.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CentralDirectoryEntry {
    name: Name,
    /// The system that the attributes are for: the upper byte of "version made by".
    pub(crate) host: u8,
    /// The version of APPNOTE.TXT that a reader needs, times ten: the lower byte of "version
    /// needed to extract". Source: APPNOTE.TXT 4.4.3.
    version_needed: u8,
    pub(super) flags: u16,
    pub(crate) method: Method,
    pub(super) crc32: u32,
    /// The size in the zip in bytes, as declared.
    pub(crate) compressed: u64,
    /// The unpacked size in bytes, as declared.
    pub(crate) size: u64,
    /// The external attributes. On Unix, the type and the permissions are in the upper half.
    pub(crate) attributes: u32,
    /// True if all extra fields are as long as they declare.
    pub(super) has_whole_fields: bool,
    /// True if it begins in another file of a zip that is split into several: its disk number is
    /// not 0.
    is_in_other_part: bool,
    /// The offset of the local header in the file.
    pub(super) offset: u64,
}

impl CentralDirectoryEntry {
    /// Reads an entry from the beginning of `rest`, and leaves what follows it.
    pub(super) fn parse(rest: &mut &[u8], prefix_len: u64) -> Result<Self, Defect> {
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
        let disk = fields.u16();
        let attributes = fields.skip(2).u32();
        let offset = fields.u32();
        let mut variable = Fields(&rest[LENGTH..]);
        if variable.0.len() < lengths.iter().sum() {
            return Err(damaged());
        }
        let [name, extra, _comment] = lengths.map(|length| variable.bytes(length));
        *rest = variable.0;

        let mut zip64 = Zip64Extra::find(extra);
        let [size, compressed, offset] = [size, compressed, offset].map(|n| zip64.resolve(n));
        let is_in_other_part = zip64.resolve_disk(disk) != 0;
        let offset = offset.and_then(|offset| offset.checked_add(prefix_len));
        let (Some(size), Some(compressed), Some(offset)) = (size, compressed, offset) else {
            return Err(damaged());
        };
        Ok(Self {
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
            is_in_other_part,
            offset,
        })
    }

    /// The name as text.
    pub(crate) fn name(&self) -> &Arc<str> {
        &self.name.text
    }

    /// True if another header gives the entry the same name.
    pub(super) fn has_same_name(&self, raw_name: &[u8], extra: &[u8], flags: u16) -> bool {
        let name = Name::of(raw_name, extra, flags & flag::UTF8 != 0);
        name.raw() == self.name.raw() && name.text == self.name.text
    }

    /// True if some readers read another name.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.name.is_ambiguous
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        /// The method number of AES encryption. Source: APPNOTE.TXT, appendix E.
        const AES: Method = Method::Other(99);
        let encrypted = flag::ENCRYPTED | flag::STRONGLY_ENCRYPTED | flag::MASKED;
        self.flags & encrypted != 0 || self.method == AES
    }

    /// The reason why Lambda cannot unpack it: it is "encrypted", or "compressed by bzip2". `None` for
    /// an entry that is stored or deflated, and not encrypted.
    pub(crate) fn why_closed(&self) -> Option<String> {
        if self.is_encrypted() {
            return Some("encrypted".to_owned());
        }
        let is_other = matches!(self.method, Method::Other(_));
        is_other.then(|| format!("compressed by {}", self.method))
    }

    /// `true` if the attributes have the type of a file.
    pub(crate) fn has_type(&self) -> bool {
        [host::UNIX, host::MACOS].contains(&self.host)
    }

    /// The type of a file, in the bits of `st_mode`.
    pub(crate) fn stat_type(&self) -> u32 {
        (self.attributes >> 16) & 0o170_000
    }

    /// `true` for a symbolic link.
    pub(crate) fn is_link(&self) -> bool {
        self.has_type() && self.stat_type() == 0o120_000
    }

    /// The permission bits; `None` if the attributes are not those of Unix.
    pub(crate) fn permissions(&self) -> Option<u32> {
        (self.host == host::UNIX).then_some((self.attributes >> 16) & 0o7777)
    }

    /// The end of its data, if its local header has no extra field.
    pub(super) fn least_end(&self) -> u64 {
        /// The length of a local header without its name. Source: APPNOTE.TXT 4.3.7.
        const LOCAL: u64 = 30;
        let header = LOCAL + self.name.raw().len() as u64;
        self.offset
            .saturating_add(header)
            .saturating_add(self.compressed)
    }

    /// A feature that readers do not support. The version that another method or encryption needs is
    /// none: [`Self::why_closed`] says the reason.
    ///
    /// Source: Info-ZIP's unzip skips entries that need a later version than 4.6, which is that of
    /// bzip2. Python's zipfile refuses patched data, and zips with an entry that needs a later
    /// version than 6.3.
    pub(super) fn unknown_feature(&self) -> Option<String> {
        const NEWEST: u8 = 46;
        if self.is_in_other_part {
            let why = "begins in another part of the zip by its disk number: 7-Zip refuses it";
            return Some(why.to_owned());
        }
        if self.flags & flag::PATCH != 0 {
            return Some("is marked as patched data, which readers do not support".to_owned());
        }
        let version = self.version_needed;
        (version > NEWEST && self.why_closed().is_none()).then(|| {
            format!(
                "declares that it needs version {}.{} of the zip format, which readers refuse, \
                 although it is stored or deflated",
                version / 10,
                version % 10
            )
        })
    }

    /// True if a data descriptor follows the data, with the sizes and the checksum.
    pub(crate) fn has_descriptor(&self) -> bool {
        self.flags & flag::DATA_DESCRIPTOR != 0
    }

    /// A defect of this entry; `why` is a predicate, such as "is cut off".
    pub(super) fn defect(&self, why: &str) -> Defect {
        Defect {
            entry: Some(self.name().to_string()),
            why: why.to_owned(),
        }
    }

    pub(super) fn damaged_data(&self) -> Defect {
        self.defect("has damaged data")
    }

    pub(super) fn wrong_size(&self) -> Defect {
        self.defect("does not unpack to the size it declares")
    }

    /// The fault of a failed read: bytes that are not there are a defect of the entry.
    pub(super) fn read_fault(&self, error: io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.defect("is cut off").into(),
            _ => Fault::Io(error),
        }
    }
}

/// The zip64 extra field: the numbers, in a fixed order, that do not fit their 32-bit fields.
pub(super) struct Zip64Extra<'a>(Fields<'a>);

impl<'a> Zip64Extra<'a> {
    pub(super) fn find(extra: &'a [u8]) -> Self {
        let field = extra_fields(extra).find(|(tag, _)| *tag == ZIP64);
        Self(Fields(field.map_or(&[], |(_, data)| data)))
    }

    /// The number itself, or the next one of this field if it is the mark for that.
    pub(super) fn resolve(&mut self, number: u32) -> Option<u64> {
        if number < u32::MAX {
            return Some(number.into());
        }
        (self.0.0.len() >= 8).then(|| self.0.u64())
    }

    /// The number of the part that an entry begins in, or the last number of this field if it is
    /// the mark for that.
    fn resolve_disk(&mut self, number: u16) -> u32 {
        if number == u16::MAX && self.0.0.len() >= 4 {
            return self.0.u32();
        }
        number.into()
    }
}
