//! From a built binary to a judged zip that only waits to take its place.

use camino::Utf8Path;
use fs_err as fs;

use crate::archive::{self, Draft, Entry, Mode};
use crate::build::BuiltBinary;
use crate::config::Kind;
use crate::error::{Error, Result};
use crate::inspect::{BinaryFacts, NotAnExecutable, inspect};
use crate::lint::{self, Finding, Level, Observation};
use crate::plan::PlannedBinary;
use crate::report::{ArchiveReport, BinaryReport};

/// A package that was judged: written but not yet in its place, or rejected.
pub(crate) struct Judged {
    pub(crate) report: ArchiveReport,
    /// None if a lint rejected it.
    draft: Option<Draft>,
}

impl Judged {
    /// Puts the zip in its place, if it was not rejected.
    pub(crate) fn publish(self) -> Result<ArchiveReport> {
        if let Some(draft) = self.draft {
            draft.publish().map_err(Error::io(doing(&self.report)))?;
        }
        Ok(self.report)
    }
}

/// Inspects, packs and judges a built binary.
///
/// # Errors
/// [`Error::MissingFile`] if the executable is not where Cargo said, [`Error::Io`] if it cannot be
/// read or the zip cannot be written.
pub(crate) fn package(
    built: &BuiltBinary,
    planned: &PlannedBinary,
    output: &Utf8Path,
    profile: &str,
) -> Result<Judged> {
    let settings = &planned.settings;
    let data = read(&built.path)?;
    let facts = inspect(&data);
    let unzipped_bytes = data.len() as u64;
    let mut report = ArchiveReport {
        unzipped_bytes: Some(unzipped_bytes),
        binary: facts.as_ref().ok().map(BinaryReport::from),
        ..ArchiveReport::planned(planned, built.target, output, profile)
    };

    // All that can be judged before the work of compressing is.
    let mut observations = judge_contents(built, planned, &facts, unzipped_bytes);
    report.findings = settings.policy.apply(observations.iter().cloned());
    if is_rejected(&report.findings) {
        return Ok(Judged {
            report,
            draft: None,
        });
    }

    let entries = vec![Entry {
        name: entry_name(planned),
        mode: Mode::Executable,
        data: &data,
    }];
    let draft =
        archive::write(entries, settings.compression, output).map_err(Error::io(doing(&report)))?;
    let file_name = output.file_name().unwrap_or(output.as_str());
    observations.extend(lint::limits::zipped(draft.bytes, file_name));
    report.findings = settings.policy.apply(observations);
    report.set_zip(&draft);
    let rejected = is_rejected(&report.findings);
    Ok(Judged {
        report,
        draft: (!rejected).then_some(draft),
    })
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

fn judge_contents(
    built: &BuiltBinary,
    planned: &PlannedBinary,
    facts: &Result<BinaryFacts, NotAnExecutable>,
    unzipped_bytes: u64,
) -> Vec<Observation> {
    let runtime = planned.settings.runtime;
    let mut observations = lint::binary::judge(
        &entry_name(planned),
        facts.as_ref(),
        built.target.architecture,
        runtime,
    );
    observations.extend(lint::binary::judge_runtime(runtime));
    observations.extend(lint::limits::unzipped(unzipped_bytes));
    observations
}

fn is_rejected(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Deny)
}

/// The executable's path in the zip.
///
/// Source: the Lambda developer guide. An OS-only runtime starts `bootstrap` at the root of the
/// code; an external extension is an executable in `extensions/` at the root of a layer, and is
/// known by its file name.
fn entry_name(planned: &PlannedBinary) -> String {
    match planned.settings.kind {
        Kind::Function | Kind::Skip => "bootstrap".to_owned(),
        Kind::Extension => format!("extensions/{}", planned.name),
    }
}

fn doing(report: &ArchiveReport) -> String {
    format!(
        "could not write the zip of `{}` for {}",
        report.bin, report.architecture
    )
}
