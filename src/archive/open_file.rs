//! A file that is opened once, and read from that handle only.

use std::fmt;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::read::{FileSource, Reader, Source};

/// An open file. Another file that takes its path meanwhile is never read in its place.
pub(crate) struct OpenFile {
    pub(crate) path: Utf8PathBuf,
    source: FileSource,
}

impl OpenFile {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// If it cannot be opened, or its size cannot be read.
    pub(crate) fn open(path: &Utf8Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            source: FileSource::new(fs::File::open(path)?.into_file())?,
        })
    }

    /// A file without a name, in the place of the one at `path` in messages.
    ///
    /// # Errors
    /// If its size cannot be read.
    pub(crate) fn unnamed(path: &Utf8Path, file: std::fs::File) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            source: FileSource::new(file)?,
        })
    }

    /// The size in bytes, as it was when the file was opened.
    pub(crate) fn bytes(&self) -> u64 {
        self.source.length()
    }

    /// The handle. Its cursor is shared.
    pub(crate) fn handle(&self) -> &std::fs::File {
        self.source.file()
    }

    /// A reader from the beginning, with a cursor of its own.
    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader::new(&self.source)
    }

    /// Reads the whole file into memory.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.bytes()).unwrap_or_default());
        self.reader().read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl fmt::Debug for OpenFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("OpenFile").field(&self.path).finish()
    }
}
