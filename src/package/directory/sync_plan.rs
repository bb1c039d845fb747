//! Makes a folder hold the files of a zip and nothing else.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Seek};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use walkdir::WalkDir;
use zip::ZipArchive;

use super::existing::{Existing, scan};
use super::files::Files;
use super::write_entry::{has_mode, write_entry};
use super::write_log::{WriteLog, Written};
use crate::archive::ZipDigest;
use crate::error::Result;
use crate::package::index::Index;
use crate::package::locks::Locks;

/// The changes that a folder needs.
#[derive(Debug)]
pub(crate) struct SyncPlan {
    folder: Utf8PathBuf,
    zip: Utf8PathBuf,
    files: Files,
    log: WriteLog,
    existing: Existing,
    /// Files of the package that the folder does not hold as they have to be.
    missing: BTreeSet<String>,
    /// Files of ours that the package no longer has.
    stale: BTreeSet<String>,
}

impl SyncPlan {
    /// Compares `folder` with the `files` of the `zip`. The caller keeps the `locks` until the plan
    /// is carried out.
    ///
    /// # Errors
    /// As [`check`](fn@super::check).
    pub(crate) fn new(
        folder: &Utf8Path,
        zip: &Utf8Path,
        files: Files,
        log: &WriteLog,
        index: &Index,
        locks: &Locks,
    ) -> Result<Self> {
        let wanted = |name: &str| Ok(files.entries.get(name).map(|(digest, _)| *digest));
        let existing = scan(folder, log, index, locks, &wanted)?;
        let is_right = |name: &str, digest, mode| {
            existing.files.get(name) == Some(digest) && has_mode(&folder.join(name), mode)
        };
        let names = files.entries.iter();
        let missing = names.filter(|(name, (digest, mode))| !is_right(name, digest, *mode));
        let missing = missing.map(|(name, _)| name.clone()).collect();
        let names = existing.files.keys();
        let stale = names.filter(|name| !files.entries.contains_key(*name));
        Ok(Self {
            folder: folder.to_owned(),
            zip: zip.to_owned(),
            log: log.clone(),
            missing,
            stale: stale.cloned().collect(),
            existing,
            files,
        })
    }

    /// Makes the changes, and returns whether there were any. The zip is in its place by now. The
    /// `index` knows the new files then.
    ///
    /// # Errors
    /// If something cannot be read or written, or the zip is another by now. A later run goes on
    /// from there.
    pub(crate) fn carry_out(self, index: &Index) -> io::Result<bool> {
        let leftovers = self.existing.leftovers.iter().cloned();
        let stale = self.stale.iter().map(|name| self.folder.join(name));
        let removed: Vec<Utf8PathBuf> = leftovers.chain(stale).collect();
        if self.missing.is_empty() && removed.is_empty() {
            self.log.write(&self.folder, &self.written())?;
            return Ok(false);
        }
        let mut zip = self.open_zip()?;
        // Before anything changes: a run that is killed must not keep the next one out.
        let mut intended = self.written();
        for (name, digest) in &self.existing.files {
            intended.entry(name.clone()).or_default().push(*digest);
        }
        self.log.write(&self.folder, &intended)?;
        for path in removed {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        for entry in WalkDir::new(&self.folder).min_depth(1).contents_first(true) {
            // Only an empty folder can be removed.
            let _ = fs::remove_dir(entry?.path());
        }
        for name in &self.missing {
            let (_, mode) = self.files.entries[name];
            write_entry(zip.by_name(name)?, &self.folder.join(name), mode)?;
        }
        for name in &self.missing {
            index.learn(&self.folder.join(name));
        }
        self.log.write(&self.folder, &self.written())?;
        Ok(!self.missing.is_empty() || !self.stale.is_empty())
    }

    /// The record of the folder when it is done.
    fn written(&self) -> Written {
        let entries = self.files.entries.iter();
        entries
            .map(|(name, (digest, _))| (name.clone(), vec![*digest]))
            .collect()
    }

    /// Opens the zip, which a run without the folder may have replaced: it waits for no lock.
    fn open_zip(&self) -> io::Result<ZipArchive<BufReader<fs::File>>> {
        let mut file = fs::File::open(&self.zip)?;
        if ZipDigest::read(&file)? != self.files.zip_digest {
            let message = format!("another run replaced `{}` meanwhile; run again", self.zip);
            return Err(io::Error::other(message));
        }
        file.rewind()?;
        Ok(ZipArchive::new(BufReader::new(file))?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::archive::Mode;

    /// A zip in `place` with the files `a` and `b`, and a place for records.
    fn zip(place: &Utf8Path) -> (Utf8PathBuf, WriteLog) {
        let zip = place.join("f.zip");
        let mut writer = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
        for name in ["a", "b"] {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(name, options).unwrap();
            writer.write_all(name.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        (zip, WriteLog::in_folder(place.join("records")))
    }

    fn plan(zip: &Utf8Path, log: &WriteLog) -> Result<SyncPlan> {
        let entries = ["a", "b"].map(|name| {
            let digest = blake3::hash(name.as_bytes()).into();
            (name.to_owned(), (digest, Mode::Plain))
        });
        let files = Files {
            zip_digest: ZipDigest::read(fs::File::open(zip).unwrap()).unwrap(),
            entries: entries.into(),
        };
        let (index, locks) = (Index::default(), Locks::default());
        SyncPlan::new(&zip.with_extension(""), zip, files, log, &index, &locks)
    }

    #[test]
    fn after_a_failure_half_way_the_next_run_goes_on() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let (zip, log) = zip(place);
        let first = plan(&zip, &log).unwrap();
        fs::create_dir_all(place.join("f/b")).unwrap();
        fs::write(place.join("f/b/x"), "").unwrap();
        first.carry_out(&Index::default()).unwrap_err();
        fs::remove_dir_all(place.join("f/b")).unwrap();
        let second = plan(&zip, &log).unwrap();
        assert_eq!(Vec::from_iter(&second.missing), ["b"]);
        assert!(second.carry_out(&Index::default()).unwrap());
        assert!(
            !plan(&zip, &log)
                .unwrap()
                .carry_out(&Index::default())
                .unwrap()
        );
        assert_eq!(log.read(&place.join("f")).unwrap().len(), 2);
    }

    #[test]
    fn a_file_is_ours_as_it_was_and_as_it_was_to_be_when_a_run_is_killed() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let (zip, log) = zip(place);
        let folder = place.join("f");
        let digests = ["old", "a"].map(|bytes| blake3::hash(bytes.as_bytes()).into());
        let intended = [("a".to_owned(), digests.to_vec())].into();
        for (found, is_ours) in [("old", true), ("a", true), ("edited", false)] {
            log.write(&folder, &intended).unwrap();
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("a"), found).unwrap();
            let planned = plan(&zip, &log).map(|plan| plan.carry_out(&Index::default()));
            assert_eq!(planned.is_ok(), is_ours, "{found}");
            fs::remove_dir_all(&folder).unwrap();
        }
    }

    #[test]
    fn nothing_is_taken_out_of_a_zip_that_another_run_has_put_there() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let (zip, log) = zip(place);
        let planned = plan(&zip, &log).unwrap();
        fs::write(&zip, "another zip").unwrap();
        let error = planned
            .carry_out(&Index::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains("another run replaced"), "{error}");
        assert!(!place.join("f").exists());
        assert_eq!(log.read(&place.join("f")), Some(Written::new()));
    }
}
