//! What earlier runs have written into folders: nothing else may be replaced or removed there.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::package::directory::Mark;
use crate::{cache_file, include};

/// Remembers what was written, in one file for each zip and its folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger(Option<Utf8PathBuf>);

impl Ledger {
    /// Kept in `folder`.
    pub(crate) fn in_folder(folder: Utf8PathBuf) -> Self {
        Self(Some(folder))
    }

    /// What runs have written into the `folder` of the `zip`. What is not known, or cannot be
    /// read, was written by somebody else.
    pub(crate) fn written(&self, zip: &Utf8Path, folder: &Utf8Path) -> Written {
        let path = self.path(zip, folder);
        let mut written: Written = path
            .and_then(|path| cache_file::read(&path))
            .unwrap_or_default();
        written
            .0
            .retain(|name, _| include::check_name(name).is_ok());
        written
    }

    /// Remembers `written` instead, if anything is remembered.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub(crate) fn keep(
        &self,
        zip: &Utf8Path,
        folder: &Utf8Path,
        written: &Written,
    ) -> io::Result<()> {
        self.path(zip, folder)
            .map_or(Ok(()), |path| cache_file::write(&path, written))
    }

    fn path(&self, zip: &Utf8Path, folder: &Utf8Path) -> Option<Utf8PathBuf> {
        let mut hash = blake3::Hasher::new();
        // No path has a zero in it.
        for part in [zip.as_str(), "\0", folder.as_str()] {
            hash.update(part.as_bytes());
        }
        let records = self.0.as_ref()?;
        Some(records.join(&hash.finalize().to_hex()[..32]))
    }
}

/// Of each path what may have been written there: of a run that was killed, nobody knows how far
/// it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written(pub(crate) BTreeMap<String, Vec<Mark>>);

impl Written {
    /// Whether what is at `name` is what was written there.
    pub(crate) fn has(&self, name: &str, found: Mark) -> bool {
        self.0.get(name).is_some_and(|marks| marks.contains(&found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_known_and_what_is_damaged_is_not() {
        let records = tempfile::tempdir().unwrap();
        let records = Utf8Path::from_path(records.path()).unwrap();
        let ledger = Ledger::in_folder(records.join("folders"));
        let (zip, folder) = (Utf8Path::new("/f.zip"), Utf8Path::new("/f"));
        let mark = Mark::of_link("a");
        let named = |name: &str| Written([(name.to_owned(), vec![mark])].into());
        assert_eq!(ledger.written(zip, folder), Written::default());
        ledger.keep(zip, folder, &named("x")).unwrap();
        assert!(ledger.written(zip, folder).has("x", mark));
        assert!(!ledger.written(zip, folder).has("x", Mark::of_link("b")));
        assert_eq!(ledger.written(zip, Utf8Path::new("/g")), Written::default());
        // It leads nowhere else.
        ledger.keep(zip, folder, &named("../x")).unwrap();
        assert_eq!(ledger.written(zip, folder), Written::default());
        let path = ledger.path(zip, folder).unwrap();
        fs_err::write(path, "{ \"x\": [").unwrap();
        assert_eq!(ledger.written(zip, folder), Written::default());
        let nothing = Ledger::default();
        nothing.keep(zip, folder, &named("x")).unwrap();
        assert_eq!(nothing.written(zip, folder), Written::default());
    }
}
