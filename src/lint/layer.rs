//! What a layer has to be like to be found at `/opt`.

use std::collections::BTreeSet;

use super::list::{list, shown};
use super::package::{File, Package, Root};
use super::tree::components;
use super::{Lint, Observation};

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

/// Finds `lib` and its like one level too deep.
pub(super) fn judge(package: &Package<'_>) -> Option<Observation> {
    if package.root != Root::Opt {
        return None;
    }
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
