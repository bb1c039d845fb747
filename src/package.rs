//! From programs and files to a judged zip that only waits to take its place.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use object::read::ReadCache;

use crate::archive::{
    self, Compression, DateTime, Draft, Entry, Inputs, Mode, PackedEntry, Records, Scratch, Seal,
    SeenFiles, Source, Survey,
};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::folder::{self, Filling, Ledger};
use crate::include::IncludedFile;
use crate::inspect::{Contents, Executable, NotAnExecutable, inspect};
use crate::kind::Kind;
use crate::lint::{self, File, FileKind, Format, LayerFacts, Observation, Package};
use crate::plan::{Place, PlannedArchive};
use crate::report::{ArchiveReport, BinaryReport};

/// An executable: where it is, and what it is.
pub(crate) struct Image {
    path: Utf8PathBuf,
    /// Its size in bytes.
    bytes: u64,
    pub(crate) executable: Result<Executable, NotAnExecutable>,
}

impl Image {
    /// Looks at an executable; `what` it is completes the error for one that is not there.
    ///
    /// # Errors
    /// [`Error::MissingFile`] if it is not there, [`Error::Io`] if it cannot be read.
    pub(crate) fn read(path: &Utf8Path, what: &'static str) -> Result<Self> {
        let opened = fs::File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (bytes, file) = opened.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::MissingFile {
                what,
                path: path.to_string(),
            },
            _ => Error::io("could not read an executable")(error),
        })?;
        Ok(Self {
            path: path.to_owned(),
            bytes,
            executable: inspect(&ReadCache::new(file)),
        })
    }
}

/// What is to become a package.
pub(crate) struct Parcel<'a> {
    /// What is known of it before it is packed: who it is, for what, and where it goes.
    pub(crate) identity: ArchiveReport,
    /// By their paths in the zip.
    pub(crate) programs: &'a [(String, Arc<Image>)],
    /// What goes into the zip beside them, in the order of names.
    pub(crate) files: &'a [IncludedFile],
    /// The function's layers.
    pub(crate) layers: &'a [LayerFacts],
    pub(crate) settings: &'a Settings,
}

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
    contents: folder::Contents,
}

/// A package that is ready to take its place.
pub(crate) struct Ready {
    report: ArchiveReport,
    outcome: Outcome,
    filling: Option<Filling>,
}

enum Outcome {
    Rejected,
    Fresh,
    Written(Draft, Inputs),
}

impl Judged {
    fn rejected(report: ArchiveReport) -> Self {
        Self {
            report,
            outcome: Outcome::Rejected,
            contents: folder::Contents::default(),
        }
    }

    /// Where its zip goes.
    pub(crate) fn place(&self) -> &Utf8Path {
        &self.report.path
    }
}

impl Packer {
    /// Packs and judges a parcel.
    ///
    /// # Errors
    /// [`Error::Io`] if an included file cannot be read or the zip cannot be written.
    pub(crate) fn package(&self, parcel: &Parcel<'_>) -> Result<Judged> {
        let entries = parcel.entries();
        let compression = parcel.settings.compression;
        let mut files = parcel.judged_files(&entries);
        let policy = &parcel.settings.policy;
        let mut report = ArchiveReport {
            unzipped_bytes: Some(entries.iter().map(|entry| entry.source.size()).sum()),
            binary: parcel.binary(),
            // All that can be judged before the work of reading is.
            findings: policy.apply(parcel.observations(&files, lint::judge)),
            ..parcel.identity.clone()
        };
        if report.is_rejected() {
            return Ok(Judged::rejected(report));
        }
        let mut survey = Survey::of(&entries, compression, self.date, &self.files)
            .map_err(Error::io(doing(&report)))?;
        for (file, contents) in files.iter_mut().zip(survey.contents.drain(..)) {
            file.contents = file.contents.take().or(contents);
        }
        let mut observations = parcel.observations(&files, lint::judge);
        report.findings = policy.apply(observations.iter().cloned());
        if report.is_rejected() {
            return Ok(Judged::rejected(report));
        }
        let place = report.path.clone();
        let (outcome, seal, packed) = self
            .pack(&entries, &survey, compression, &place)
            .map_err(Error::io(doing(&report)))?;
        let name = place.file_name().unwrap_or(place.as_str());
        let sizes = archive::compressed_sizes(&packed);
        let budget = parcel.settings.budget;
        let root = report.kind.root();
        observations.extend(lint::judge_zip(root, name, seal.bytes, &sizes, budget));
        report.findings = policy.apply(observations);
        report.set_zip(&seal, packed);
        report.fresh = matches!(outcome, Outcome::Fresh) && !report.is_rejected();
        Ok(Judged {
            outcome: if report.is_rejected() {
                Outcome::Rejected
            } else {
                outcome
            },
            contents: folder::Contents::of(&entries, &survey.digests),
            report,
        })
    }

    fn pack(
        &self,
        entries: &[Entry<'_>],
        survey: &Survey,
        compression: Compression,
        place: &Utf8Path,
    ) -> std::io::Result<(Outcome, Seal, Vec<PackedEntry>)> {
        let fresh = self
            .records
            .as_ref()
            .and_then(|r| r.recognize(place, survey.inputs, entries));
        if let Some(fresh) = fresh {
            return Ok((Outcome::Fresh, fresh.seal, fresh.entries));
        }
        let (digests, scratch) = (&survey.digests, &self.scratch);
        let draft = archive::write(entries, digests, compression, self.date, place, scratch)?;
        let (seal, packed) = (draft.seal, draft.entries.clone());
        Ok((Outcome::Written(draft, survey.inputs), seal, packed))
    }

    /// Looks at what is to be done in the folder of a package, now that all of it is known.
    ///
    /// # Errors
    /// [`Error::Usage`] if there is something of somebody's own in the way.
    pub(crate) fn ready(&self, judged: Judged) -> Result<Ready> {
        let Judged {
            report,
            outcome,
            contents,
        } = judged;
        let folder = report.folder.as_deref();
        let folder = folder.filter(|_| !matches!(outcome, Outcome::Rejected));
        let filling =
            folder.map(|folder| Filling::plan(folder, &report.path, contents, &self.ledger));
        Ok(Ready {
            filling: filling.transpose()?,
            report,
            outcome,
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
        match outcome {
            Outcome::Rejected | Outcome::Fresh => {}
            Outcome::Written(draft, inputs) => {
                let seal = draft.seal;
                draft.publish().map_err(Error::io(doing(&report)))?;
                if let Some(records) = &self.records {
                    // A record that cannot be written costs the next run some time, and nothing
                    // else.
                    let _ = records.remember(&report.path, inputs, seal, &report.entries);
                }
            }
        }
        if let Some(filling) = filling {
            let changed = filling.carry_out(&self.ledger);
            report.fresh &= !changed.map_err(Error::io(doing(&report)))?;
        }
        Ok(report)
    }
}

impl<'a> Parcel<'a> {
    /// One zip of a plan, with `programs` by their paths in it.
    pub(crate) fn planned(
        archive: &'a PlannedArchive,
        place: &Place,
        profile: &str,
        programs: &'a [(String, Arc<Image>)],
    ) -> Self {
        Self {
            identity: ArchiveReport::planned(archive, place, profile),
            programs,
            files: &archive.files,
            layers: &archive.layers,
            settings: &archive.settings,
        }
    }

    /// What the one program is that Lambda starts.
    fn binary(&self) -> Option<BinaryReport> {
        let [(_, image)] = self.programs else {
            return None;
        };
        if self.identity.kind == Kind::Layer {
            return None;
        }
        image.executable.as_ref().ok().map(BinaryReport::from)
    }

    /// The programs and the files beside them, in the order of their names.
    fn entries(&self) -> Vec<Entry<'_>> {
        let programs = self.programs.iter().map(|(name, image)| Entry {
            name: name.clone(),
            mode: Mode::Executable,
            source: Source::Program(&image.path, image.bytes),
        });
        let files = self.files.iter().map(IncludedFile::entry);
        let mut entries: Vec<Entry<'_>> = programs.chain(files).collect();
        entries.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        entries
    }

    fn program(&self, name: &str) -> Option<&Image> {
        let mut programs = self.programs.iter();
        let (_, image) = programs.find(|(program, _)| program == name)?;
        Some(image)
    }

    /// The entries as they are judged; what included files are is not known yet.
    fn judged_files(&self, entries: &[Entry<'_>]) -> Vec<File> {
        let judged = |entry: &Entry<'_>| File {
            name: entry.name.clone(),
            kind: match (entry.mode, &entry.source) {
                (Mode::Link, Source::Bytes(target)) => {
                    FileKind::Link(String::from_utf8_lossy(target).into_owned())
                }
                _ => FileKind::Regular,
            },
            permissions: Some(entry.mode.permissions()),
            bytes: entry.source.size(),
            contents: self.program(&entry.name).map(|image| Contents {
                executable: image.executable.clone(),
                secret: None,
            }),
        };
        entries.iter().map(judged).collect()
    }

    /// What is reported if, by sizes alone, it will be rejected whatever its programs are.
    pub(crate) fn foresee(&self) -> Option<ArchiveReport> {
        let files = self.judged_files(&self.entries());
        let mut observations = self.observations(&files, lint::judge_sizes);
        for observation in &mut observations {
            let message = &mut observation.message;
            message.push_str("; what is to be built comes on top");
        }
        let report = ArchiveReport {
            findings: self.settings.policy.apply(observations),
            ..self.identity.clone()
        };
        report.is_rejected().then_some(report)
    }

    fn observations(
        &self,
        files: &[File],
        judge: fn(&Package<'_>) -> Vec<Observation>,
    ) -> Vec<Observation> {
        let identity = &self.identity;
        judge(&Package {
            root: identity.kind.root(),
            files,
            layers: self.layers,
            // What is for no architecture has nothing in it that could be for another.
            architecture: identity.architecture.unwrap_or_default(),
            runtime: identity.runtime,
            budget: self.settings.budget,
            format: &Format::default(),
        })
    }
}

fn doing(report: &ArchiveReport) -> String {
    format!("could not write the zip of {}", report.subject())
}
