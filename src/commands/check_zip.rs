//! The check of one zip, and its report.

use std::sync::Arc;

use super::check_input::Input;
use crate::archive::ZipDigest;
use crate::archive::read::{Fault, Metered, Reader, Source, Zip};
use crate::error::{Error, Result};
use crate::lambda::{Kind, MountPoint};
use crate::lint::ZipCheck;
use crate::meter::{Meter, Task};
use crate::report::{ArchiveReport, BinaryReport};
use crate::size;

/// Checks one zip, and makes its report. Its digests are read if `wants_digest` is true. The `meter`
/// expects the bytes of the input, and counts them.
///
/// # Errors
/// [`Error::Io`] if it cannot be read.
pub(super) fn report(
    check: &ZipCheck<'_>,
    input: &Input,
    wants_digest: bool,
    meter: &Arc<Meter>,
) -> Result<ArchiveReport> {
    let source = &input.open()?;
    // The size of standard input is known only now.
    meter.expect(source.length().saturating_sub(input.bytes()));
    let task = Task::of(meter, source.length()).named(input.shown.as_str());
    let metered = Metered { source, task };
    let unreadable = || Error::io(format!("could not read the zip `{}`", input.shown));
    let zip = Fault::defect(Zip::open(&metered)).map_err(unreadable())?;
    let (checked, digest) = rayon::join(
        || check.check(&zip, &input.file_name(), source.length()),
        || wants_digest.then(|| ZipDigest::read(Reader::new(source))),
    );
    let checked = checked.map_err(unreadable())?;
    let kind = match check.mount_point {
        MountPoint::Task => Kind::Function,
        MountPoint::Opt => Kind::Layer,
    };
    // A layer has no program of its own.
    let program = checked.program.filter(|_| kind == Kind::Function);
    let mut report = ArchiveReport {
        bin: input.name(),
        name: input.name(),
        kind,
        architecture: checked.architecture,
        architectures: checked.architecture.into_iter().collect(),
        runtime: check.runtime,
        handler: kind.handler(),
        path: input.path.clone(),
        unzipped_bytes: checked.unzipped_bytes,
        binary: program.as_ref().map(BinaryReport::from),
        entries: checked.entries,
        ..ArchiveReport::default()
    };
    report.set_findings(checked.findings);
    report.set_size(source.length());
    if report.is_large() {
        let zip = zip.ok();
        let crates = zip.and_then(|zip| size::largest_crates_in(&zip, &input.path));
        report.explain_size(crates, true);
    }
    if let Some(digest) = digest {
        report.set_digests(&digest.map_err(unreadable())?);
    }
    Ok(report)
}
