//! Zips that a user names: files, pipes and standard input.

use std::fs::{File, Metadata};
use std::io::{self, Read};

use camino::Utf8Path;
use fs_err as fs;

use super::source::FileSource;
use crate::bytes::{MIB, Size};
use crate::error::{Error, Result};
use crate::paths::{is_device, is_inherited};

/// The most bytes that are read from a pipe. The quotas of Lambda are far below it.
const MOST: u64 = 1024 * MIB;

const NO_FILE: &str = "neither a regular file nor a pipe";

/// Refuses a path that cannot be a zip. `what` names it in messages, such as "the layer".
///
/// # Errors
/// [`Error::MissingFile`], [`Error::Io`], or [`Error::Usage`] for a folder, a device or a named pipe:
/// reading it could wait for ever.
pub(crate) fn check(what: &'static str, path: &Utf8Path) -> Result<()> {
    let refused = |found: &str| {
        Err(Error::usage(
            format!("`{path}` is {found}"),
            "name a zip, or `<(command)` in a shell; `check` and `size` also read standard input, as `-`",
        ))
    };
    if is_device(path) {
        return refused(NO_FILE);
    }
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename => Error::MissingFile {
            what,
            path: path.to_string(),
        },
        _ => Error::io_at(path, format!("could not read {what}"))(error),
    })?;
    let is_pipe = is_pipe(&metadata);
    if metadata.is_file() || (is_pipe && is_inherited(path)) {
        return Ok(());
    }
    refused(if metadata.is_dir() {
        "a folder, not a zip"
    } else if is_pipe {
        "a named pipe, to which perhaps nobody writes"
    } else {
        NO_FILE
    })
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Opens a file, or copies a pipe to a temporary file.
///
/// # Errors
/// [`Error::Io`] if it cannot be read, [`Error::Usage`] if a pipe has more bytes than any package.
pub(crate) fn open(path: &Utf8Path) -> Result<FileSource> {
    let unreadable = || Error::io_at(path, format!("could not read the zip `{path}`"));
    let (file, _) = fs::File::open(path).map_err(unreadable())?.into_parts();
    let is_pipe = is_pipe(&file.metadata().map_err(unreadable())?);
    let file = if is_pipe {
        spooled(file, &format!("`{path}`"))?
    } else {
        file
    };
    FileSource::new(file).map_err(unreadable())
}

/// Copies standard input to a temporary file.
///
/// # Errors
/// As [`open`].
pub(crate) fn from_standard_input() -> Result<FileSource> {
    const STANDARD_INPUT: &str = "standard input";
    let file = spooled(io::stdin().lock(), STANDARD_INPUT)?;
    FileSource::new(file).map_err(Error::io(format!("could not read {STANDARD_INPUT}")))
}

/// Copies a pipe to a temporary file: a zip is read from its end.
fn spooled(pipe: impl Read, shown: &str) -> Result<File> {
    let unreadable = || Error::io(format!("could not read {shown}"));
    let mut file = tempfile::tempfile().map_err(unreadable())?;
    let bytes = io::copy(&mut pipe.take(MOST + 1), &mut file).map_err(unreadable())?;
    if bytes > MOST {
        return Err(Error::usage(
            format!("{shown} is longer than {}", Size(MOST)),
            "name the zip itself; no package is that large",
        ));
    }
    Ok(file)
}
