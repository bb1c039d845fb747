//! What runs that were killed have left behind.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use camino::Utf8Path;
use fs_err as fs;
use tempfile::NamedTempFile;

/// What the names of files begin with that are not yet in their places.
pub(crate) const PREFIX: &str = ".lambda-zip-";

/// Nobody writes a file for so long without a byte of it reaching the disk.
const SURELY_LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether nobody can be writing the file at `path` any more.
pub(crate) fn is_stale(path: &Utf8Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| {
        // The time may be unknown, or to come.
        let age = metadata
            .modified()
            .map(|at| SystemTime::now().duration_since(at));
        age.is_ok_and(|age| age.is_ok_and(|age| age > SURELY_LEFT))
    })
}

/// Removes from `folder` what killed runs left there, as far as that can be done: files that are
/// called as only our own are, and so old that nobody can be writing them.
pub(crate) fn remove_stale(folder: &Utf8Path) {
    for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
        let is_folder = || entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_temp_name(entry.file_name()) && !is_folder() && is_stale(entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file is called as nothing but ours are, as [`tempfile`] makes names: the prefix and six
/// letters or digits.
pub(crate) fn is_temp_name(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX);
    random.is_some_and(|random| {
        random.len() == 6 && random.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// Knows the temporary files of a run. Once it is closed there are none, and there will be none:
/// whoever still packs does so in vain.
#[derive(Debug, Clone, Default)]
pub(crate) struct TempFiles(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_closed: bool,
    files: Vec<PathBuf>,
}

impl TempFiles {
    /// A file in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be written to, or if this is closed.
    pub(crate) fn file_in(&self, folder: &Utf8Path) -> io::Result<NamedTempFile> {
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        permissions_of_new_files(builder.prefix(PREFIX));
        let mut state = self.state();
        if state.is_closed {
            return Err(io::Error::other("the run is over"));
        }
        let file = builder.tempfile_in(folder)?;
        state.files.push(file.path().to_owned());
        Ok(file)
    }

    /// Removes what has not taken its place.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        for file in state.files.drain(..) {
            // Most have taken their places or are gone.
            let _ = fs::remove_file(file);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Temporary files are private to their owner; a zip gets the permissions of any new file.
fn permissions_of_new_files(file: &mut tempfile::Builder<'_, '_>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.permissions(std::fs::Permissions::from_mode(0o666)); // less the umask
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
    fn once_it_is_closed_nothing_is_left_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let temp_files = TempFiles::default();
        let file = temp_files.file_in(folder).unwrap();
        let published = temp_files.file_in(folder).unwrap();
        published.persist(folder.join("f.zip")).unwrap();
        temp_files.close();
        assert!(temp_files.file_in(folder).is_err());
        let names: Vec<_> = folder.read_dir_utf8().unwrap().collect();
        assert_eq!(names.len(), 1, "{names:?}");
        drop(file);
    }
}
