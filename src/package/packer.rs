//! From programs and files to a judged zip that only waits to take its place.

use camino::Utf8Path;

use super::cache::{Inputs, Records};
use super::input::Parcel;
use super::scan::{SeenFiles, Survey};
use crate::archive::{self, DateTime, Draft, Entry, PackedEntry, Scratch, Seal};
use crate::error::{Error, Result};
use crate::lint;
use crate::package::directory::{self, Filling, Ledger, Locks};
use crate::report::ArchiveReport;

/// What all packages of a run have in common.
pub(crate) struct Packer {
    pub(crate) date: DateTime,
    /// None where nothing is remembered between runs.
    pub(crate) records: Option<Records>,
    /// What was written into folders.
    pub(crate) ledger: Ledger,
    /// Where zips are written before they take their places.
    pub(crate) scratch: Scratch,
    /// What included files are.
    pub(crate) files: SeenFiles,
}

impl Packer {
    /// Remembers nothing between runs, unless in `records` and the `ledger`.
    pub(crate) fn new(date: DateTime, records: Option<Records>, ledger: Ledger) -> Self {
        Self {
            date,
            records,
            ledger,
            scratch: Scratch::default(),
            files: SeenFiles::default(),
        }
    }
}

/// A package that was judged: written but not yet in its place, already there, or rejected.
pub(crate) struct Judged {
    report: ArchiveReport,
    outcome: Outcome,
    /// What is to be in its folder, if it has one.
    unpacked: Option<directory::Files>,
}

/// A package that is ready to take its place.
pub(crate) struct Ready {
    report: ArchiveReport,
    outcome: Outcome,
    filling: Option<Filling>,
}

enum Outcome {
    Rejected,
    /// There already, and known from an earlier run.
    Fresh,
    /// Written once more, and found to be there already.
    Same(Inputs, Seal),
    Written(Draft, Inputs),
}

impl Judged {
    fn rejected(report: ArchiveReport) -> Self {
        Self {
            report,
            outcome: Outcome::Rejected,
            unpacked: None,
        }
    }

    /// Where its zip goes.
    pub(crate) fn place(&self) -> &Utf8Path {
        &self.report.path
    }

    /// The folder that is to be filled.
    pub(crate) fn folder(&self) -> Option<&Utf8Path> {
        let folder = self.report.folder.as_deref();
        folder.filter(|_| !matches!(self.outcome, Outcome::Rejected))
    }
}

impl Packer {
    /// Packs and judges a parcel.
    ///
    /// # Errors
    /// [`Error::Io`] if an included file cannot be read or the zip cannot be written.
    pub(crate) fn package(&self, parcel: &Parcel<'_>) -> Result<Judged> {
        let entries = parcel.entries();
        let mut files = parcel.checked_files(&entries);
        let policy = &parcel.settings.policy;
        let mut report = ArchiveReport {
            unzipped_bytes: Some(entries.iter().map(|entry| entry.source.size()).sum()),
            binary: parcel.binary(),
            // All that can be judged before the work of reading is.
            findings: policy.apply(parcel.diagnostics(&files, lint::check)),
            ..parcel.identity.clone()
        };
        if report.is_rejected() {
            return Ok(Judged::rejected(report));
        }
        let compression = parcel.settings.compression;
        let mut survey = Survey::of(&entries, compression, self.date, &self.files)
            .map_err(Error::io(doing(&report)))?;
        for (file, contents) in files.iter_mut().zip(survey.contents.drain(..)) {
            file.contents = file.contents.take().or(contents);
        }
        let mut diagnostics = parcel.diagnostics(&files, lint::check);
        report.findings = policy.apply(diagnostics.iter().cloned());
        if report.is_rejected() {
            return Ok(Judged::rejected(report));
        }
        let place = report.path.clone();
        let (outcome, seal, packed) = self
            .pack(&entries, &survey, &place)
            .map_err(Error::io(doing(&report)))?;
        let name = place.file_name().unwrap_or(place.as_str());
        let sizes = archive::compressed_sizes(&packed);
        let budget = parcel.settings.budget;
        let root = report.kind.mount_point();
        diagnostics.extend(lint::check_zip_size(root, name, seal.bytes, &sizes, budget));
        report.findings = policy.apply(diagnostics);
        report.set_zip(&seal, packed);
        let is_there = matches!(outcome, Outcome::Fresh | Outcome::Same(..));
        report.fresh = is_there && !report.is_rejected();
        Ok(Judged {
            outcome: if report.is_rejected() {
                Outcome::Rejected
            } else {
                outcome
            },
            unpacked: (report.folder.as_ref())
                .map(|_| directory::Files::of(seal, &entries, &survey.digests)),
            report,
        })
    }

    fn pack(
        &self,
        entries: &[Entry<'_>],
        survey: &Survey,
        place: &Utf8Path,
    ) -> std::io::Result<(Outcome, Seal, Vec<PackedEntry>)> {
        let fresh = self
            .records
            .as_ref()
            .and_then(|r| r.recognize(place, survey.inputs, entries));
        if let Some(fresh) = fresh {
            return Ok((Outcome::Fresh, fresh.seal, fresh.entries));
        }
        let draft = archive::write(entries, survey, place, &self.scratch)?;
        let (seal, packed) = (draft.seal, draft.entries.clone());
        let outcome = if draft.is_there() {
            Outcome::Same(survey.inputs, seal)
        } else {
            Outcome::Written(draft, survey.inputs)
        };
        Ok((outcome, seal, packed))
    }

    /// Looks at what is to be done in the folder of a package, now that all of it is known.
    /// Whoever has the `locks` keeps them until it is published.
    ///
    /// # Errors
    /// [`Error::Usage`] if there is something of somebody's own in the way.
    pub(crate) fn ready(&self, mut judged: Judged, locks: &Locks) -> Result<Ready> {
        let files = judged.unpacked.take();
        let filling = judged.folder().zip(files).map(|(folder, files)| {
            Filling::plan(folder, judged.place(), files, &self.ledger, locks)
        });
        Ok(Ready {
            filling: filling.transpose()?,
            report: judged.report,
            outcome: judged.outcome,
        })
    }

    /// Puts a zip in its place, and its files in their folder, if it was not rejected and they are
    /// not there yet.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be put there.
    pub(crate) fn publish(&self, ready: Ready) -> Result<ArchiveReport> {
        let Ready {
            mut report,
            outcome,
            filling,
        } = ready;
        let made = match outcome {
            Outcome::Rejected | Outcome::Fresh => None,
            Outcome::Same(inputs, seal) => Some((inputs, seal)),
            Outcome::Written(draft, inputs) => {
                let seal = draft.seal;
                draft.publish().map_err(Error::io(doing(&report)))?;
                Some((inputs, seal))
            }
        };
        if let (Some((inputs, seal)), Some(records)) = (made, &self.records) {
            // A record that cannot be written costs the next run some time, and nothing else.
            let _ = records.remember(&report.path, inputs, seal, &report.entries);
        }
        if let Some(filling) = filling {
            let changed = filling.carry_out();
            report.fresh &= !changed.map_err(Error::io(doing(&report)))?;
        }
        Ok(report)
    }
}

fn doing(report: &ArchiveReport) -> String {
    format!("could not write the zip of {}", report.subject())
}
