//! An executable on disk.

use std::io;

use camino::Utf8Path;
use object::read::ReadCache;

use super::elf::NotAnExecutable;
use super::executable::{Executable, inspect};
use super::secret::{Secret, SecretScan};
use crate::archive::OpenFile;
use crate::error::{Error, Result};

const READING: &str = "could not read an executable";

/// An executable that was opened, and its facts.
#[derive(Debug)]
pub(crate) struct ExecutableFile {
    pub(crate) file: OpenFile,
    pub(crate) executable: Result<Executable, NotAnExecutable>,
    /// The secret in a script. Programs of machine code are not searched.
    pub(crate) secret: Option<Secret>,
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
            _ => Error::io_at(path, READING)(error),
        })?;
        Self::of(file)
    }

    /// Reads the facts of a file.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read.
    pub(crate) fn of(file: OpenFile) -> Result<Self> {
        let handle = file.handle().map_err(Error::io(READING))?;
        let executable = inspect(&ReadCache::new(handle));
        let secret = match &executable {
            Ok(Executable::Script(_)) => secret_in(&file).map_err(Error::io(READING))?,
            Ok(Executable::Binary(_)) | Err(_) => None,
        };
        Ok(Self {
            file,
            executable,
            secret,
        })
    }
}

fn secret_in(script: &OpenFile) -> io::Result<Option<Secret>> {
    let mut scan = SecretScan::new("");
    scan.push(&script.read()?);
    Ok(scan.finish())
}
