//! Entries that are already compressed, for the zip crate: it writes the zip, but compresses less
//! well.

use std::io::{self, Read, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{DateTime, System, ZipWriter};

use super::deflate::{Body, Packed};
use super::entry::{Entry, Mode};

/// Appends a compressed entry. The zip crate can only copy one from another zip, so a local header
/// in front of the bytes makes them look like one.
pub(super) fn append<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    entry: &Entry<'_>,
    packed: Packed<'_>,
    date: DateTime,
) -> io::Result<()> {
    if entry.mode == Mode::Link
        && let Body::Stored(target) = &packed.body
    {
        let options = SimpleFileOptions::default()
            .system(System::Unix)
            .last_modified_time(date)
            .unix_permissions(entry.mode.permissions());
        let target = String::from_utf8_lossy(target);
        return Ok(zip.add_symlink(entry.name, target, options)?);
    }
    let header = local_header(entry.name, &packed)?;
    let body: Box<dyn Read> = match packed.body {
        Body::Stored(bytes) => Box::new(io::Cursor::new(bytes)),
        Body::Deflated(bytes) => Box::new(io::Cursor::new(bytes)),
        Body::Spooled { file, .. } => Box::new(io::BufReader::new(file)),
    };
    let mut source = header.chain(body);
    let file = zip::read::read_zipfile_from_stream(&mut source)?
        .ok_or_else(|| io::Error::other("the zip crate does not recognise a local header"))?;
    zip.raw_copy_file_touch(file, date, Some(entry.mode.unix()))?;
    Ok(())
}

/// A local file header, field by field. Source: APPNOTE.TXT 4.3.7.
fn local_header(name: &str, packed: &Packed<'_>) -> io::Result<io::Cursor<Vec<u8>>> {
    /// The zip crate copies the host system from the upper byte, where APPNOTE.TXT 4.4.2 has it for
    /// the central directory. It computes the version itself.
    const UNIX_VERSION_2_0: u16 = 0x0314;
    const UTF8_NAME: u16 = 1 << 11;
    const STORED: u16 = 0;
    const DEFLATED: u16 = 8;
    /// A valid date, which is replaced when the entry is copied.
    const DATE_1980_01_01: u16 = (1 << 5) | 1;

    let too_large = |_| {
        let message = format!("`{name}` is too large for a zip");
        io::Error::new(io::ErrorKind::InvalidInput, message)
    };
    let flags = if name.is_ascii() { 0 } else { UTF8_NAME };
    let method = if packed.body.is_deflated() {
        DEFLATED
    } else {
        STORED
    };

    let mut header = Vec::with_capacity(30 + name.len());
    header.extend_from_slice(b"PK\x03\x04");
    for field in [UNIX_VERSION_2_0, flags, method, 0, DATE_1980_01_01] {
        header.extend_from_slice(&field.to_le_bytes());
    }
    header.extend_from_slice(&packed.crc32.to_le_bytes());
    for length in [packed.body.len(), packed.original] {
        header.extend_from_slice(&u32::try_from(length).map_err(too_large)?.to_le_bytes());
    }
    header.extend_from_slice(&u16::try_from(name.len()).map_err(too_large)?.to_le_bytes());
    header.extend_from_slice(&0_u16.to_le_bytes());
    header.extend_from_slice(name.as_bytes());
    Ok(io::Cursor::new(header))
}

/// A writer that fails only once, and then pretends to succeed. The zip crate completes a zip that
/// is dropped, and would print a second error to standard error.
pub(super) struct OneFailure<W> {
    pub(super) inner: W,
    has_failed: bool,
}

impl<W> OneFailure<W> {
    pub(super) fn of(inner: W) -> Self {
        Self {
            inner,
            has_failed: false,
        }
    }

    /// Runs `action`, or returns `pretended` if an earlier action has failed.
    fn attempt<T>(
        &mut self,
        pretended: T,
        action: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.has_failed {
            return Ok(pretended);
        }
        let result = action(&mut self.inner);
        self.has_failed = result.is_err();
        result
    }
}

impl<W: Write> Write for OneFailure<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt((), W::flush)
    }
}

impl<W: Seek> Seek for OneFailure<W> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.attempt(0, |inner| inner.seek(to))
    }
}
