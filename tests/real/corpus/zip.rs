//! Zips made byte by byte, so that a test can have any that a program, or somebody
//! with bad intentions, could make. What the tool reads is not made by its own library.
//!
//! The names and the order of the fields are those of the format's specification:
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

use libdeflater::{CompressionLvl, Compressor};

// Systems that an entry may be of.
pub(super) const DOS: u8 = 0;
pub(super) const UNIX: u8 = 3;
pub(super) const MACOS: u8 = 19;

// Methods of compression.
pub(super) const STORED: u16 = 0;
pub(super) const DEFLATED: u16 = 8;

// Flags.
pub(super) const ENCRYPTED: u16 = 1;
pub(super) const DESCRIPTOR_FOLLOWS: u16 = 1 << 3;
pub(super) const UTF8: u16 = 1 << 11;

// The type of a file, in the upper bits of its mode.
pub(super) const FILE: u32 = 0o100_000;
pub(super) const FOLDER: u32 = 0o040_000;
pub(super) const LINK: u32 = 0o120_000;

/// Stands in a field of 32 bits whose value is in the extra field for zip64.
pub(super) const IN_ZIP64: u32 = u32::MAX;

/// What is said of an entry twice: before its data, and in the directory.
#[derive(Clone)]
pub(super) struct Header {
    pub(super) version_needed: u16,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) time: u16,
    pub(super) date: u16,
    pub(super) crc: u32,
    pub(super) packed: u32,
    pub(super) size: u32,
    pub(super) name: Vec<u8>,
    pub(super) extra: Vec<u8>,
}

impl Header {
    /// The fields that both headers have in common, up to the lengths of name and extra.
    fn write_common(&self, bytes: &mut Vec<u8>) {
        let Self { time, date, .. } = *self;
        for field in [self.version_needed, self.flags, self.method, time, date] {
            bytes.extend(field.to_le_bytes());
        }
        for field in [self.crc, self.packed, self.size] {
            bytes.extend(field.to_le_bytes());
        }
        for length in [self.name.len(), self.extra.len()] {
            bytes.extend(half(length).to_le_bytes());
        }
    }
}

#[derive(Clone)]
pub(super) struct Entry {
    pub(super) local: Header,
    pub(super) central: Header,
    pub(super) host: u8,
    /// With the mode in its upper half, if the host is Unix.
    pub(super) attributes: u32,
    pub(super) comment: Vec<u8>,
    /// As it lies in the zip.
    pub(super) data: Vec<u8>,
    /// What follows the data: a data descriptor, or anything that no entry owns.
    pub(super) after: Vec<u8>,
    /// Where the directory says the entry is, unless that is where it is.
    pub(super) offset: Option<u32>,
}

impl Entry {
    /// An executable file, deflated.
    pub(super) fn new(name: impl AsRef<[u8]>, contents: &[u8]) -> Self {
        let mut compressor = Compressor::new(CompressionLvl::default());
        let mut data = vec![0; compressor.deflate_compress_bound(contents.len())];
        let length = compressor.deflate_compress(contents, &mut data).unwrap();
        data.truncate(length);
        Self::packed(name, contents, DEFLATED, data)
    }

    pub(super) fn stored(name: impl AsRef<[u8]>, contents: &[u8]) -> Self {
        Self::packed(name, contents, STORED, contents.to_vec())
    }

    /// A file that has been compressed by any method.
    pub(super) fn packed(
        name: impl AsRef<[u8]>,
        contents: &[u8],
        method: u16,
        data: Vec<u8>,
    ) -> Self {
        let header = Header {
            version_needed: 20,
            flags: 0,
            method,
            time: 0,
            // The first of January 1980.
            date: 1 << 5 | 1,
            crc: crc32fast::hash(contents),
            packed: word(data.len()),
            size: word(contents.len()),
            name: name.as_ref().to_vec(),
            extra: Vec::new(),
        };
        Self {
            local: header.clone(),
            central: header,
            host: UNIX,
            attributes: (FILE | 0o755) << 16,
            comment: Vec::new(),
            data,
            after: Vec::new(),
            offset: None,
        }
    }

    /// A folder of its own; `name` ends in a slash.
    pub(super) fn folder(name: &str) -> Self {
        Self {
            attributes: (FOLDER | 0o755) << 16,
            ..Self::stored(name, b"")
        }
    }

    pub(super) fn link(name: &str, target: &str) -> Self {
        Self {
            attributes: (LINK | 0o777) << 16,
            ..Self::stored(name, target.as_bytes())
        }
    }

    /// With another mode, and what type it is.
    pub(super) fn mode(self, mode: u32) -> Self {
        let kept = (self.attributes >> 16) & 0o170_000;
        Self {
            attributes: (kept | mode) << 16,
            ..self
        }
    }

    /// With the same change made to both headers.
    pub(super) fn both(mut self, change: impl Fn(&mut Header)) -> Self {
        change(&mut self.local);
        change(&mut self.central);
        self
    }

    /// With any other change.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// As written by a program that could not go back to fill in the header: sizes and
    /// checksum follow the data.
    pub(super) fn descriptor(mut self, signature: bool) -> Self {
        if signature {
            self.after.extend(b"PK\x07\x08");
        }
        let Header {
            crc, packed, size, ..
        } = self.central;
        for field in [crc, packed, size] {
            self.after.extend(field.to_le_bytes());
        }
        self.local.crc = 0;
        self.local.packed = 0;
        self.local.size = 0;
        self.both(|header| header.flags |= DESCRIPTOR_FOLLOWS)
    }

    /// With sizes of 64 bits, which are too large for the header or need not be.
    pub(super) fn zip64(self, size: u64, packed: u64) -> Self {
        self.both(|header| {
            header.version_needed = 45;
            header.size = IN_ZIP64;
            header.packed = IN_ZIP64;
            header.extra = [size.to_le_bytes(), packed.to_le_bytes()].concat();
            header.extra.splice(..0, [1, 0, 16, 0]);
        })
    }

    fn write_local(&self, bytes: &mut Vec<u8>) {
        bytes.extend(b"PK\x03\x04");
        self.local.write_common(bytes);
        bytes.extend(&self.local.name);
        bytes.extend(&self.local.extra);
        bytes.extend(&self.data);
        bytes.extend(&self.after);
    }

    fn write_central(&self, bytes: &mut Vec<u8>, offset: u32) {
        bytes.extend(b"PK\x01\x02");
        // "Made by" version 2.0 of the specification.
        bytes.extend([20, self.host]);
        self.central.write_common(bytes);
        bytes.extend(half(self.comment.len()).to_le_bytes());
        // The disk, and attributes that say whether it is text.
        bytes.extend([0; 4]);
        bytes.extend(self.attributes.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.extend(&self.central.name);
        bytes.extend(&self.central.extra);
        bytes.extend(&self.comment);
    }
}

/// A zip of entries. Every offset is right, unless an entry says otherwise.
#[derive(Clone, Default)]
pub(super) struct Zip {
    /// What comes before the first entry, such as the program of a self-extractor.
    pub(super) before: Vec<u8>,
    /// Whether offsets are from the first entry, and not from the start of the file.
    pub(super) offsets_without_before: bool,
    pub(super) entries: Vec<Entry>,
    /// Whether the end record is of zip64.
    pub(super) zip64_end: bool,
    /// Whether there is one beside the end record that tells all by itself.
    pub(super) zip64_end_too: bool,
    /// The number of entries that the end record tells, if another.
    pub(super) declared_entries: Option<u16>,
    /// The directory's size that the end record tells, if another.
    pub(super) declared_directory: Option<u32>,
    pub(super) comment: Vec<u8>,
    /// What comes after the end.
    pub(super) trailing: Vec<u8>,
}

impl Zip {
    pub(super) fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            ..Self::default()
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.before.clone();
        let base = if self.offsets_without_before {
            bytes.len()
        } else {
            0
        };
        let mut offsets = Vec::new();
        for entry in &self.entries {
            offsets.push(word(bytes.len() - base));
            entry.write_local(&mut bytes);
        }
        let start = bytes.len();
        for (entry, &offset) in self.entries.iter().zip(&offsets) {
            entry.write_central(&mut bytes, entry.offset.unwrap_or(offset));
        }
        let size = bytes.len() - start;
        self.write_end(&mut bytes, start - base, size);
        bytes.extend(&self.trailing);
        bytes
    }

    fn write_end(&self, bytes: &mut Vec<u8>, start: usize, size: usize) {
        let count = self.entries.len();
        let (mut short_count, mut short_size, mut short_start) =
            (u16::try_from(count).ok(), word(size), word(start));
        if self.zip64_end || self.zip64_end_too {
            let record = bytes.len();
            bytes.extend(b"PK\x06\x06");
            // The rest of the record; made by and needing version 4.5; the disks.
            bytes.extend(44_u64.to_le_bytes());
            bytes.extend([45, UNIX, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for field in [count, count, size, start] {
                bytes.extend((field as u64).to_le_bytes());
            }
            bytes.extend(b"PK\x06\x07\0\0\0\0");
            bytes.extend((record as u64).to_le_bytes());
            bytes.extend(1_u32.to_le_bytes());
        }
        if self.zip64_end {
            (short_count, short_size, short_start) = (Some(u16::MAX), IN_ZIP64, IN_ZIP64);
        }
        let count = self
            .declared_entries
            .or(short_count)
            .expect("zip64 for so many");
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        bytes.extend(self.declared_directory.unwrap_or(short_size).to_le_bytes());
        bytes.extend(short_start.to_le_bytes());
        bytes.extend(half(self.comment.len()).to_le_bytes());
        bytes.extend(&self.comment);
    }
}

fn half(length: usize) -> u16 {
    length.try_into().expect("fits in 16 bits")
}

pub(super) fn word(length: usize) -> u32 {
    length.try_into().expect("fits in 32 bits")
}
