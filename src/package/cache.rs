//! The cache of zips: recognises a zip that is already there, by its contents.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::index::Index;
use super::zip_record::{Fingerprint, ZipRecord};
use crate::archive::{Entry, EntrySizes, ZipDigest};
use crate::cargo::Project;
use crate::plan::Origin;
use crate::report::ArchiveReport;

/// A zip that is already there and is the one that would be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CacheHit {
    /// Its size and digest.
    pub zip_digest: ZipDigest,
    pub sizes: Vec<EntrySizes>,
    /// True if its record names the same origin. Another package may have had the same contents.
    pub is_recorded: bool,
}

/// The zips that this tool wrote, as a run of one workspace sees them.
#[derive(Clone)]
pub(crate) struct ZipCache {
    index: Arc<Index>,
    /// The root of the workspace that the packages of this run belong to.
    workspace: Utf8PathBuf,
}

/// A Cargo package that another zip belongs to than the one that is written in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OtherOwner {
    pub(super) package: String,
    /// The root of its workspace, if it is another one that still exists.
    pub(super) workspace: Option<Utf8PathBuf>,
}

impl ZipCache {
    /// The zips that the index of the project's target folder knows.
    pub(crate) fn of(project: &Project<'_>) -> Self {
        let folder = project.workspace.own_folder();
        let index = Arc::new(Index::in_folder(&folder, project.verify));
        Self::new(index, project.workspace.metadata.workspace_root.clone())
    }

    /// The zips in `index`, for packages of the workspace at this root.
    fn new(index: Arc<Index>, workspace: Utf8PathBuf) -> Self {
        Self { index, workspace }
    }

    pub(super) fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// True if every byte of the zip at `place` is as the `record` says. An unreadable zip is not.
    pub(super) fn is_at(&self, place: &Utf8Path, record: &ZipRecord) -> bool {
        let digest = self.index.digest(place);
        digest.is_ok_and(|digest| digest.blake3 == record.zip_digest.blake3)
    }

    /// The zip at `place`, if it was made from the same `inputs` and every byte of it is unchanged.
    ///
    /// An unreadable zip is not a hit: writing it again tells the error, if there is one.
    #[must_use]
    pub(crate) fn recognize(
        &self,
        place: &Utf8Path,
        inputs: Fingerprint,
        entries: &[Entry<'_>],
        origin: Option<&Origin>,
    ) -> Option<CacheHit> {
        let record = self.read(place)?;
        if record.inputs != inputs || record.sizes.len() != entries.len() {
            return None;
        }
        if !self.is_at(place, &record) {
            return None;
        }
        Some(CacheHit {
            is_recorded: record.origin.as_ref() == origin && record.workspace == self.workspace,
            zip_digest: record.zip_digest,
            sizes: record.sizes,
        })
    }

    /// The Cargo package whose zip is at `place`, if this tool wrote it and it is not `package`.
    pub(super) fn other_owner(&self, place: &Utf8Path, package: &str) -> Option<OtherOwner> {
        let record = self.read(place)?;
        let owner = record.owner.filter(|_| place.is_file())?;
        let is_other = record.workspace != self.workspace && record.workspace.is_dir();
        let workspace = is_other.then_some(record.workspace);
        (owner != package || workspace.is_some()).then_some(OtherOwner {
            package: owner,
            workspace,
        })
    }

    /// The record of the zip at `place`. `None` if there is none, or if the zip is of another
    /// workspace.
    pub(super) fn record(&self, place: &Utf8Path) -> Option<ZipRecord> {
        let record = self.read(place);
        record.filter(|record| record.workspace == self.workspace)
    }

    /// Removes the debug files of the zip that this tool wrote to `place`, except those at the paths
    /// `kept`.
    pub(super) fn remove_debug_files(&self, place: &Utf8Path, kept: &[Utf8PathBuf]) {
        if let Some(record) = self.read(place) {
            record.remove_debug_files(kept);
        }
    }

    /// Removes the record of the zip at `place`.
    pub(super) fn forget(&self, place: &Utf8Path) {
        self.index.set_zip(place, None);
    }

    fn read(&self, place: &Utf8Path) -> Option<ZipRecord> {
        self.index.zip(place)
    }

    /// Makes the index remember what this run has learnt. The caller has the lock of its folder.
    pub(super) fn save(&self) {
        // An index that cannot be written costs the next run some time, and nothing else.
        let _ = self.index.save();
    }

    /// Remembers that the zip of `report` was made from `inputs`.
    pub(super) fn remember(
        &self,
        report: &ArchiveReport,
        origin: Option<&Origin>,
        debug_files: Vec<Utf8PathBuf>,
        inputs: Fingerprint,
        zip_digest: ZipDigest,
    ) {
        let sizes = report.entries.iter().map(|e| (e.bytes, e.compressed_bytes));
        let record = ZipRecord {
            inputs,
            zip_digest,
            sizes: sizes.collect(),
            owner: report.package.clone(),
            workspace: self.workspace.clone(),
            origin: origin.cloned(),
            debug_files,
        };
        self.index.set_zip(&report.path, Some(record));
        self.index.learn(&report.path);
    }
}

#[cfg(test)]
mod tests {
    use fs_err as fs;
    use zip::DateTime;

    use super::super::scan::{EntryScan, FileCache};
    use super::*;
    use crate::archive::{Compression, Mode, PackedEntry, Source};
    use crate::lint::File;

    fn entry<'a>(name: &'a str, data: &'a [u8]) -> Entry<'a> {
        Entry {
            name: name.into(),
            mode: Mode::Plain,
            source: Source::Bytes(data),
        }
    }

    fn inputs_at(entries: &[Entry<'_>], compression: Compression, date: DateTime) -> Fingerprint {
        let files = FileCache::default();
        let checked = entries.iter().map(|entry| File::regular(&entry.name));
        let mut checked: Vec<File> = checked.collect();
        EntryScan::of(entries, &mut checked, compression, date, &files)
            .unwrap()
            .inputs
    }

    fn inputs(entries: &[Entry<'_>]) -> Fingerprint {
        inputs_at(entries, Compression::Default, DateTime::default())
    }

    #[test]
    fn every_name_byte_bit_level_and_date_counts() {
        let one = inputs(&[entry("ab", b"c")]);
        assert_eq!(one, inputs(&[entry("ab", b"c")]));
        assert_ne!(one, inputs(&[entry("a", b"bc")]));
        assert_ne!(one, inputs(&[entry("ab", b"d")]));
        let mut executable = entry("ab", b"c");
        executable.mode = Mode::Executable;
        assert_ne!(one, inputs(&[executable]));
        let entries = [entry("ab", b"c")];
        let fast = inputs_at(&entries, Compression::FAST, DateTime::default());
        assert_ne!(one, fast);
        let date = crate::archive::source_date(Some("1700000000")).unwrap();
        assert_ne!(one, inputs_at(&entries, Compression::Default, date));
    }

    #[test]
    fn a_zip_is_fresh_only_as_long_as_nobody_touches_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let index = Arc::new(Index::in_folder(&folder.join("records"), false));
        let records = ZipCache::new(Arc::clone(&index), folder.to_owned());
        let (place, other) = (folder.join("f.zip"), folder.join("g.zip"));
        let entries = [entry("a", b"data")];
        let inputs = inputs(&entries);
        let report = ArchiveReport {
            package: Some("orders".to_owned()),
            path: place.clone(),
            entries: vec![PackedEntry::new(&entries[0], (4, 4))],
            ..ArchiveReport::default()
        };
        fs::write(&place, "the zip").unwrap();
        let zip_digest = ZipDigest::read(fs::File::open(&place).unwrap()).unwrap();
        assert_eq!(records.recognize(&place, inputs, &entries, None), None);
        assert_eq!(records.other_owner(&place, "bills"), None);
        records.remember(&report, None, Vec::new(), inputs, zip_digest);
        assert_eq!(records.other_owner(&place, "orders"), None);
        let owner = records.other_owner(&place, "bills").unwrap();
        assert_eq!((&*owner.package, owner.workspace), ("orders", None));
        let elsewhere = ZipCache::new(index, folder.join("copy"));
        let owner = elsewhere.other_owner(&place, "orders").unwrap();
        assert_eq!(owner.workspace.as_deref(), Some(folder));
        let fresh = records.recognize(&place, inputs, &entries, None).unwrap();
        assert_eq!(
            (fresh.zip_digest, fresh.sizes.as_slice()),
            (zip_digest, &[(4, 4)][..])
        );
        fs::copy(&place, &other).unwrap();
        assert_eq!(records.recognize(&other, inputs, &entries, None), None);
        fs::write(&place, "the zap").unwrap();
        assert_eq!(records.recognize(&place, inputs, &entries, None), None);
        fs::remove_file(&place).unwrap();
        assert_eq!(records.recognize(&place, inputs, &entries, None), None);
    }
}
