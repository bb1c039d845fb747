//! An executable on disk.

use std::io;

use camino::Utf8Path;
use object::read::ReadCache;

use super::elf::NotAnExecutable;
use super::executable::{Executable, inspect};
use crate::archive::OpenFile;
use crate::error::{Error, Result};

/// An executable that was opened, and its facts.
#[derive(Debug)]
pub(crate) struct ExecutableFile {
    pub(crate) file: OpenFile,
    pub(crate) executable: Result<Executable, NotAnExecutable>,
}

impl ExecutableFile {
    /// Opens the executable at `path`; `what` names it in the error for a missing file.
    ///
    /// # Errors
    /// [`Error::MissingFile`] if it is not there, [`Error::Io`] if it cannot be opened.
    pub(crate) fn open(path: &Utf8Path, what: &'static str) -> Result<Self> {
        let file = OpenFile::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::MissingFile {
                what,
                path: path.to_string(),
            },
            _ => Error::io("could not read an executable")(error),
        })?;
        Ok(Self {
            executable: inspect(&ReadCache::new(file.handle())),
            file,
        })
    }
}
