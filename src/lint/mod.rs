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
pub(crate) use contents::{Unpacked, read};
pub(crate) use list::{is_unseen, list, shown};
pub(crate) use package::{File, FileKind, Format, LayerFacts, Package, Root};
pub(crate) use policy::{Policy, Setting, Subject};
pub(crate) use table::Lint;

use serde::Serialize;

use crate::lambda::Runtime;
use crate::text::named;
use checks::{collisions, counts, entrypoint, layer, links, names, secrets, sizes, zip};
use fs::Tree;

/// All that is to be said of a package, but for the size of its zip.
pub(crate) fn judge(package: &Package<'_>) -> Vec<Observation> {
    let mut observations = zip::judge(package);
    observations.extend(
        package
            .layers
            .iter()
            .flat_map(|layer| unreadable(package, layer)),
    );
    // What a directory that cannot be read would have had in it, nobody knows.
    if package.files.is_empty() || package.format.is_incomplete() {
        return observations;
    }
    let tree = Tree::of(package);
    observations.extend(sizes_and_numbers(package, &tree));
    observations.extend(entrypoint::judge(package, &tree));
    observations.extend(names::judge(package));
    observations.extend(collisions::judge(package.files));
    observations.extend(links::judge(package, &tree));
    observations.extend(layer::judge(package, &tree));
    observations.extend(secrets::judge(package));
    observations.extend(deprecated_runtime(package.runtime));
    observations
}

/// What is to be said of the sizes of a package's files and layers, and of their numbers.
pub(crate) fn judge_sizes(package: &Package<'_>) -> Vec<Observation> {
    sizes_and_numbers(package, &Tree::of(package))
}

fn sizes_and_numbers(package: &Package<'_>, tree: &Tree<'_>) -> Vec<Observation> {
    let mut observations = sizes::judge(package);
    observations.extend(counts::judge(package, tree));
    observations
}

/// What is to be said of the size of a zip: of it and of each entry in it, the name and bytes.
pub(crate) fn judge_zip(
    root: Root,
    name: &str,
    bytes: u64,
    entries: &[(&str, u64)],
    budget: Budget,
) -> Vec<Observation> {
    let found = [
        checks::zipped(root, bytes, name, entries),
        budget.zipped(bytes, entries),
    ];
    found.into_iter().flatten().collect()
}

/// What of a layer nobody could unzip.
fn unreadable(package: &Package<'_>, layer: &LayerFacts) -> Vec<Observation> {
    let files = match &layer.files {
        Some(files) => files,
        // Only its size is known.
        None if layer.format.broken.is_empty() => return Vec::new(),
        None => &Vec::new(),
    };
    let alone = Package {
        files,
        layers: &[],
        format: &layer.format,
        ..*package
    };
    let mut found = zip::judge(&alone);
    let unreadable = [
        Lint::BrokenZip,
        Lint::EncryptedEntry,
        Lint::UnsupportedCompression,
    ];
    found.retain(|found| unreadable.contains(&found.lint));
    for observation in &mut found {
        let name = shown(&layer.name);
        observation.message = format!("of the layer {name}, {}", observation.message);
    }
    found
}

fn deprecated_runtime(runtime: Runtime) -> Option<Observation> {
    runtime.deprecation().map(|dates| Observation {
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
pub(crate) struct Observation {
    /// The lint.
    pub lint: Lint,
    /// What is so, and what Lambda would do about it.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// An observation at a level that is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The lint.
    pub lint: Lint,
    /// `warn` or `deny`.
    pub level: Level,
    /// What is so, and what Lambda would do about it.
    pub message: String,
    /// How to mend it.
    pub help: String,
}
