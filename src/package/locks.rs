//! Locks on the folders that a run writes to.

use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::thread::sleep;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

/// The time between two attempts to take a lock.
const PAUSE: Duration = Duration::from_millis(20);

/// Locks on folders. They end when they are dropped, or with the process.
///
/// A folder itself is locked, so that no lock file is left behind. Where this is not possible, as
/// on Windows and on some network file systems, runs have no lock.
#[derive(Debug, Default)]
pub(crate) struct Locks(BTreeMap<Utf8PathBuf, fs::File>);

impl Locks {
    /// Waits for the locks of those of the `folders` that exist, in one order, so that no two runs
    /// wait for each other. Returns false if it `is_over` before all are taken; that is asked
    /// whenever another run has a lock.
    pub(crate) fn add<'a>(
        &mut self,
        folders: impl IntoIterator<Item = &'a Utf8Path>,
        is_over: impl Fn() -> bool,
    ) -> bool {
        // Each folder by its one name: a run would wait for itself.
        let folders = folders.into_iter().filter_map(one_name);
        let new = folders.filter(|folder| !self.0.contains_key(folder));
        let opened = new.filter_map(|folder| Some((fs::File::open(&folder).ok()?, folder)));
        let opened: BTreeMap<Utf8PathBuf, fs::File> =
            opened.map(|(file, folder)| (folder, file)).collect();
        for (folder, file) in opened {
            loop {
                match file.file().try_lock() {
                    Ok(()) => {
                        self.0.insert(folder, file);
                        break;
                    }
                    Err(TryLockError::Error(_)) => break,
                    Err(TryLockError::WouldBlock) if is_over() => return false,
                    Err(TryLockError::WouldBlock) => sleep(PAUSE),
                }
            }
        }
        true
    }

    /// Whether this run has the lock of `folder`.
    pub(crate) fn hold(&self, folder: &Utf8Path) -> bool {
        one_name(folder).is_some_and(|folder| self.0.contains_key(&folder))
    }
}

fn one_name(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    folder.canonicalize_utf8().ok()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_belongs_to_one_run_and_a_run_that_waits_can_be_ended() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let (folder, link) = (place.join("folder"), place.join("link"));
        fs::create_dir(&folder).unwrap();
        fs::os::unix::fs::symlink("folder", &link).unwrap();
        let add = |locks: &mut Locks| {
            // The same folder by two names is locked once.
            let folders = [&link, &folder, &place.join("none")];
            locks.add(folders.map(Utf8PathBuf::as_path), || true)
        };
        let mut locks = Locks::default();
        assert!(add(&mut locks) && add(&mut locks));
        assert!(locks.hold(&folder) && locks.hold(&link) && !locks.hold(place));
        assert!(!add(&mut Locks::default()));
        drop(locks);
        assert!(add(&mut Locks::default()));
    }
}
