//! An executable on disk.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use object::read::ReadCache;

use super::elf::NotAnExecutable;
use super::executable::{Executable, inspect};
use crate::error::{Error, Result};

/// The path, the size and the facts of an executable.
#[derive(Debug)]
pub(crate) struct ExecutableFile {
    pub(crate) path: Utf8PathBuf,
    /// The size in bytes.
    pub(crate) bytes: u64,
    pub(crate) executable: Result<Executable, NotAnExecutable>,
}

impl ExecutableFile {
    /// Reads the facts of the executable at `path`; `what` names it in the error for a missing
    /// file.
    ///
    /// # Errors
    /// [`Error::MissingFile`] if it does not exist, [`Error::Io`] if it cannot be read.
    pub(crate) fn read(path: &Utf8Path, what: &'static str) -> Result<Self> {
        let opened = fs::File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (bytes, file) = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::MissingFile {
                what,
                path: path.to_string(),
            },
            _ => Error::io("could not read an executable")(error),
        })?;
        Ok(Self {
            path: path.to_owned(),
            bytes,
            executable: inspect(&ReadCache::new(file)),
        })
    }
}
