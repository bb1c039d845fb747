//! Folders in which no other run is at work.

use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::thread::sleep;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

/// Locks on folders, until they are dropped or the run ends, however it ends.
///
/// A folder is locked itself: a file for that would lie around. Where this cannot be done, as on
/// Windows and on some network file systems, runs do without.
#[derive(Debug, Default)]
pub(crate) struct Locks(BTreeMap<Utf8PathBuf, fs::File>);

impl Locks {
    /// Waits until other runs are done with `folders`, of which those count that are there; none,
    /// if meanwhile it `is_over`.
    pub(crate) fn take<'a>(
        folders: impl IntoIterator<Item = &'a Utf8Path>,
        is_over: impl Fn() -> bool,
    ) -> Option<Self> {
        let mut locks = Self::default();
        // All in one order, so that no two runs wait for each other; once for each place, as a
        // run would wait for itself.
        let places = folders.into_iter().filter_map(place);
        let opened = places.filter_map(|place| Some((fs::File::open(&place).ok()?, place)));
        let opened: BTreeMap<Utf8PathBuf, fs::File> =
            opened.map(|(file, place)| (place, file)).collect();
        for (place, file) in opened {
            if is_locked(&file, &is_over)? {
                locks.0.insert(place, file);
            }
        }
        Some(locks)
    }

    /// Whether nobody else is at work in `folder`.
    pub(crate) fn hold(&self, folder: &Utf8Path) -> bool {
        place(folder).is_some_and(|place| self.0.contains_key(&place))
    }
}

/// The one name of the place of a folder.
fn place(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    folder.canonicalize_utf8().ok()
}

/// Waits for a lock; whether there is one at all. None if it `is_over`.
fn is_locked(file: &fs::File, is_over: &dyn Fn() -> bool) -> Option<bool> {
    const PAUSE: Duration = Duration::from_millis(20);
    loop {
        match file.file().try_lock() {
            Ok(()) => return Some(true),
            Err(TryLockError::Error(_)) => return Some(false),
            Err(TryLockError::WouldBlock) if is_over() => return None,
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_runs_and_whoever_waits_can_be_told_to_end() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let (folder, link) = (place.join("folder"), place.join("link"));
        fs::create_dir(&folder).unwrap();
        fs::os::unix::fs::symlink("folder", &link).unwrap();
        let take = |is_over: bool| {
            // The same by two names is locked once.
            let folders = [&link, &folder, &place.join("none")];
            Locks::take(folders.map(Utf8PathBuf::as_path), || is_over)
        };
        let locks = take(false).unwrap();
        assert!(locks.hold(&folder) && locks.hold(&link) && !locks.hold(place));
        assert!(take(true).is_none());
        drop(locks);
        assert!(take(true).is_some());
    }
}
