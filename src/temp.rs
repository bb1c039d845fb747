//! Temporary files of this run, and stale ones of runs that were killed.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use camino::Utf8Path;
use fs_err as fs;
use tempfile::{NamedTempFile, PersistError};

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
    /// Creates a file in `folder`, and the folder if it does not exist.
    ///
    /// # Errors
    /// If the folder cannot be written to, or after [`Self::close`].
    pub(crate) fn file_in(&self, folder: &Utf8Path) -> io::Result<NamedTempFile> {
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        permissions_of_new_files(builder.prefix(PREFIX));
        let mut state = self.state();
        if state.is_closed {
            return Err(io::Error::other("the run is over"));
        }
        let file = builder.tempfile_in(verbatim(folder))?;
        state.files.push(file.path().to_owned());
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

/// Moves a temporary file to `path` in one step.
pub(crate) fn persist<F>(file: NamedTempFile<F>, path: &Utf8Path) -> Result<F, PersistError<F>> {
    file.persist(verbatim(path))
}

/// The same, with an error that names the path.
pub(crate) fn publish<F>(file: NamedTempFile<F>, path: &Utf8Path) -> io::Result<()> {
    let failed = |error: PersistError<F>| {
        let message = format!("failed to write `{path}`: {}", error.error);
        io::Error::new(error.error.kind(), message)
    };
    persist(file, path).map(drop).map_err(failed)
}

/// Gives a file the permissions of any new file; temporary ones would be private to their owner.
fn permissions_of_new_files(file: &mut tempfile::Builder<'_, '_>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.permissions(std::fs::Permissions::from_mode(0o666)); // minus the umask
    }
    #[cfg(not(unix))]
    let _ = file;
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
        let file = temp_files.file_in(folder).unwrap();
        let published = temp_files.file_in(folder).unwrap();
        published.persist(folder.join("f.zip")).unwrap();
        temp_files.close();
        assert!(temp_files.file_in(folder).is_err());
        let names: Vec<_> = folder.read_dir_utf8().unwrap().collect();
        // Windows may keep an open file until it is closed.
        assert!(cfg!(windows) || names.len() == 1, "{names:?}");
        drop(file);
    }
}
