//! The format of the zip: its defects, and features that some readers do not support.

use crate::archive::read::Foreign;
use crate::bytes::Size;
use crate::lambda::quotas::UNZIPPED;
use crate::lint::{Diagnostic, FileKind, Lint, List, Named, Package, ZipAnomalies, list};

/// Checks the format of the zip.
pub(crate) fn check(package: &Package<'_>) -> Vec<Diagnostic> {
    [
        broken_zip(package),
        encrypted_entry(package),
        unsupported_compression(package),
        data_descriptor(package),
        foreign_bytes(package),
        missing_file_type(package),
        volume_label(package),
        hidden_entry(package),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn broken_zip(package: &Package<'_>) -> Option<Diagnostic> {
    let faults = package.anomalies.broken.iter();
    let faults = faults.map(|broken| match &broken.entry {
        Some(name) => Named::with(name, &broken.why),
        None => Named::unnamed(&broken.why),
    });
    let mut faults: Vec<Named> = faults.collect();
    if package.files.is_empty() && faults.is_empty() {
        faults.push(Named::unnamed(
            "it has no entries (`Uploaded file must be a non-empty zip`)",
        ));
    }
    let found = list(faults)?;
    Some(Diagnostic {
        lint: Lint::BrokenZip,
        message: format!(
            "the zip is broken: {found}; Lambda could not unzip it, or would unpack other files"
        ),
        help: "create the zip again, and transfer it as a binary file".to_owned(),
        names: found,
    })
}

/// Finds entries that were not unpacked, because the package is larger than Lambda allows with them.
/// It is not reported beside an `unzipped-too-large` that is denied.
pub(crate) fn unverified(anomalies: &ZipAnomalies) -> Option<Diagnostic> {
    let found = list(&anomalies.unverified)?;
    Some(Diagnostic {
        lint: Lint::BrokenZip,
        message: format!(
            "{found} {} not checked: with it the package unzips to more than {}, and only so much is \
             unpacked",
            found.either("was", "were"),
            Size(UNZIPPED)
        ),
        help: "leave out files that are not needed".to_owned(),
        names: found,
    })
}

fn encrypted_entry(package: &Package<'_>) -> Option<Diagnostic> {
    let found = list(&package.anomalies.encrypted)?;
    Some(Diagnostic {
        lint: Lint::EncryptedEntry,
        message: format!(
            "{found} {} encrypted: Lambda has no password, and could not unzip it",
            found.either("is", "are")
        ),
        help: "write the zip without encryption, and keep secrets in AWS Secrets Manager or \
               Parameter Store"
            .to_owned(),
        names: found,
    })
}

fn unsupported_compression(package: &Package<'_>) -> Option<Diagnostic> {
    let entries = package.anomalies.unsupported.iter();
    let found = list(entries.map(|(name, method)| Named::with(name, format!("by {method}"))))?;
    Some(Diagnostic {
        lint: Lint::UnsupportedCompression,
        message: format!(
            "{found} {} compressed in a way that Lambda cannot unzip: it supports deflate and stored \
             entries only",
            found.either("is", "are")
        ),
        help: "write the zip with deflate (`zip -Z deflate`, `7z a -mm=Deflate`)".to_owned(),
        names: found,
    })
}

fn data_descriptor(package: &Package<'_>) -> Option<Diagnostic> {
    let found = list(&package.anomalies.descriptors)?;
    let where_sizes_are = found.either(
        "has its size after its data",
        "have their sizes after their data",
    );
    Some(Diagnostic {
        lint: Lint::DataDescriptor,
        message: format!(
            "{found} {where_sizes_are}: Lambda can read it, but streaming readers, such as Java's, \
             cannot always"
        ),
        help:
            "rewrite it (`zip -F f.zip --out new.zip`), or create it with `zip`, `7z` or Python's \
               zipfile, as a file and not through a pipe"
                .to_owned(),
        names: found,
    })
}

fn foreign_bytes(package: &Package<'_>) -> Option<Diagnostic> {
    let Foreign { before, after } = package.anomalies.foreign;
    let place = match (before, after) {
        (0, 0) => return None,
        (_, 0) => format!("{before} bytes before its first entry"),
        (0, _) => format!("{after} bytes after its end"),
        (_, _) => {
            format!("{before} bytes before its first entry and {after} after its end")
        }
    };
    Some(Diagnostic {
        lint: Lint::ForeignBytes,
        message: format!("the zip has {place} that do not belong to it: some readers refuse it"),
        help: "unpack it, and zip its files again (`zip -F` removes only bytes after the end)"
            .to_owned(),
        names: List::default(),
    })
}

fn missing_file_type(package: &Package<'_>) -> Option<Diagnostic> {
    let untyped = package
        .files
        .iter()
        .filter(|file| file.kind == FileKind::Untyped);
    let found = list(untyped.map(|file| &file.name))?;
    Some(Diagnostic {
        lint: Lint::MissingFileType,
        message: format!(
            "{found} {}, but some unzip tools skip such entries",
            found.either(
                "has permissions but does not say that it is a regular file: it works",
                "have permissions but do not say that they are regular files: they work"
            )
        ),
        help: "add the type to the mode: `0o100755 << 16` in the external attributes, not \
               `0o755 << 16`"
            .to_owned(),
        names: found,
    })
}

/// Finds files that are marked as the label of a disk.
fn volume_label(package: &Package<'_>) -> Option<Diagnostic> {
    let found = list(&package.anomalies.volume_labels)?;
    Some(Diagnostic {
        lint: Lint::MissingFileType,
        message: format!(
            "{found} {} by an attribute of DOS (0x08): some unzip tools skip such entries",
            found.either("is the label of a disk", "are labels of disks")
        ),
        help: "create the zip again with a tool that writes the attributes of files".to_owned(),
        names: found,
    })
}

/// Finds local headers that no entry of the directory leads to. In a broken zip the directory leads to
/// wrong places, which is a diagnostic of its own.
fn hidden_entry(package: &Package<'_>) -> Option<Diagnostic> {
    if !package.anomalies.broken.is_empty() {
        return None;
    }
    let found = list(&package.anomalies.hidden)?;
    Some(Diagnostic {
        lint: Lint::HiddenEntry,
        message: format!(
            "{found} {} in the zip, but not in its directory: Lambda does not unpack it, and readers \
             that start at the front of the zip do",
            found.either("is", "are")
        ),
        help: "create a new zip: some tools leave the old bytes of an entry that they replace"
            .to_owned(),
        names: found,
    })
}
