//! Zips in the making: temporary files, none of which outlives the run.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::Utf8Path;
use fs_err as fs;
use tempfile::NamedTempFile;

use crate::temp;

/// Knows the temporary files of a run. Once it is closed there are none, and there will be none:
/// whoever still packs does so in vain.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scratch(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_closed: bool,
    files: Vec<PathBuf>,
}

impl Scratch {
    /// A file in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be written to, or if this is closed.
    pub(crate) fn file_in(&self, folder: &Utf8Path) -> io::Result<NamedTempFile> {
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        permissions_of_new_files(builder.prefix(temp::PREFIX));
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
    fn once_it_is_closed_nothing_is_left_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let scratch = Scratch::default();
        let file = scratch.file_in(folder).unwrap();
        let published = scratch.file_in(folder).unwrap();
        published.persist(folder.join("f.zip")).unwrap();
        scratch.close();
        assert!(scratch.file_in(folder).is_err());
        let names: Vec<_> = folder.read_dir_utf8().unwrap().collect();
        assert_eq!(names.len(), 1, "{names:?}");
        drop(file);
    }
}
