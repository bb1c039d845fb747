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

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::ZipArchive;

    use super::*;
    use crate::archive::{Mode, Source};

    fn append(zip: &mut ZipWriter<Vec<u8>>, name: &str) -> io::Result<()> {
        let entry = Entry {
            name: name.into(),
            mode: Mode::Plain,
            source: Source::Bytes(b"text"),
        };
        let packed = Packed {
            digest: blake3::hash(b"text"),
            crc32: crc32fast::hash(b"text"),
            original: 4,
            body: Body::Stored(b"text".into()),
        };
        zip.append(&entry, packed)
    }

    fn empty() -> ZipWriter<Vec<u8>> {
        ZipWriter::new(Vec::new(), DateTime::default())
    }

    #[test]
    fn more_entries_than_16_bits_count_are_read_back() {
        let mut zip = empty();
        for number in 0..70_000 {
            append(&mut zip, &format!("{number:05}")).unwrap();
        }
        let zip = zip.finish().unwrap();
        let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
        assert_eq!(zip.len(), 70_000);
        let mut text = String::new();
        let mut last = zip.by_name("69999").unwrap();
        last.read_to_string(&mut text).unwrap();
        assert_eq!((&*text, last.unix_mode()), ("text", Some(0o100_644)));
    }

    #[test]
    fn an_entry_behind_four_gib_has_its_offset_in_64_bits() {
        const OFFSET: u64 = 5 << 30;
        let mut zip = empty();
        zip.length = OFFSET;
        append(&mut zip, "a").unwrap();
        let data = zip.length - OFFSET;
        let end = zip
            .finish()
            .unwrap()
            .split_off(usize::try_from(data).unwrap());
        let number = |at: usize| u64::from_le_bytes(end[at..at + 8].try_into().unwrap());
        // A header of 46 bytes, a name of one, and a field of four and eight.
        assert_eq!(end[42..46], [0xff; 4]);
        assert_eq!((&end[46..51], number(51)), (&b"a\x01\0\x08\0"[..], OFFSET));
        assert_eq!(
            (&end[59..63], number(59 + 48)),
            (&b"PK\x06\x06"[..], OFFSET + data)
        );
        assert_eq!(
            (&end[115..119], number(123)),
            (&b"PK\x06\x07"[..], OFFSET + data + 59)
        );
    }

    #[test]
    fn a_name_that_is_too_long_is_refused() {
        let error = append(&mut empty(), &"a".repeat(1 << 16)).unwrap_err();
        assert!(error.to_string().contains("too large for a zip"), "{error}");
    }
}
