//! Random access to the bytes of a file or of memory.

use std::io;

use crate::meter::Task;

/// Bytes that several threads can read at any offset.
pub(crate) trait Source: Send + Sync {
    /// The number of bytes.
    fn length(&self) -> u64;

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] if there are too few bytes.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

/// A file with the length that it had when it was opened; bytes that are added later are ignored.
pub(crate) struct FileSource {
    file: std::fs::File,
    length: u64,
}

impl FileSource {
    /// # Errors
    /// If the system does not tell the length of the file.
    pub(crate) fn new(file: std::fs::File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    pub(crate) fn file(&self) -> &std::fs::File {
        &self.file
    }
}

impl Source for FileSource {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(buffer.len() as u64);
        // For an offset of 2^63 or more, the system would report an invalid argument instead.
        if end.is_none_or(|end| end > self.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read_exact_at(&self.file, offset, buffer)
    }
}

#[cfg(unix)]
fn read_exact_at(file: &std::fs::File, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &std::fs::File, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    while !buffer.is_empty() {
        let length = std::os::windows::fs::FileExt::seek_read(file, buffer, offset)?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[length..];
        offset += length as u64;
    }
    Ok(())
}

impl Source for Vec<u8> {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let bytes = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..)?.get(..buffer.len()))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}

/// A source of which a task counts the bytes that are read.
pub(crate) struct Metered<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) task: Task<'a>,
}

impl Source for Metered<'_> {
    fn length(&self) -> u64 {
        self.source.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.task.add(buffer.len() as u64);
        self.source.read_at(offset, buffer)
    }
}

/// Reads `length` bytes from `offset` on. Callers limit `length`, because a number in a zip must
/// not decide on an allocation.
pub(crate) fn read(source: &dyn Source, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    source.read_at(offset, &mut bytes)?;
    Ok(bytes)
}

/// A reader over a source, from its beginning.
pub(crate) struct Reader<'a> {
    source: &'a dyn Source,
    offset: u64,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a dyn Source) -> Self {
        Self { source, offset: 0 }
    }
}

impl io::Seek for Reader<'_> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let offset = match to {
            io::SeekFrom::Start(offset) => Some(offset),
            io::SeekFrom::End(offset) => self.source.length().checked_add_signed(offset),
            io::SeekFrom::Current(offset) => self.offset.checked_add_signed(offset),
        };
        self.offset = offset.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.offset)
    }
}

impl io::Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.source.length().saturating_sub(self.offset);
        #[expect(clippy::cast_possible_truncation, reason = "at most the buffer's size")]
        let length = left.min(buffer.len() as u64) as usize;
        self.source.read_at(self.offset, &mut buffer[..length])?;
        self.offset += length as u64;
        Ok(length)
    }
}
