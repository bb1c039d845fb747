//! Reads a zip by its bytes, strictly: anything a Lambda package has no use for is refused.

use libdeflater::Decompressor;

pub(crate) struct Zip {
    pub(crate) entries: Vec<Entry>,
}

/// One entry, as the central directory has it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// The system that the file attributes are for: 3 is Unix.
    pub(crate) host: u8,
    pub(crate) mode: u32,
    pub(crate) version_needed: u16,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) time: u16,
    pub(crate) date: u16,
    /// Bytes of extra fields, here and in the local header.
    pub(crate) extra: usize,
    pub(crate) compressed: usize,
    pub(crate) data: Vec<u8>,
}

const LOCAL_HEADER: usize = 30;
const CENTRAL_HEADER: usize = 46;
const END_RECORD: usize = 22;

impl Zip {
    /// # Panics
    ///
    /// If the bytes are not one tight zip: entries without gaps, local headers that agree with
    /// the directory, checksums that hold, no comment.
    #[track_caller]
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end = Fields(&bytes[bytes.len() - END_RECORD..]);
        assert_eq!(end.u32(0), 0x0605_4b50, "the zip ends with its end record");
        assert_eq!(end.u16(20), 0, "the zip has no comment");
        let (count, size, start) = (end.u16(10), end.size(12), end.size(16));
        assert_eq!(start + size + END_RECORD, bytes.len(), "no gap at the end");

        let mut entries = Vec::new();
        let (mut local, mut central) = (0, start);
        for _ in 0..count {
            let (entry, next_local, next_central) = Entry::parse(bytes, local, central);
            entries.push(entry);
            (local, central) = (next_local, next_central);
        }
        assert_eq!(local, start, "the entries end where the directory starts");
        Self { entries }
    }

    /// The one entry of a package without includes.
    #[track_caller]
    pub(crate) fn only_entry(&self) -> &Entry {
        let [entry] = &self.entries[..] else {
            panic!("expected one entry: {:?}", self.entries)
        };
        entry
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        let names = self.entries.iter().map(|entry| entry.name.as_str());
        names.collect()
    }

    #[track_caller]
    pub(crate) fn entry(&self, name: &str) -> &Entry {
        let mut entries = self.entries.iter();
        entries
            .find(|entry| entry.name == name)
            .unwrap_or_else(|| panic!("no entry `{name}`: {:?}", self.names()))
    }
}

impl Entry {
    fn parse(bytes: &[u8], local: usize, central: usize) -> (Self, usize, usize) {
        let header = Fields(&bytes[central..]);
        assert_eq!(header.u32(0), 0x0201_4b50, "a central header");
        assert_eq!(header.size(42), local, "entries follow each other");
        let (compressed, size) = (header.size(20), header.size(24));
        let name_length = usize::from(header.u16(28));
        let comment = usize::from(header.u16(32));
        assert_eq!(comment, 0, "the entry has no comment");
        let central_extra = usize::from(header.u16(30));

        let twin = Fields(&bytes[local..]);
        assert_eq!(twin.u32(0), 0x0403_4b50, "a local header");
        // Everything from "version needed" to the length of the name is in both headers.
        assert_eq!(twin.0[4..28], header.0[6..30], "both headers agree");
        let local_extra = usize::from(twin.u16(28));
        let name = &header.0[CENTRAL_HEADER..][..name_length];
        assert_eq!(name, &twin.0[LOCAL_HEADER..][..name_length], "one name");

        let start = LOCAL_HEADER + name_length + local_extra;
        let stored = &twin.0[start..][..compressed];
        let data = unpack(stored, header.u16(10), size);
        assert_eq!(header.u32(16), crc32fast::hash(&data), "the checksum holds");

        let entry = Self {
            name: String::from_utf8(name.to_vec()).expect("a UTF-8 name"),
            host: header.0[5],
            mode: header.u32(38) >> 16,
            version_needed: header.u16(6),
            flags: header.u16(8),
            method: header.u16(10),
            time: header.u16(12),
            date: header.u16(14),
            extra: local_extra + central_extra,
            compressed,
            data,
        };
        let next_central = central + CENTRAL_HEADER + name_length + central_extra;
        (entry, local + start + compressed, next_central)
    }
}

fn unpack(stored: &[u8], method: u16, size: usize) -> Vec<u8> {
    match method {
        0 => stored.to_vec(),
        8 => {
            let mut data = vec![0; size];
            let written = Decompressor::new().deflate_decompress(stored, &mut data);
            assert_eq!(written, Ok(size), "deflated data of the size it claims");
            data
        }
        _ => panic!("Lambda knows no compression method {method}"),
    }
}

/// Little-endian numbers at their places.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes([self.0[at], self.0[at + 1]])
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from(self.u16(at)) | u32::from(self.u16(at + 2)) << 16
    }

    fn size(&self, at: usize) -> usize {
        self.u32(at) as usize
    }
}
