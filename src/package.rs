//! From a built binary to a judged zip that only waits to take its place.

use camino::Utf8Path;
use fs_err as fs;

use crate::archive::{
    self, DateTime, Draft, Entry, Inputs, Mode, PackedEntry, Records, Seal, Source,
};
use crate::build::BuiltBinary;
use crate::error::{Error, Result};
use crate::include::IncludedFile;
use crate::inspect::{BinaryFacts, NotAnExecutable, inspect};
use crate::lint::{self, Observation};
use crate::plan::PlannedBinary;
use crate::report::{ArchiveReport, BinaryReport};

/// What all packages of a run have in common.
pub(crate) struct Packer<'a> {
    pub(crate) profile: &'a str,
    pub(crate) date: DateTime,
    pub(crate) records: Records,
}

/// A package that was judged: written but not yet in its place, already there, or rejected.
pub(crate) struct Judged {
    pub(crate) report: ArchiveReport,
    outcome: Outcome,
}

enum Outcome {
    Rejected,
    Fresh,
    Written(Draft, Inputs, Records),
}

impl Judged {
    /// Puts the zip in its place, if it is new and was not rejected.
    pub(crate) fn publish(self) -> Result<ArchiveReport> {
        if let Outcome::Written(draft, inputs, records) = self.outcome {
            let path = &self.report.path;
            let Draft { seal, entries, .. } = &draft;
            let remembered = (*seal, entries.clone());
            draft.publish().map_err(Error::io(doing(&self.report)))?;
            // A record that cannot be written costs the next run some time, and nothing else.
            let _ = records.remember(path, inputs, remembered.0, &remembered.1);
        }
        Ok(self.report)
    }
}

impl Packer<'_> {
    /// Inspects, packs and judges a built binary.
    ///
    /// # Errors
    /// [`Error::MissingFile`] if the executable is not where Cargo said, [`Error::Io`] if it or an
    /// included file cannot be read or the zip cannot be written.
    pub(crate) fn package(
        &self,
        built: &BuiltBinary,
        planned: &PlannedBinary,
        output: &Utf8Path,
    ) -> Result<Judged> {
        let settings = &planned.settings;
        let data = read(&built.path)?;
        let facts = inspect(&data);
        let entries = entries(planned, &data);
        let unzipped_bytes = entries.iter().map(|entry| entry.source.len()).sum();
        let mut report = ArchiveReport {
            unzipped_bytes: Some(unzipped_bytes),
            binary: facts.as_ref().ok().map(BinaryReport::from),
            ..ArchiveReport::planned(planned, built.target, output, self.profile)
        };

        // All that can be judged before the work of compressing is.
        let mut observations = judge_contents(built, planned, &facts, &entries);
        report.findings = settings.policy.apply(observations.iter().cloned());
        if report.is_rejected() {
            return Ok(Judged {
                report,
                outcome: Outcome::Rejected,
            });
        }

        let failed = |report: &ArchiveReport| Error::io(doing(report));
        let inputs =
            Inputs::of(&entries, settings.compression, self.date).map_err(failed(&report))?;
        let (outcome, seal, packed) = match self.records.recognize(output, inputs, &entries) {
            Some(fresh) => (Outcome::Fresh, fresh.seal, fresh.entries),
            None => self
                .write(planned, &entries, output, inputs)
                .map_err(failed(&report))?,
        };
        let file_name = output.file_name().unwrap_or(output.as_str());
        observations.extend(lint::limits::zipped(seal.bytes, file_name));
        report.findings = settings.policy.apply(observations);
        report.set_zip(&seal, packed);
        report.fresh = matches!(outcome, Outcome::Fresh);
        Ok(Judged {
            outcome: if report.is_rejected() {
                Outcome::Rejected
            } else {
                outcome
            },
            report,
        })
    }

    fn write(
        &self,
        planned: &PlannedBinary,
        entries: &[Entry<'_>],
        output: &Utf8Path,
        inputs: Inputs,
    ) -> std::io::Result<(Outcome, Seal, Vec<PackedEntry>)> {
        let draft = archive::write(entries, planned.settings.compression, self.date, output)?;
        let (seal, packed) = (draft.seal, draft.entries.clone());
        Ok((
            Outcome::Written(draft, inputs, self.records.clone()),
            seal,
            packed,
        ))
    }
}

fn read(path: &Utf8Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::MissingFile {
            what: "the executable that Cargo reported,",
            path: path.to_string(),
        },
        _ => Error::io("could not read a built executable")(error),
    })
}

/// The executable and the files beside it, in the order of their names.
fn entries<'a>(planned: &'a PlannedBinary, executable: &'a [u8]) -> Vec<Entry<'a>> {
    let executable = Entry {
        name: planned.settings.kind.entry_name(&planned.name),
        mode: Mode::Executable,
        source: Source::Bytes(executable),
    };
    let mut entries: Vec<Entry<'_>> = planned.files.iter().map(IncludedFile::entry).collect();
    entries.push(executable);
    entries.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    entries
}

fn judge_contents(
    built: &BuiltBinary,
    planned: &PlannedBinary,
    facts: &Result<BinaryFacts, NotAnExecutable>,
    entries: &[Entry<'_>],
) -> Vec<Observation> {
    let settings = &planned.settings;
    let mut observations = lint::binary::judge(
        &settings.kind.entry_name(&planned.name),
        facts.as_ref(),
        built.target.architecture,
        settings.runtime,
    );
    observations.extend(lint::binary::judge_runtime(settings.runtime));
    let sizes: Vec<(&str, u64)> = entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.source.len()))
        .collect();
    observations.extend(lint::limits::unzipped(&sizes, &planned.layers));
    observations.extend(lint::limits::layers(planned.layers.len()));
    observations.extend(lint::names::case(sizes.iter().map(|(name, _)| *name)));
    observations
}

fn doing(report: &ArchiveReport) -> String {
    format!(
        "could not write the zip of `{}` for {}",
        report.bin, report.architecture
    )
}
