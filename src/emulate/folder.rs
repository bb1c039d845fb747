//! The temporary folder of a function, and those that killed runs left.

use std::env;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use fs_err as fs;
use tempfile::TempDir;

/// The prefix of the names of these folders.
const PREFIX: &str = ".lambda-zip-invoke-";

/// A temporary folder, which is removed when dropped. It is locked as long as this process lives, so
/// that later runs tell those that are in use from those that were left.
#[derive(Debug)]
pub(super) struct Folder {
    folder: TempDir,
    _lock: fs::File,
}

impl Folder {
    /// An empty folder. Those that killed runs left are removed before.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub(super) fn new() -> io::Result<Self> {
        let place = env::temp_dir();
        remove_left(&place);
        Self::new_in(&place)
    }

    fn new_in(place: &Path) -> io::Result<Self> {
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
            // Another run may have seen it before it was locked, and remove it.
            if let Some(lock) = lock(folder.path())? {
                return Ok(Self {
                    folder,
                    _lock: lock,
                });
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The lock of a folder; `None` if another process has it, or has removed the folder.
fn lock(path: &Path) -> io::Result<Option<fs::File>> {
    let folder = match fs::File::open(path) {
        Ok(folder) => folder,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if folder.file().try_lock().is_err() {
        return Ok(None);
    }
    let locked = folder.metadata()?;
    let is_there =
        |found: std::fs::Metadata| (found.dev(), found.ino()) == (locked.dev(), locked.ino());
    Ok(fs::metadata(path).is_ok_and(is_there).then_some(folder))
}

/// Removes the folders in `place` that no process has locked. One that cannot be removed stays.
fn remove_left(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = name.as_encoded_bytes().starts_with(PREFIX.as_bytes());
        if is_ours
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
            && let Ok(Some(_lock)) = lock(&entry.path())
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_no_process_has_are_removed() {
        let place = tempfile::tempdir().unwrap();
        let of = |name: &str| place.path().join(name);
        for name in [".lambda-zip-invoke-abcdef/var/task", "other/a"] {
            fs::create_dir_all(of(name)).unwrap();
        }
        fs::write(of(".lambda-zip-invoke-file"), "").unwrap();
        let used = Folder::new_in(place.path()).unwrap();
        remove_left(place.path());
        assert!(!of(".lambda-zip-invoke-abcdef").exists());
        assert!(used.path().exists(), "it is in use");
        assert!(of("other/a").exists());
        assert!(of(".lambda-zip-invoke-file").exists());
        drop(used);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
    }
}
