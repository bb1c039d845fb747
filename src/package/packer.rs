//! Packs, checks and publishes one package.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::cache::ZipCache;
use super::debug_file::DebugFile;
use super::input::PackageInput;
use super::locks::Locks;
use super::scan::{EntryScan, FileCache};
use super::zip_record::Fingerprint;
use crate::archive::{self, DateTime, Draft, Entry, EntrySizes, PackedEntry, ZipDigest};
use crate::error::{Error, Result};
use crate::lambda::MountPoint;
use crate::lint::{self, LayerFacts};
use crate::meter::Task;
use crate::package::directory::{self, SyncPlan, WriteLog};
use crate::plan::Origin;
use crate::report::ArchiveReport;
use crate::temp::TempFiles;

/// The parts that all packages of a run share.
pub(crate) struct Packer {
    pub(crate) date: DateTime,
    /// `None` if nothing is remembered between runs.
    pub(crate) cache: Option<ZipCache>,
    /// The record of what was written to folders.
    pub(crate) write_log: WriteLog,
    /// The files that zips are written to before they take their places.
    pub(crate) temp_files: TempFiles,
    /// The included files that were read in this run.
    pub(crate) files: FileCache,
    /// The number of packages whose files are still to be read.
    unread: AtomicUsize,
    /// True if the reports list the files of packages.
    lists_files: bool,
}

impl Packer {
    /// A packer of at most so many `packages` that remembers only what `cache` and the `write_log`
    /// keep, and the `files` that this run has read. It lists the files of packages if `lists_files`
    /// is true.
    pub(crate) fn new(
        date: DateTime,
        cache: Option<ZipCache>,
        write_log: WriteLog,
        files: FileCache,
        packages: usize,
        lists_files: bool,
    ) -> Self {
        Self {
            date,
            cache,
            write_log,
            temp_files: TempFiles::default(),
            files,
            unread: AtomicUsize::new(packages),
            lists_files,
        }
    }
}

/// A package that was checked: written but not yet in its place, already there, or rejected.
pub(crate) struct CheckedPackage {
    report: ArchiveReport,
    outcome: Outcome,
    origin: Option<Origin>,
    /// The files of its folder, if it has one.
    unpacked: Option<directory::Files>,
    debug_files: Vec<DebugFile>,
    /// The facts about a layer, for the functions that take it.
    layer: Option<Arc<LayerFacts>>,
}

/// A package that is ready to take its place.
pub(crate) struct StagedPackage {
    report: ArchiveReport,
    outcome: Outcome,
    origin: Option<Origin>,
    sync: Option<SyncPlan>,
    debug_files: Vec<DebugFile>,
}

enum Outcome {
    Rejected,
    /// Already there, and known from an earlier run.
    Fresh,
    /// Written again, and equal to the zip that is already there.
    Unchanged(Fingerprint, ZipDigest),
    Written(Draft, Fingerprint),
}

impl CheckedPackage {
    fn rejected(report: ArchiveReport, layer: Option<Arc<LayerFacts>>) -> Self {
        Self {
            report,
            outcome: Outcome::Rejected,
            origin: None,
            unpacked: None,
            debug_files: Vec::new(),
            layer,
        }
    }

    /// The facts about a layer, with the path of its zip; `None` for a function.
    pub(super) fn as_layer(&self) -> Option<(Utf8PathBuf, Arc<LayerFacts>)> {
        let layer = self.layer.as_ref()?;
        Some((self.report.path.clone(), Arc::clone(layer)))
    }

    /// Adds the debug files of its programs. Those of a rejected package are not written.
    pub(super) fn with_debug_files(mut self, files: Vec<DebugFile>) -> Self {
        if !matches!(self.outcome, Outcome::Rejected) {
            self.report.fresh &= files.iter().all(DebugFile::is_there);
            if let [only] = &files[..] {
                self.report.debug_file = Some(only.report());
            }
            self.debug_files = files;
        }
        self
    }

    /// The place of its zip.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.report.path
    }

    /// The folder that is to be filled.
    pub(crate) fn folder(&self) -> Option<&Utf8Path> {
        let folder = self.report.folder.as_deref();
        folder.filter(|_| !matches!(self.outcome, Outcome::Rejected))
    }
}

impl Packer {
    /// Packs and checks one package. The `task` counts its bytes.
    ///
    /// # Errors
    /// [`Error::Io`] if an included file cannot be read or the zip cannot be written.
    pub(crate) fn package(
        &self,
        input: &PackageInput<'_>,
        task: &Task<'_>,
    ) -> Result<CheckedPackage> {
        let entries = input.entries();
        let policy = &input.package.settings.policy;
        let mut report = ArchiveReport {
            unzipped_bytes: Some(entries.iter().map(|entry| entry.source.size()).sum()),
            binary: input.binary(),
            ..input.report()
        };
        if self.lists_files {
            report.files = input.lines(&entries);
        }
        let compression = input.package.settings.compression;
        let mut files = input.checked_files(&entries);
        let scan = EntryScan::of(&entries, &mut files, compression, self.date, &self.files)
            .map_err(failed(&report))?;
        if self.unread.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.files.forget();
        }
        let mut diagnostics = input.diagnostics(&files, lint::check_package);
        diagnostics.extend(input.output.foreseen.iter().cloned());
        report.set_findings(policy.apply(diagnostics.iter().cloned()));
        let place = report.path.clone();
        let name = place.file_name().unwrap_or(place.as_str());
        let is_layer = report.kind.mount_point() == MountPoint::Opt;
        let layer = is_layer.then(|| Arc::new(LayerFacts::of_files(name.to_owned(), files)));
        if report.rejected {
            input.explain_size(&mut report);
            return Ok(CheckedPackage::rejected(report, layer));
        }
        let (outcome, zip_digest, sizes) = self
            .pack(&entries, &scan, &place, input.package.origin.as_ref(), task)
            .map_err(failed(&report))?;
        let names = entries.iter().map(|entry| &*entry.name);
        let packed_bytes = sizes.iter().map(|(_, packed)| *packed);
        let budget = input.package.settings.budget();
        let root = report.kind.mount_point();
        diagnostics.extend(lint::check_zip_size(
            root,
            name,
            zip_digest.bytes,
            &names.zip(packed_bytes).collect::<Vec<_>>(),
            budget,
        ));
        report.set_findings(policy.apply(diagnostics));
        let packed = entries.iter().zip(sizes);
        let packed = packed.map(|(entry, sizes)| PackedEntry::new(entry, sizes));
        report.set_zip(&zip_digest, packed.collect());
        input.explain_size(&mut report);
        let is_there = matches!(outcome, Outcome::Fresh | Outcome::Unchanged(..));
        report.fresh = is_there && !report.rejected;
        Ok(CheckedPackage {
            outcome: if report.rejected {
                Outcome::Rejected
            } else {
                outcome
            },
            origin: input.package.origin.clone(),
            unpacked: (report.folder.as_ref())
                .map(|_| directory::Files::of(zip_digest, &entries, &scan.packing.digests)),
            debug_files: Vec::new(),
            layer,
            report,
        })
    }

    /// Writes the zip, unless it is there already. Gives the sizes of its entries, too.
    fn pack(
        &self,
        entries: &[Entry<'_>],
        scan: &EntryScan,
        place: &Utf8Path,
        origin: Option<&Origin>,
        task: &Task<'_>,
    ) -> io::Result<(Outcome, ZipDigest, Vec<EntrySizes>)> {
        let fresh = self
            .cache
            .as_ref()
            .and_then(|r| r.recognize(place, scan.inputs, entries, origin));
        if let Some(fresh) = fresh {
            let outcome = if fresh.is_recorded {
                Outcome::Fresh
            } else {
                Outcome::Unchanged(scan.inputs, fresh.zip_digest)
            };
            return Ok((outcome, fresh.zip_digest, fresh.sizes));
        }
        let written = archive::write(entries, &scan.packing, place, &self.temp_files, task)?;
        let (draft, sizes) = written;
        let zip_digest = draft.zip_digest;
        let outcome = if draft.is_there() {
            Outcome::Unchanged(scan.inputs, zip_digest)
        } else {
            Outcome::Written(draft, scan.inputs)
        };
        Ok((outcome, zip_digest, sizes))
    }

    /// Plans the changes in the folder of a package, now that all of the package is known. The
    /// caller keeps the `locks` until it is published.
    ///
    /// # Errors
    /// [`Error::Usage`] if the folder holds something that this tool did not write.
    pub(crate) fn stage(
        &self,
        mut checked: CheckedPackage,
        locks: &Locks,
    ) -> Result<StagedPackage> {
        let files = checked.unpacked.take();
        let (log, index) = (&self.write_log, self.files.index());
        let sync = checked
            .folder()
            .zip(files)
            .map(|(folder, files)| SyncPlan::new(folder, checked.path(), files, log, index, locks));
        Ok(StagedPackage {
            sync: sync.transpose()?,
            report: checked.report,
            outcome: checked.outcome,
            debug_files: checked.debug_files,
            origin: checked.origin,
        })
    }

    /// Puts a zip in its place, and its files in their folder, if it was not rejected and they are
    /// not there yet.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be put there.
    pub(crate) fn publish(&self, staged: StagedPackage) -> Result<ArchiveReport> {
        let StagedPackage {
            mut report,
            outcome,
            origin,
            sync,
            mut debug_files,
        } = staged;
        let is_new = matches!(outcome, Outcome::Unchanged(..) | Outcome::Written(..));
        let index = self.files.index();
        let paths: Vec<Utf8PathBuf> = (debug_files.iter())
            .map(|file| file.path().to_owned())
            .collect();
        if let Some(cache) = self.cache.as_ref().filter(|_| is_new) {
            // A file for another program must not lie beside the zip.
            cache.remove_debug_files(&report.path, &paths);
        }
        for file in &mut debug_files {
            file.publish(index).map_err(failed(&report))?;
        }
        let made = match outcome {
            Outcome::Rejected | Outcome::Fresh => None,
            Outcome::Unchanged(inputs, zip_digest) => Some((inputs, zip_digest)),
            Outcome::Written(draft, inputs) => {
                let zip_digest = draft.zip_digest;
                if let Err(error) = draft.publish() {
                    for path in paths {
                        // The zip that is there has another program.
                        let _ = fs::remove_file(path);
                    }
                    return Err(failed(&report)(error));
                }
                Some((inputs, zip_digest))
            }
        };
        if let (Some((inputs, zip_digest)), Some(cache)) = (made, &self.cache) {
            cache.remember(&report, origin.as_ref(), paths, inputs, zip_digest);
        }
        if let Some(sync) = sync {
            let doing = format!("could not write the folder of {}", report.subject());
            report.fresh &= !sync.carry_out(index).map_err(Error::io(doing))?;
        }
        Ok(report)
    }
}

/// The error for the zip of a package, in words that are made only if there is one.
fn failed(report: &ArchiveReport) -> impl FnOnce(io::Error) -> Error + '_ {
    |error| Error::io(format!("could not write the zip of {}", report.subject()))(error)
}
