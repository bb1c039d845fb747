//! A zip that is written from its beginning to its end. The crate `zip` compresses less well, and
//! keeps half a KiB of each entry in memory.

use std::io::{self, Write};

use zip::DateTime;

use super::deflate::{Body, Packed};
use super::entry::Entry;

/// The host system of the attributes. Source: APPNOTE.TXT 4.4.2.
const UNIX: u16 = 3 << 8;
/// The version of the format that a reader needs for stored and for deflated entries, times ten.
/// Source: APPNOTE.TXT 4.4.3.
const STORED: u16 = 10;
const DEFLATED: u16 = 20;

/// A zip to which entries are appended.
pub(super) struct ZipWriter<W> {
    out: W,
    date: DateTime,
    /// The number of bytes that were written.
    length: u64,
    /// The number of entries.
    entries: u64,
    /// The newest version of the format that an entry needs.
    version: u16,
    /// The directory as it is written at the end: a zip may have a hundred thousand entries.
    directory: Vec<u8>,
}

impl<W: Write> ZipWriter<W> {
    /// An empty zip, whose entries will have this date.
    pub(super) fn new(out: W, date: DateTime) -> Self {
        Self {
            out,
            date,
            length: 0,
            entries: 0,
            version: STORED,
            directory: Vec::new(),
        }
    }

    /// Appends a compressed entry. Source of the headers: APPNOTE.TXT 4.3.7 and 4.3.12.
    ///
    /// # Errors
    /// If it is too large, or cannot be written.
    pub(super) fn append(&mut self, entry: &Entry<'_>, packed: Packed<'_>) -> io::Result<()> {
        const UTF8_NAME: u16 = 1 << 11;
        let Entry { name, mode, .. } = entry;
        let too_large = || {
            let message = format!("`{name}` is too large for a zip");
            io::Error::new(io::ErrorKind::InvalidInput, message)
        };
        let (version, method): (u16, u16) = if packed.body.is_deflated() {
            (DEFLATED, 8)
        } else {
            (STORED, 0)
        };
        let flags = if name.is_ascii() { 0 } else { UTF8_NAME };
        let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;
        let sizes = [packed.body.len(), packed.original];
        let [Some(packed_size), Some(size)] = sizes.map(narrow) else {
            return Err(too_large());
        };
        let date = [self.date.timepart(), self.date.datepart()];
        // Both headers have these fields.
        let mut common = Vec::new();
        put(&mut common, [version, flags, method, date[0], date[1]]);
        for field in [packed.crc32, packed_size, size] {
            common.extend_from_slice(&field.to_le_bytes());
        }
        put(&mut common, [name_length]);

        let directory = &mut self.directory;
        directory.extend_from_slice(b"PK\x01\x02");
        put(directory, [UNIX | version]);
        directory.extend_from_slice(&common);
        let offset = narrow(self.length);
        // The zip64 field with the offset, if 32 bits are too few. Source: APPNOTE.TXT 4.5.3.
        let extra_length = if offset.is_some() { 0 } else { 12 };
        put(directory, [extra_length, 0, 0, 0]);
        directory.extend_from_slice(&(mode.unix() << 16).to_le_bytes());
        directory.extend_from_slice(&offset.unwrap_or(u32::MAX).to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        if offset.is_none() {
            put(directory, [1, 8]);
            directory.extend_from_slice(&self.length.to_le_bytes());
        }

        put(&mut common, [0]);
        self.write(b"PK\x03\x04")?;
        self.write(&common)?;
        self.write(name.as_bytes())?;
        match packed.body {
            Body::Stored(bytes) => self.write(&bytes)?,
            Body::Deflated(bytes) => self.write(&bytes)?,
            Body::Spooled { mut file, .. } => self.length += io::copy(&mut file, &mut self.out)?,
        }
        self.entries += 1;
        self.version = self.version.max(version);
        Ok(())
    }

    /// Writes the directory and the end records. Source: APPNOTE.TXT 4.3.14 to 4.3.16.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let (offset, size) = (self.length, self.directory.len() as u64);
        let directory = std::mem::take(&mut self.directory);
        self.write(&directory)?;
        let mut end = Vec::new();
        let is_large = self.entries > u16::MAX.into() || narrow(offset.max(size)).is_none();
        if is_large {
            end.extend_from_slice(b"PK\x06\x06");
            end.extend_from_slice(&44_u64.to_le_bytes());
            put(&mut end, [self.version, self.version, 0, 0, 0, 0]);
            for field in [self.entries, self.entries, size, offset] {
                end.extend_from_slice(&field.to_le_bytes());
            }
            end.extend_from_slice(b"PK\x06\x07");
            put(&mut end, [0, 0]);
            end.extend_from_slice(&self.length.to_le_bytes());
            put(&mut end, [1, 0]);
        }
        end.extend_from_slice(b"PK\x05\x06");
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX);
        put(&mut end, [0, 0, entries, entries]);
        let size = narrow(size).filter(|_| !is_large);
        for field in [size, narrow(offset)] {
            end.extend_from_slice(&field.unwrap_or(u32::MAX).to_le_bytes());
        }
        put(&mut end, [0]);
        self.write(&end)?;
        Ok(self.out)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// A number for a field of 32 bits; `None` if it is too large: the largest is the mark for that.
fn narrow(number: u64) -> Option<u32> {
    u32::try_from(number).ok().filter(|n| *n < u32::MAX)
}

fn put<const N: usize>(record: &mut Vec<u8>, fields: [u16; N]) {
    for field in fields {
        record.extend_from_slice(&field.to_le_bytes());
    }
}
