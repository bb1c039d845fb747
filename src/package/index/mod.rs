//! The index: the zips that this tool wrote, and the digests of files that it has read.
//!
//! One file holds it, for all workspaces with one target folder. A run reads it whole, and replaces
//! it in one step under the lock of its folder.

mod identity;
mod known_files;
#[cfg(target_os = "linux")]
mod linux;

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde::{Deserialize, Serialize};

use self::identity::Identity;
use self::known_files::KnownFiles;
pub(super) use self::known_files::{Facts, FileKey};
use super::zip_record::ZipRecord;
use crate::archive::{FileDigest, OpenFile};
use crate::cache_file;

/// The index of a target folder.
#[derive(Default)]
pub(crate) struct Index {
    /// `None` if nothing is remembered between runs.
    file: Option<Utf8PathBuf>,
    /// True if every file is read, even one that is known.
    verifies: bool,
    contents: Mutex<Contents>,
}

#[derive(Default, Serialize, Deserialize)]
struct Contents {
    /// By the paths of the zips.
    zips: BTreeMap<Utf8PathBuf, ZipRecord>,
    files: KnownFiles,
    /// The identity of the file that this was read from.
    #[serde(skip)]
    read_from: Option<Identity>,
    #[serde(skip)]
    has_changed: bool,
}

impl Index {
    /// The index in `folder`. If it `verifies`, it knows of zips only.
    pub(super) fn in_folder(folder: &Utf8Path, verifies: bool) -> Self {
        let index = Self {
            file: Some(folder.join("index")),
            verifies,
            contents: Mutex::default(),
        };
        index.refresh();
        index
    }

    /// Reads the index again if another run has written it. What this run has learnt of files stays.
    pub(super) fn refresh(&self) {
        let Some(file) = &self.file else {
            return;
        };
        let identity = fs::metadata(file).ok().and_then(|m| Identity::of(&m));
        let mut contents = self.contents();
        if identity.is_some() && identity == contents.read_from {
            return;
        }
        let stored: Contents = cache_file::read(file).unwrap_or_default();
        contents.zips = stored.zips;
        contents.files.extend(stored.files);
        contents.read_from = identity;
    }

    /// Writes the index if this run has changed it. The caller has the lock of its folder.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn save(&self) -> io::Result<()> {
        let mut contents = self.contents();
        if let Some(file) = self.file.as_ref().filter(|_| contents.has_changed) {
            contents.files.age();
            cache_file::write(file, &*contents)?;
            contents.has_changed = false;
        }
        Ok(())
    }

    /// The record of the zip at `place`.
    pub(super) fn zip(&self, place: &Utf8Path) -> Option<ZipRecord> {
        self.contents().zips.get(place).cloned()
    }

    /// Sets or removes the record of the zip at `place`.
    pub(super) fn set_zip(&self, place: &Utf8Path, record: Option<ZipRecord>) {
        let mut contents = self.contents();
        contents.has_changed = true;
        match record {
            Some(record) => contents.zips.insert(place.to_owned(), record),
            None => contents.zips.remove(place),
        };
    }

    /// The digest of the file at `path`, which is read unless it is known.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn digest(&self, path: &Utf8Path) -> io::Result<FileDigest> {
        let key = FileKey::of(path, "");
        if let Some(facts) = self.facts(key, &fs::metadata(path)?) {
            return Ok(facts.digest());
        }
        let file = fs::File::open(path)?.into_file();
        Ok(self
            .read(key, &file, || Facts::read(&file, |_| {}))?
            .digest())
    }

    /// Reads the file at `path` now, so that the next run need not. That run tells if it cannot be
    /// read.
    pub(super) fn learn(&self, path: &Utf8Path) {
        if self.file.is_some() {
            let _ = self.digest(path);
        }
    }

    /// The facts of an open file, which is read unless it is known.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn open_facts(&self, file: &OpenFile) -> io::Result<Facts> {
        let (key, handle) = (FileKey::of(&file.path, ""), file.handle()?);
        if let Some(facts) = self.facts(key, &handle.metadata()?) {
            return Ok(facts);
        }
        self.read(key, handle, || Facts::read(file.reader()?, |_| {}))
    }

    fn read(
        &self,
        key: FileKey,
        file: &File,
        read: impl FnOnce() -> io::Result<Facts>,
    ) -> io::Result<Facts> {
        let reading = self.reading(key, file);
        let facts = read()?;
        reading.end(facts.clone());
        Ok(facts)
    }

    /// The facts that are known of the file with these `metadata`.
    pub(super) fn facts(&self, key: FileKey, metadata: &Metadata) -> Option<Facts> {
        if self.verifies {
            return None;
        }
        self.contents().files.get(key, Identity::of(metadata)?)
    }

    /// Begins to read a `file`.
    pub(super) fn reading<'a>(&'a self, key: FileKey, file: &'a File) -> Reading<'a> {
        let identity = self.file.as_ref().and_then(|_| identity_of(file));
        Reading {
            index: self,
            key,
            file,
            identity: identity.filter(|identity| identity.settles(file)),
        }
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is being read.
pub(super) struct Reading<'a> {
    index: &'a Index,
    key: FileKey,
    file: &'a File,
    /// `None` if nothing would tell that the file has changed since.
    identity: Option<Identity>,
}

impl Reading<'_> {
    /// Remembers the facts that it has shown, unless the file has changed meanwhile.
    pub(super) fn end(self, facts: Facts) {
        if let Some(identity) = self.identity
            && identity_of(self.file) == Some(identity)
        {
            let mut contents = self.index.contents();
            contents.files.insert(self.key, identity, facts);
            contents.has_changed = true;
        }
    }
}

fn identity_of(file: &File) -> Option<Identity> {
    Identity::of(&file.metadata().ok()?)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// A folder with an index and a file, and the number of times that the file is read.
    struct Case {
        folder: tempfile::TempDir,
        reads: Cell<usize>,
    }

    impl Case {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("file"), "contents").unwrap();
            Self {
                folder,
                reads: Cell::default(),
            }
        }

        fn index(&self, verifies: bool) -> Index {
            Index::in_folder(Utf8Path::from_path(self.folder.path()).unwrap(), verifies)
        }

        fn read(&self, index: &Index) -> FileDigest {
            let key = FileKey::of(Utf8Path::new("file"), "");
            let file = fs::File::open(self.folder.path().join("file")).unwrap();
            let file = file.into_file();
            if let Some(facts) = index.facts(key, &file.metadata().unwrap()) {
                return facts.digest();
            }
            let read = || {
                self.reads.set(self.reads.get() + 1);
                Facts::read(&file, |_| {})
            };
            index.read(key, &file, read).unwrap().digest()
        }
    }

    #[test]
    fn a_file_is_read_once_until_it_changes_and_in_every_run_that_verifies() {
        let case = Case::new();
        let index = case.index(false);
        let first = case.read(&index);
        case.read(&index);
        index.save().unwrap();
        let again = case.read(&case.index(false));
        assert_eq!(case.reads.get(), 1);
        assert_eq!((again.blake3, again.bytes), (first.blake3, first.bytes));

        case.read(&case.index(true));
        assert_eq!(case.reads.get(), 2);

        fs::write(case.folder.path().join("file"), "CONTENTS").unwrap();
        let index = case.index(false);
        assert_ne!(case.read(&index).blake3, first.blake3);
        assert_eq!(case.reads.get(), 3);
    }

    #[test]
    fn what_two_runs_have_learnt_is_kept() {
        let case = Case::new();
        let (one, two) = (case.index(false), case.index(false));
        case.read(&one);
        one.save().unwrap();
        let other = case.folder.path().join("other");
        fs::write(&other, "other").unwrap();
        let other = Utf8Path::from_path(&other).unwrap();
        two.refresh();
        two.digest(other).unwrap();
        two.save().unwrap();

        let both = case.index(false);
        case.read(&both);
        assert_eq!(case.reads.get(), 1);
        let key = FileKey::of(other, "");
        assert!(both.facts(key, &fs::metadata(other).unwrap()).is_some());
    }

    #[test]
    fn files_that_no_run_asks_for_are_forgotten() {
        let case = Case::new();
        let index = case.index(false);
        case.read(&index);
        for _ in 0..=known_files::PATIENCE {
            index.contents().files.age();
        }
        case.read(&index);
        assert_eq!(case.reads.get(), 2);
    }
}
