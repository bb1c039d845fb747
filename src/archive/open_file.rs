//! A file that is opened once, and read from that handle only.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::digest::FileDigest;
use super::read::{FileSource, Reader, Source};

/// An open file. Another file that takes its path meanwhile is never read in its place.
pub(crate) struct OpenFile {
    pub(crate) path: Utf8PathBuf,
    contents: Contents,
}

enum Contents {
    Open(FileSource),
    /// A file that is made when it is first read.
    Deferred {
        digest: FileDigest,
        make: Make,
        made: OnceLock<FileSource>,
    },
}

type Make = Box<dyn Fn() -> io::Result<File> + Send + Sync>;

impl OpenFile {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// If it cannot be opened, or its size cannot be read.
    pub(crate) fn open(path: &Utf8Path) -> io::Result<Self> {
        Self::unnamed(path, fs::File::open(path)?.into_file())
    }

    /// A file without a name, in the place of the one at `path` in messages.
    ///
    /// # Errors
    /// If its size cannot be read.
    pub(crate) fn unnamed(path: &Utf8Path, file: File) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            contents: Contents::Open(FileSource::new(file)?),
        })
    }

    /// A file without a name that has this `digest`. `make` makes it when it is first read.
    pub(crate) fn deferred(
        path: &Utf8Path,
        digest: FileDigest,
        make: impl Fn() -> io::Result<File> + Send + Sync + 'static,
    ) -> Self {
        Self {
            path: path.to_owned(),
            contents: Contents::Deferred {
                digest,
                make: Box::new(make),
                made: OnceLock::new(),
            },
        }
    }

    /// The size in bytes, as it was when the file was opened.
    pub(crate) fn bytes(&self) -> u64 {
        match &self.contents {
            Contents::Open(source) => source.length(),
            Contents::Deferred { digest, .. } => digest.bytes,
        }
    }

    /// The digest, if it is known without reading the file.
    pub(crate) fn known_digest(&self) -> Option<FileDigest> {
        match &self.contents {
            Contents::Open(_) => None,
            Contents::Deferred { digest, .. } => Some(*digest),
        }
    }

    /// The handle. Its cursor is shared.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub(crate) fn handle(&self) -> io::Result<&File> {
        Ok(self.source()?.file())
    }

    /// A reader from the beginning, with a cursor of its own.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub(crate) fn reader(&self) -> io::Result<Reader<'_>> {
        Ok(Reader::new(self.source()?))
    }

    /// Reads the whole file into memory.
    ///
    /// # Errors
    /// If it cannot be made or read.
    pub(crate) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.bytes()).unwrap_or_default());
        self.reader()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn source(&self) -> io::Result<&FileSource> {
        match &self.contents {
            Contents::Open(source) => Ok(source),
            Contents::Deferred { make, made, .. } => {
                if let Some(source) = made.get() {
                    return Ok(source);
                }
                let source = FileSource::new(make()?)?;
                Ok(made.get_or_init(|| source))
            }
        }
    }
}

impl fmt::Debug for OpenFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("OpenFile").field(&self.path).finish()
    }
}
