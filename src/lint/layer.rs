//! What a layer has to be like to be found at `/opt`.

use std::collections::BTreeSet;

use super::list::{list, shown};
use super::package::{File, Package, Root};
use super::program;
use super::tree::components;
use super::{Lint, Observation};
use crate::inspect::Executable;
use crate::target::Architecture;

/// The folders that Lambda looks into. Source: the Lambda developer guide: `bin` joins `PATH`,
/// `lib` joins `LD_LIBRARY_PATH`, and extensions are started from `extensions`.
const KNOWN: [&str; 3] = ["bin", "lib", "extensions"];
/// Folders that have such folders of their own, for other runtimes or for data.
const THEIR_OWN: [&str; 7] = [
    "python",
    "nodejs",
    "java",
    "ruby",
    "dotnetcore",
    "share",
    "etc",
];

/// Judges what is in a layer beside its extensions.
pub(super) fn judge(package: &Package<'_>) -> Vec<Observation> {
    if package.root != Root::Opt {
        return Vec::new();
    }
    let beside = package.files.iter();
    let beside = beside.filter(|file| components(&file.name).next() != Some("extensions"));
    beside
        .filter_map(|file| wrong_architecture(file, package.architecture))
        .chain(misplaced(package))
        .collect()
}

/// A program or library that no function with this layer could use.
fn wrong_architecture(file: &File, architecture: Architecture) -> Option<Observation> {
    match &file.contents.as_ref()?.executable {
        Ok(Executable::Binary(facts)) => {
            program::wrong_architecture(&shown(&file.name), facts, architecture)
        }
        Ok(Executable::Script(_)) | Err(_) => None,
    }
}

/// Finds `lib` and its like one level too deep.
fn misplaced(package: &Package<'_>) -> Option<Observation> {
    let parts =
        |file: &File| -> Vec<String> { components(&file.name).map(str::to_owned).collect() };
    let names: Vec<Vec<String>> = package.files.iter().map(parts).collect();
    let is_at_root = |folder: &str| names.iter().any(|name| name.len() > 1 && name[0] == folder);
    let deep: BTreeSet<String> = names
        .iter()
        .filter(|name| name.len() > 2)
        .filter(|name| KNOWN.contains(&name[1].as_str()) && !is_at_root(&name[1]))
        .filter(|name| !KNOWN.contains(&name[0].as_str()))
        .filter(|name| !THEIR_OWN.contains(&name[0].as_str()))
        .map(|name| shown(&format!("{}/{}/", name[0], name[1])))
        .collect();
    let found = list(&deep.into_iter().collect::<Vec<_>>())?;
    Some(Observation {
        lint: Lint::MisplacedLayerContent,
        message: format!(
            "{found} is one level too deep: a layer unpacks at `/opt`, where Lambda looks into \
             `/opt/bin`, `/opt/lib` and `/opt/extensions` only"
        ),
        help: "zip what is in the folder, not the folder".to_owned(),
    })
}
