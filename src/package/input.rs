//! What is to become a package, and what can be said of it before it is one.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use object::read::ReadCache;

use crate::archive::{Entry, Mode, Source};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::include::IncludedFile;
use crate::inspect::{Contents, Executable, NotAnExecutable, inspect};
use crate::lambda::Kind;
use crate::lint::{self, Diagnostic, File, FileKind, LayerFacts, Package, ZipAnomalies};
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

impl<'a> Parcel<'a> {
    /// One zip of a plan, with `programs` by their paths in it, and `files` beside them.
    pub(crate) fn planned(
        archive: &'a PlannedArchive,
        place: &Place,
        profile: &str,
        programs: &'a [(String, Arc<Image>)],
        files: &'a [IncludedFile],
    ) -> Self {
        Self {
            identity: ArchiveReport::planned(archive, place, profile),
            programs,
            files,
            layers: &archive.layers,
            settings: &archive.settings,
        }
    }

    /// What the one program is that Lambda starts.
    pub(crate) fn binary(&self) -> Option<BinaryReport> {
        let [(_, image)] = self.programs else {
            return None;
        };
        if self.identity.kind == Kind::Layer {
            return None;
        }
        image.executable.as_ref().ok().map(BinaryReport::from)
    }

    /// The programs and the files beside them, in the order of their names.
    pub(crate) fn entries(&self) -> Vec<Entry<'_>> {
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
    pub(crate) fn checked_files(&self, entries: &[Entry<'_>]) -> Vec<File> {
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
        let files = self.checked_files(&self.entries());
        let mut diagnostics = self.diagnostics(&files, lint::check_sizes);
        for diagnostic in &mut diagnostics {
            let message = &mut diagnostic.message;
            message.push_str("; what is to be built comes on top");
        }
        let report = ArchiveReport {
            findings: self.settings.policy.apply(diagnostics),
            ..self.identity.clone()
        };
        report.is_rejected().then_some(report)
    }

    pub(crate) fn diagnostics(
        &self,
        files: &[File],
        check: fn(&Package<'_>) -> Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        let identity = &self.identity;
        check(&Package {
            mount_point: identity.kind.mount_point(),
            files,
            layers: self.layers,
            // What is for no architecture has nothing in it that could be for another.
            architecture: identity.architecture.unwrap_or_default(),
            runtime: identity.runtime,
            budget: self.settings.budget,
            anomalies: &ZipAnomalies::default(),
        })
    }
}
