//! The judgements on a package: named as in rustc, each with a level that users may change.

mod budget;
pub(crate) mod checks;
mod contents;
pub(crate) mod fs;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod list;
mod package;
mod policy;
mod table;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use budget::Budget;
pub(crate) use contents::{ZipContents, read};
pub(crate) use list::{is_unseen, list, shown};
pub(crate) use package::{File, FileKind, LayerFacts, Package, ZipAnomalies};
pub(crate) use policy::{Policy, Setting, Subject};
pub(crate) use table::Lint;

use serde::Serialize;

use crate::lambda::{MountPoint, Runtime};
use crate::text::named;
use checks::{collisions, counts, entrypoint, layer, links, names, secrets, sizes, zip};
use fs::RuntimeFs;

/// All that is to be said of a package, but for the size of its zip.
pub(crate) fn check(package: &Package<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = zip::check(package);
    diagnostics.extend(
        package
            .layers
            .iter()
            .flat_map(|layer| unreadable(package, layer)),
    );
    // What a directory that cannot be read would have had in it, nobody knows.
    if package.files.is_empty() || package.anomalies.is_incomplete() {
        return diagnostics;
    }
    let fs = RuntimeFs::of(package);
    diagnostics.extend(sizes_and_numbers(package, &fs));
    diagnostics.extend(entrypoint::check(package, &fs));
    diagnostics.extend(names::check(package));
    diagnostics.extend(collisions::check(package.files));
    diagnostics.extend(links::check(package, &fs));
    diagnostics.extend(layer::check(package, &fs));
    diagnostics.extend(secrets::check(package));
    diagnostics.extend(deprecated_runtime(package.runtime));
    diagnostics
}

/// What is to be said of the sizes of a package's files and layers, and of their numbers.
pub(crate) fn check_sizes(package: &Package<'_>) -> Vec<Diagnostic> {
    sizes_and_numbers(package, &RuntimeFs::of(package))
}

fn sizes_and_numbers(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = sizes::check(package);
    diagnostics.extend(counts::check(package, fs));
    diagnostics
}

/// What is to be said of the size of a zip: of it and of each entry in it, the name and bytes.
pub(crate) fn check_zip_size(
    mount_point: MountPoint,
    name: &str,
    bytes: u64,
    entries: &[(&str, u64)],
    budget: Budget,
) -> Vec<Diagnostic> {
    let found = [
        checks::zipped(mount_point, bytes, name, entries),
        budget.zipped(bytes, entries),
    ];
    found.into_iter().flatten().collect()
}

/// What of a layer nobody could unzip.
fn unreadable(package: &Package<'_>, layer: &LayerFacts) -> Vec<Diagnostic> {
    let files = match &layer.files {
        Some(files) => files,
        // Only its size is known.
        None if layer.anomalies.broken.is_empty() => return Vec::new(),
        None => &Vec::new(),
    };
    let alone = Package {
        files,
        layers: &[],
        anomalies: &layer.anomalies,
        ..*package
    };
    let mut found = zip::check(&alone);
    let unreadable = [
        Lint::BrokenZip,
        Lint::EncryptedEntry,
        Lint::UnsupportedCompression,
    ];
    found.retain(|found| unreadable.contains(&found.lint));
    for diagnostic in &mut found {
        let name = shown(&layer.name);
        diagnostic.message = format!("of the layer {name}, {}", diagnostic.message);
    }
    found
}

fn deprecated_runtime(runtime: Runtime) -> Option<Diagnostic> {
    runtime.deprecation().map(|dates| Diagnostic {
        lint: Lint::DeprecatedRuntime,
        message: format!("the runtime {runtime} is {dates}"),
        help: format!("deploy on {} (`--runtime {0}`)", Runtime::default()),
    })
}

/// What a finding means for the package it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Level {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported, and the package is rejected.
    Deny,
}

impl Level {
    /// The name in flags and manifests.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}
named!(Level, "lint level");

/// Something a lint saw, before any level is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// The lint.
    pub lint: Lint,
    /// What is so, and what Lambda would do about it.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

/// A diagnostic at a level that is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The lint.
    pub lint: Lint,
    /// `warn` or `deny`.
    pub level: Level,
    /// What is so, and what Lambda would do about it.
    pub message: String,
    /// How to fix it.
    pub help: String,
}
