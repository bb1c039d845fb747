//! Making a folder hold what its zip does, and nothing more of what it did before.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Seek};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use zip::ZipArchive;

use super::account::Account;
use super::check::{Expected, Inventory, Occupant, inventory};
use super::ledger::Ledger;
use super::lock::Locks;
use super::put::{has_mode, put};
use crate::archive::ZipDigest;
use crate::error::{Error, Result};
use crate::package::directory::{Files, READING};

/// What is to be done in a folder.
#[derive(Debug)]
pub(crate) struct Filling {
    folder: Utf8PathBuf,
    zip: Utf8PathBuf,
    files: Files,
    inventory: Inventory,
    /// Of the files, what is not there as it has to be.
    missing: BTreeSet<String>,
    account: Account,
}

impl Filling {
    /// Looks at what is to be done, so that `folder` holds the `files`, as the `zip` beside it
    /// does. Whoever has the `locks` keeps them until it is done.
    ///
    /// # Errors
    /// As [`check`](check::check).
    pub(crate) fn plan(
        folder: &Utf8Path,
        zip: &Utf8Path,
        files: Files,
        ledger: &Ledger,
        locks: &Locks,
    ) -> Result<Self> {
        let remembered = ledger.written(zip, folder);
        let expected = files.marks.iter();
        let expected =
            expected.map(|(name, (mark, mode))| (name.as_str(), Expected::Marked(*mark, *mode)));
        let inventory = inventory(folder, zip, &expected.collect(), &remembered, locks)?;
        let mut missing = BTreeSet::new();
        for (name, (mark, mode)) in &files.marks {
            let is_right = match inventory.found.get(name) {
                Some(Occupant::Theirs) => true,
                Some(Occupant::Ours(found)) => {
                    let path = folder.join(name);
                    found == mark && has_mode(&path, *mode).map_err(Error::io(READING))?
                }
                Some(Occupant::Nothing) | None => false,
            };
            if !is_right {
                missing.insert(name.clone());
            }
        }
        Ok(Self {
            account: Account::open(ledger, zip, folder, remembered, inventory.ours()),
            folder: folder.to_owned(),
            zip: zip.to_owned(),
            files,
            inventory,
            missing,
        })
    }

    /// Does it, and says whether there was anything to do. The zip is in its place by now.
    ///
    /// # Errors
    /// If something cannot be read or written, or the zip is another by now. What has been done
    /// until then is remembered, so that a later run can go on.
    pub(crate) fn carry_out(mut self) -> io::Result<bool> {
        let missing = self.missing.iter();
        let intended = missing.map(|name| (name.as_str(), self.files.marks[name].0));
        // Before anything is done: who kills a run must not lock out the next.
        self.account.intend(intended)?;
        let done = self.tidy().and_then(|()| self.unpack());
        let closed = self.account.close();
        done.and(closed)?;
        Ok(!self.missing.is_empty() || !self.inventory.stale.is_empty())
    }

    /// Removes what earlier runs have left and what is no longer wanted.
    fn tidy(&mut self) -> io::Result<()> {
        for file in &self.inventory.leftovers {
            // Another run may have been quicker.
            fs::remove_file(file).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
        }
        for name in self.inventory.stale.keys() {
            let stale = self.folder.join(name);
            fs::remove_file(&stale)?;
            self.account.remove(name);
            let parents = stale.ancestors().skip(1);
            // Folders that are now empty; the first that is not ends it.
            let inside = parents.take_while(|parent| *parent != self.folder);
            let _ = inside.map(fs::remove_dir).find(Result::is_err);
        }
        Ok(())
    }

    /// Takes what is missing out of the zip.
    fn unpack(&mut self) -> io::Result<()> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let mut file = fs::File::open(&self.zip)?;
        // A run that fills no folder does not wait for those that do.
        if ZipDigest::read(&file)? != self.files.zip_digest {
            let message = format!(
                "`{}` was replaced by another run meanwhile; run again",
                self.zip
            );
            return Err(io::Error::other(message));
        }
        file.rewind()?;
        let mut zip = ZipArchive::new(BufReader::new(file))?;
        for name in &self.missing {
            let (mark, mode) = self.files.marks[name];
            put(zip.by_name(name)?, &self.folder.join(name), mode)?;
            self.account.add(name, mark);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::archive::Mode;
    use crate::package::directory::Mark;

    fn fill(zip: &Utf8Path, ledger: &Ledger, between: impl FnOnce(&Utf8Path)) -> io::Result<bool> {
        let folder = zip.with_extension("");
        let marks = ["a", "b"].map(|name| {
            let mark = Mark::new(false, blake3::hash(name.as_bytes()));
            (name.to_owned(), (mark, Mode::Plain))
        });
        let files = Files {
            zip_digest: ZipDigest::read(fs::File::open(zip)?)?,
            marks: marks.into(),
        };
        let locks = Locks::default();
        let filling = Filling::plan(&folder, zip, files, ledger, &locks).unwrap();
        between(&folder);
        filling.carry_out()
    }

    /// A zip in `place` with the files `a` and `b`, and room for what is remembered.
    fn zip(place: &Utf8Path) -> (Utf8PathBuf, Ledger) {
        let zip = place.join("f.zip");
        let mut writer = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
        for name in ["a", "b"] {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(name, options).unwrap();
            writer.write_all(name.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        (zip, Ledger::in_folder(place.join("records")))
    }

    #[test]
    fn after_a_failure_half_way_the_next_run_goes_on() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let (zip, ledger) = zip(place);
        let in_the_way = |folder: &Utf8Path| {
            fs::create_dir_all(folder.join("b")).unwrap();
            fs::write(folder.join("b/x"), "").unwrap();
        };
        fill(&zip, &ledger, in_the_way).unwrap_err();
        let folder = place.join("f");
        let known = ledger.written(&zip, &folder);
        assert_eq!(known.0.keys().collect::<Vec<_>>(), ["a"]);
        fs::remove_dir_all(folder.join("b")).unwrap();
        assert!(fill(&zip, &ledger, |_| ()).unwrap());
        assert!(!fill(&zip, &ledger, |_| ()).unwrap());
        assert_eq!(ledger.written(&zip, &folder).0.len(), 2);
    }
    #[test]
    fn nothing_is_taken_out_of_a_zip_that_another_run_has_put_there() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let (zip, ledger) = zip(place);
        let replace = |_: &Utf8Path| {
            let mut other = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
            let options = zip::write::SimpleFileOptions::default();
            other.start_file("a", options).unwrap();
            other.finish().unwrap();
        };
        let error = fill(&zip, &ledger, replace).unwrap_err().to_string();
        assert!(error.contains("f.zip` was replaced"), "{error}");
        let folder = place.join("f");
        assert!(!folder.exists());
        assert!(ledger.written(&zip, &folder).0.is_empty());
    }
}
