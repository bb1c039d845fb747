//! Temporary files of this run, and stale ones of runs that were killed.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use tempfile::NamedTempFile;

use crate::paths::verbatim;

/// The prefix of the names of all temporary files.
pub(crate) const PREFIX: &str = ".lambda-zip-";

/// The age from which a temporary file is stale: no run writes so long without reaching the disk.
const STALE_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// True if the file at `path` is too old to belong to a running process.
pub(crate) fn is_stale(path: &Utf8Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| {
        // The time may be unknown, or in the future.
        let age = metadata
            .modified()
            .map(|at| SystemTime::now().duration_since(at));
        age.is_ok_and(|age| age.is_ok_and(|age| age > STALE_AGE))
    })
}

/// Removes the temporary files in `folder` that killed runs left: the stale ones, and all of them if
/// this run `is_alone` there. One that cannot be removed stays.
pub(crate) fn remove_left(folder: &Utf8Path, is_alone: bool) {
    for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
        let is_folder = || entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_left = || is_alone || is_stale(entry.path());
        if is_temp_name(entry.file_name()) && !is_folder() && is_left() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// True if `name` is that of a temporary file: the prefix and six letters or digits, as
/// [`tempfile`] makes names.
pub(crate) fn is_temp_name(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX);
    random.is_some_and(|random| {
        random.len() == 6 && random.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// The temporary files of a run. Closing it removes them, and then no new one can be created:
/// threads that still pack fail.
#[derive(Debug, Clone, Default)]
pub(crate) struct TempFiles(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_closed: bool,
    files: Vec<PathBuf>,
}

impl TempFiles {
    /// Creates the file for `path`.
    ///
    /// # Errors
    /// As [`TempFile::beside`], or after [`Self::close`].
    pub(crate) fn file_for(&self, path: &Utf8Path) -> io::Result<TempFile> {
        let mut state = self.state();
        if state.is_closed {
            return Err(io::Error::other("the run is over"));
        }
        let file = TempFile::beside(path)?;
        state.files.push(file.file.path().to_owned());
        Ok(file)
    }

    /// Removes the files that have not been renamed to their final paths.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        for file in state.files.drain(..) {
            // Most have been renamed or removed.
            let _ = fs::remove_file(file);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file, or a link, beside the path that it is for. It is moved there in one step, or removed when
/// it is dropped. Every error names that path, which the user knows.
#[derive(Debug)]
pub(crate) struct TempFile<F = File> {
    file: NamedTempFile<F>,
    path: Utf8PathBuf,
}

impl TempFile {
    /// Creates an empty file for `path`, and the folder of it if there is none.
    ///
    /// # Errors
    /// If the folder cannot be created or written to.
    pub(crate) fn beside(path: &Utf8Path) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        TempFile::made(path, |place| options.open(place))
    }

    pub(crate) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// The path that it is for.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }
}

impl<F> TempFile<F> {
    /// Lets `make` create it at a path that does not exist.
    ///
    /// # Errors
    /// As [`TempFile::beside`].
    pub(crate) fn made(
        path: &Utf8Path,
        make: impl FnMut(&Path) -> io::Result<F>,
    ) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Utf8Path::new("."));
        let mut builder = tempfile::Builder::new();
        let created = fs::create_dir_all(folder)
            .and_then(|()| builder.prefix(PREFIX).make_in(verbatim(folder), make));
        let file = created.map_err(unwritable(path))?;
        let path = path.to_owned();
        Ok(Self { file, path })
    }

    /// Moves it to its path.
    ///
    /// # Errors
    /// If the system cannot rename it.
    pub(crate) fn publish(self) -> io::Result<()> {
        let moved = self.file.persist(verbatim(&self.path));
        let moved = moved.map_err(|error| error.error);
        moved.map(drop).map_err(unwritable(&self.path))
    }
}

impl Write for TempFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.as_file_mut().write(bytes);
        written.map_err(unwritable(&self.path))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

/// Names the `path` of a file that could not be written.
pub(crate) fn unwritable(path: &Utf8Path) -> impl Fn(io::Error) -> io::Error {
    move |error| {
        let message = format!("failed to write `{path}`: {error}");
        io::Error::new(error.kind(), message)
    }
}

/// Tries to write to `folder`, which is created.
///
/// # Errors
/// If that is not possible.
pub(crate) fn try_folder(folder: &Utf8Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    tempfile::tempfile_in(folder).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_temporary_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut builder = tempfile::Builder::new();
        let file = builder.prefix(PREFIX).tempfile_in(folder.path()).unwrap();
        let name = file.path().file_name().and_then(|name| name.to_str());
        assert!(name.is_some_and(is_temp_name), "{name:?}");
        for name in [
            ".lambda-zip-",
            ".lambda-zip-notes.txt",
            ".lambda-zip-ab cde",
            "x.zip",
        ] {
            assert!(!is_temp_name(name), "{name}");
        }
    }

    #[test]
    fn closing_removes_the_files_and_prevents_new_ones() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let temp_files = TempFiles::default();
        let file = temp_files.file_for(&folder.join("g.zip")).unwrap();
        let published = temp_files.file_for(&folder.join("f.zip")).unwrap();
        published.publish().unwrap();
        temp_files.close();
        assert!(temp_files.file_for(&folder.join("h.zip")).is_err());
        let names: Vec<_> = folder.read_dir_utf8().unwrap().collect();
        // Windows may keep an open file until it is closed.
        assert!(cfg!(windows) || names.len() == 1, "{names:?}");
        drop(file);
    }
}
