//! What runs that were killed have left behind.

use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

/// What the names of files begin with that are not yet in their places.
pub(crate) const PREFIX: &str = ".lambda-zip-";

/// Nobody writes a file for so long without a byte of it reaching the disk.
const SURELY_LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// What is left over in `folder`: called as nothing but our own files are, and so old that nobody
/// can be writing it any more. Nothing, if the folder cannot be read.
pub(crate) fn in_folder(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut left = all_in(folder);
    left.retain(|path| {
        path.symlink_metadata().is_ok_and(|metadata| {
            // The time may be unknown, or to come.
            let age = metadata
                .modified()
                .map(|at| SystemTime::now().duration_since(at));
            age.is_ok_and(|age| age.is_ok_and(|age| age > SURELY_LEFT))
        })
    });
    left
}

/// What in `folder` is called as nothing but our own files are, however old: left over, if nobody
/// else is at work there.
pub(crate) fn all_in(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    let ours = entries.filter(|entry| {
        let is_folder = || entry.file_type().is_ok_and(|kind| kind.is_dir());
        is_ours(entry.file_name()) && !is_folder()
    });
    ours.map(camino::Utf8DirEntry::into_path).collect()
}

/// Removes what is left over in `folder`, as far as that can be done.
pub(crate) fn remove(folder: &Utf8Path) {
    for file in in_folder(folder) {
        let _ = fs::remove_file(file);
    }
}

/// Whether a file is called as nothing but ours are, as [`tempfile`] makes names: the prefix and six
/// letters or digits.
pub(crate) fn is_ours(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX);
    random.is_some_and(|random| {
        random.len() == 6 && random.chars().all(|c| c.is_ascii_alphanumeric())
    })
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
        assert!(name.is_some_and(is_ours), "{name:?}");
        for name in [
            ".lambda-zip-",
            ".lambda-zip-notes.txt",
            ".lambda-zip-ab cde",
            "x.zip",
        ] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
