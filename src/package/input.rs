//! The input of one package: its programs and files, and their diagnostics.

use std::sync::Arc;

use camino::Utf8Path;

use super::identity;
use super::scan::{self, FileCache};
use crate::archive::{Entry, Mode, Source};
use crate::bytes::Size;
use crate::error::{Error, Result};
use crate::include::IncludedFile;
use crate::inspect::{Contents, ExecutableFile};
use crate::lambda::Kind;
use crate::lint::{self, Diagnostic, File, FileKind, LayerFacts, Lint, Package, ZipAnomalies};
use crate::paths::relative_to_current;
use crate::plan::{OutputSpec, PackagePlan, ProgramPlan};
use crate::report::{ArchiveReport, BinaryReport};
use crate::size;

/// The input of one zip.
pub(super) struct PackageInput<'a> {
    pub(super) package: &'a PackagePlan,
    pub(super) output: &'a OutputSpec,
    /// The profile that the programs are built with.
    pub(super) profile: &'a str,
    /// The programs, by their paths in the zip.
    pub(super) programs: &'a [(String, Arc<ExecutableFile>)],
    /// The same programs with their symbols, as they were built.
    pub(super) built: &'a [(String, Arc<ExecutableFile>)],
    /// The files beside the programs, sorted by name.
    pub(super) files: &'a [IncludedFile],
    /// The facts about the layers of the function, in their order.
    pub(super) layers: &'a [Arc<LayerFacts>],
    /// The end of the help for missing libraries; empty if nothing is known of them.
    pub(super) library_help: String,
}

impl PackageInput<'_> {
    /// The report of the package, without its contents.
    pub(super) fn report(&self) -> ArchiveReport {
        identity::report(self.package, self.output, self.profile, self.layers)
    }

    /// Facts about the program that Lambda starts; `None` for a layer.
    pub(super) fn binary(&self) -> Option<BinaryReport> {
        let [(_, file)] = self.programs else {
            return None;
        };
        if self.package.kind == Kind::Layer {
            return None;
        }
        file.executable.as_ref().ok().map(BinaryReport::from)
    }

    /// The programs and the files beside them, in the order of their names.
    pub(super) fn entries(&self) -> Vec<Entry<'_>> {
        let programs = self.programs.iter().map(|(name, file)| Entry {
            name: name.as_str().into(),
            mode: Mode::Executable,
            source: Source::Program(&file.file),
        });
        let files = self.files.iter().map(IncludedFile::entry);
        let mut entries: Vec<Entry<'_>> = programs.chain(files).collect();
        // No two have one name. A stable sort needs as much memory again.
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        entries
    }

    /// The files with their sizes and sources, in words, for `-v`.
    pub(super) fn lines(&self, entries: &[Entry<'_>]) -> Vec<String> {
        let line = |entry: &Entry<'_>| {
            let name = &entry.name;
            match &entry.source {
                Source::Bytes(target) => {
                    format!("{name} is a link to {}", String::from_utf8_lossy(target))
                }
                source => {
                    let path = relative_to_current(Utf8Path::new(entry.input()));
                    format!("{name} {} from {path}", Size(source.size()))
                }
            }
        };
        let is_missing = |program: &&ProgramPlan| self.program(&program.path).is_none();
        let missing = self.package.programs.iter().filter(is_missing);
        let missing = missing.map(|program| format!("{} is built by Cargo", program.path));
        missing.chain(entries.iter().map(line)).collect()
    }

    /// Names the largest crates in the report of a package that is too large, or nearly so.
    pub(super) fn explain_size(&self, report: &mut ArchiveReport) {
        if report.is_large() {
            let programs = self.built.iter();
            let programs = programs.map(|(name, file)| (name.as_str(), &file.file));
            let is_there = !report.rejected;
            report.explain_size(size::largest_crates(programs), is_there);
        }
    }

    fn program(&self, name: &str) -> Option<&ExecutableFile> {
        let mut programs = self.programs.iter();
        let (_, file) = programs.find(|(program, _)| program == name)?;
        Some(file)
    }

    /// The entries as lints see them. The contents of included files are not known yet.
    pub(super) fn checked_files(&self, entries: &[Entry<'_>]) -> Vec<File> {
        let judged = |entry: &Entry<'_>| File {
            name: Arc::clone(&entry.name),
            kind: match (entry.mode, &entry.source) {
                (Mode::Link, Source::Bytes(target)) => {
                    FileKind::Link(String::from_utf8_lossy(target).into_owned())
                }
                _ => FileKind::Regular,
            },
            permissions: Some(entry.mode.permissions()),
            bytes: entry.source.size(),
            contents: self.program(&entry.name).map(|file| Contents {
                executable: file.executable.clone(),
                secret: file.secret.map(Box::new),
            }),
        };
        entries.iter().map(judged).collect()
    }

    /// The report of the package before its programs are built, with the findings that are known by
    /// then; in a `dry_run`, which nothing follows, with all that can be found then. Included files
    /// are read through `cache`, unless the package is rejected for its sizes.
    ///
    /// # Errors
    /// [`Error::Io`] if an included file cannot be read.
    pub(super) fn foreseen(&self, dry_run: bool, cache: &FileCache) -> Result<ArchiveReport> {
        let entries = self.entries();
        let mut files = self.checked_files(&entries);
        let mut diagnostics = self.diagnostics(&files, lint::check_sizes);
        let has_programs = self.programs.len() == self.package.programs.len();
        if !has_programs {
            let is_of_number = |lint| matches!(lint, Lint::TooManyLayers | Lint::TooManyExtensions);
            let of_sizes = diagnostics.iter_mut().filter(|d| !is_of_number(d.lint));
            for diagnostic in of_sizes {
                let message = &mut diagnostic.message;
                message.push_str("; the programs that are still to be built come on top");
            }
        }
        let policy = &self.package.settings.policy;
        let mut report = self.report();
        report.set_findings(policy.apply(diagnostics.iter().cloned()));
        // What is too large is not read.
        if report.rejected {
            self.explain_size(&mut report);
            return Ok(report);
        }
        let is_judged = dry_run && has_programs && self.package.awaited.is_empty();
        let read = if is_judged {
            scan::read(&entries, &mut files, cache).map(drop)
        } else {
            scan::read_included(&entries, &mut files, cache)
        };
        read.map_err(Error::io(format!(
            "could not read what goes into the zip of {}",
            report.subject()
        )))?;
        drop(entries);
        let mut diagnostics = if is_judged {
            self.diagnostics(&files, lint::check_package)
        } else {
            diagnostics.extend(self.diagnostics(&files, lint::check_names));
            diagnostics
        };
        diagnostics.extend(self.output.foreseen.iter().cloned());
        report.set_findings(policy.apply(diagnostics));
        self.explain_size(&mut report);
        Ok(report)
    }

    pub(super) fn diagnostics(
        &self,
        files: &[File],
        check: fn(&Package<'_>) -> Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        let mut diagnostics = self.with_package(files, check);
        for diagnostic in &mut diagnostics {
            if diagnostic.lint == Lint::MissingLibrary {
                diagnostic.help.push_str(&self.library_help);
            }
        }
        diagnostics
    }

    /// Gives the package with `files` to `check`.
    pub(super) fn with_package<T>(
        &self,
        files: &[File],
        check: impl FnOnce(&Package<'_>) -> T,
    ) -> T {
        let package = self.package;
        check(&Package {
            mount_point: package.kind.mount_point(),
            files,
            layers: self.layers,
            // A package for every architecture has nothing in it that could be for another.
            architecture: self.output.architecture.unwrap_or_default(),
            runtime: package.settings.runtime,
            budget: package.settings.budget(),
            anomalies: &ZipAnomalies::default(),
        })
    }
}
