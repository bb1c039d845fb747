//! Writes zips byte by byte, so that a test can have any zip it needs: one that no tool would
//! write, and one that lies.

use crate::number::{put16, put32, put64, word};

/// An entry to be written. What is `None` is what is true.
#[derive(Clone)]
pub struct Forged {
    pub name: Vec<u8>,
    /// The name in the local header.
    pub local_name: Option<Vec<u8>>,
    pub data: Vec<u8>,
    /// The data as it stands in the zip, stored unless there is something else here.
    pub packed: Option<Vec<u8>>,
    pub method: u16,
    pub flags: u16,
    /// The version that a reader has to know, and in the upper byte a system.
    pub version_needed: u16,
    pub host: u8,
    /// Type and permissions, as Unix has them.
    pub mode: u32,
    pub crc32: Option<u32>,
    pub size: Option<u32>,
    /// The size in the local header alone.
    pub local_size: Option<u32>,
    /// Sizes and offset in a zip64 extra field.
    pub zip64: bool,
    /// More extra fields in the local header.
    pub local_extra: Vec<u8>,
    /// Where the directory says that it is.
    pub place: Option<u32>,
    /// The attributes of DOS, beside the mode.
    pub dos_attributes: u8,
    /// The number of the part of a split zip that it begins in.
    pub disk: u16,
    /// Whether the directory leaves it out.
    pub hidden: bool,
}

impl Forged {
    /// A regular file, stored, made by Unix.
    pub fn file(name: impl Into<Vec<u8>>, mode: u32, data: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            local_name: None,
            data: data.into(),
            packed: None,
            method: 0,
            flags: 0,
            version_needed: 20,
            host: 3,
            mode: 0o100_000 | mode,
            crc32: None,
            size: None,
            local_size: None,
            zip64: false,
            local_extra: Vec::new(),
            place: None,
            dos_attributes: 0,
            disk: 0,
            hidden: false,
        }
    }

    /// A symbolic link.
    pub fn link(name: &str, target: &str) -> Self {
        let mode = 0o120_777;
        Self {
            mode,
            ..Self::file(name, 0, target)
        }
    }

    pub fn folder(name: &str) -> Self {
        let mode = 0o040_755;
        Self {
            mode,
            ..Self::file(name, 0, "")
        }
    }

    pub fn deflated(mut self) -> Self {
        let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
        let mut packed = vec![0; compressor.deflate_compress_bound(self.data.len())];
        let length = compressor.deflate_compress(&self.data, &mut packed);
        packed.truncate(length.expect("the bound is enough"));
        self.packed = Some(packed);
        self.method = 8;
        self
    }

    /// Sizes and checksum behind the data, not before it.
    pub fn with_descriptor(mut self) -> Self {
        self.flags |= DATA_DESCRIPTOR;
        self
    }

    fn body(&self) -> &[u8] {
        self.packed.as_ref().unwrap_or(&self.data)
    }
}

/// The bit of the flags for sizes that stand behind the data.
const DATA_DESCRIPTOR: u16 = 1 << 3;

/// A zip to be written.
#[derive(Clone, Default)]
pub struct Forgery {
    pub entries: Vec<Forged>,
    pub comment: Vec<u8>,
    /// How many entries the end record counts.
    pub count: Option<u16>,
    /// The end record with 64-bit numbers too.
    pub zip64: bool,
    /// With these numbers in the other one as well, as Commons Compress may write them.
    pub zip64_and_plain: bool,
}

impl Forgery {
    pub fn of(entries: impl IntoIterator<Item = Forged>) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            ..Self::default()
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut zip = Vec::new();
        let mut directory = Vec::new();
        for entry in &self.entries {
            let place = word(zip.len());
            entry.write_local(&mut zip);
            if !entry.hidden {
                entry.write_central(&mut directory, entry.place.unwrap_or(place));
            }
        }
        let listed = self.entries.iter().filter(|entry| !entry.hidden).count();
        let (place, size) = (zip.len(), directory.len());
        zip.append(&mut directory);
        let count = self.count.unwrap_or(half_or_most(listed));
        let is_64 = self.zip64 || self.zip64_and_plain;
        let wide_count = half_or_most(listed).into();
        if is_64 {
            let end = zip.len() as u64;
            zip.extend(b"PK\x06\x06");
            put64(&mut zip, &[44]);
            put16(&mut zip, &[45, 45]);
            put32(&mut zip, &[0, 0]);
            put64(
                &mut zip,
                &[wide_count, wide_count, size as u64, place as u64],
            );
            zip.extend(b"PK\x06\x07");
            put32(&mut zip, &[0]);
            put64(&mut zip, &[end]);
            put32(&mut zip, &[1]);
        }
        zip.extend(b"PK\x05\x06");
        if self.zip64 {
            put16(&mut zip, &[0, 0, u16::MAX, u16::MAX]);
            put32(&mut zip, &[u32::MAX, u32::MAX]);
        } else {
            put16(&mut zip, &[0, 0, count, count]);
            put32(&mut zip, &[word(size), word(place)]);
        }
        put16(&mut zip, &[half_or_most(self.comment.len())]);
        zip.extend(&self.comment);
        zip
    }
}

impl Forged {
    fn sizes(&self) -> (u32, u32, u32) {
        let crc32 = self.crc32.unwrap_or_else(|| crc32fast::hash(&self.data));
        let size = self.size.unwrap_or(word(self.data.len()));
        (crc32, word(self.body().len()), size)
    }

    /// What both headers have, from "version needed" to the length of the extra field.
    fn write_common(&self, out: &mut Vec<u8>, sizes: (u32, u32, u32), name: &[u8], extra: &[u8]) {
        const DATE_1980_01_01: u16 = (1 << 5) | 1;
        let version = self.version_needed;
        put16(out, &[version, self.flags, self.method, 0, DATE_1980_01_01]);
        let (crc32, compressed, size) = sizes;
        put32(out, &[crc32, compressed, size]);
        put16(out, &[half_or_most(name.len()), half_or_most(extra.len())]);
    }

    fn wide(numbers: &[u64]) -> Vec<u8> {
        let mut extra = Vec::new();
        put16(&mut extra, &[1, half_or_most(8 * numbers.len())]);
        put64(&mut extra, numbers);
        extra
    }

    fn write_local(&self, out: &mut Vec<u8>) {
        let name = self.local_name.as_ref().unwrap_or(&self.name);
        let (crc32, compressed, size) = self.sizes();
        let local_size = self.local_size.unwrap_or(size);
        let (mut extra, mut sizes) = (Vec::new(), (crc32, compressed, local_size));
        if self.zip64 {
            extra = Self::wide(&[local_size.into(), compressed.into()]);
            sizes = (crc32, u32::MAX, u32::MAX);
        }
        if self.flags & DATA_DESCRIPTOR != 0 {
            // Info-ZIP's guess, where others have nothing.
            sizes = (0, 0, self.local_size.unwrap_or(0));
        }
        extra.extend(&self.local_extra);
        out.extend(b"PK\x03\x04");
        self.write_common(out, sizes, name, &extra);
        out.extend(name);
        out.extend(extra);
        out.extend(self.body());
        if self.flags & DATA_DESCRIPTOR != 0 {
            out.extend(b"PK\x07\x08");
            put32(out, &[crc32, compressed, size]);
        }
    }

    fn write_central(&self, out: &mut Vec<u8>, place: u32) {
        let (crc32, compressed, size) = self.sizes();
        let (mut extra, mut sizes) = (Vec::new(), (crc32, compressed, size));
        if self.zip64 {
            extra = Self::wide(&[size.into(), compressed.into(), place.into()]);
            sizes = (crc32, u32::MAX, u32::MAX);
        }
        out.extend(b"PK\x01\x02");
        put16(out, &[u16::from_le_bytes([30, self.host])]);
        self.write_common(out, sizes, &self.name, &extra);
        put16(out, &[0, self.disk, 0]);
        let place = if self.zip64 { u32::MAX } else { place };
        let attributes = self.mode << 16 | u32::from(self.dos_attributes);
        put32(out, &[attributes, place]);
        out.extend(&self.name);
        out.extend(extra);
    }
}

/// A number that stands in zip64's record where it does not fit here.
fn half_or_most(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}
