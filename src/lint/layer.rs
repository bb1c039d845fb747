//! What a layer has to be like to be found at `/opt`.

use std::collections::BTreeSet;

use super::list::{list, shown};
use super::package::{File, Package, Root};
use super::program::{self, Program};
use super::tree::{Tree, components};
use super::{Lint, Observation, libraries, start};
use crate::inspect::{Executable, Linkage, NotAnExecutable};
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

/// Files of which something is said: whoever has hundreds of them for another machine knows by then.
const NAMED: usize = 50;

/// Judges what is in a layer beside its extensions.
pub(super) fn judge(package: &Package<'_>, tree: &Tree<'_>) -> Vec<Observation> {
    if package.root != Root::Opt {
        return Vec::new();
    }
    let beside = package.files.iter();
    let beside = beside.filter(|file| components(&file.name).next() != Some("extensions"));
    let unusable = beside.flat_map(|file| {
        let wrong = wrong_architecture(file, package.architecture);
        let useless = wrong.is_none().then(|| useless(file, package, tree));
        wrong.into_iter().chain(useless.into_iter().flatten())
    });
    unusable
        .take(NAMED)
        .chain(misplaced(package.files))
        .collect()
}

/// What no function could do with a program in `bin` or a library in `lib`. What these need beside
/// the runtime, the function or another layer may bring; and who runs a script, nobody knows.
fn useless(file: &File, package: &Package<'_>, tree: &Tree<'_>) -> Vec<Observation> {
    let parts: Vec<&str> = components(&file.name).take(3).collect();
    let Some(Ok(Executable::Binary(facts))) = executable(file) else {
        return Vec::new();
    };
    let at = format!("{}/{}", package.root.path(), parts.join("/"));
    let program = Program {
        name: &file.name,
        at: &at,
        bytes: file.bytes,
        architecture: package.architecture,
        runtime: package.runtime,
    };
    match parts[..] {
        ["bin", _] if facts.linkage != Linkage::Shared => start::not_executable(file)
            .into_iter()
            .chain(program::missing_loader_anywhere(&program, facts, tree))
            .chain(libraries::too_new(&program, facts, tree))
            .collect(),
        ["lib", _] => libraries::too_new(&program, facts, tree),
        _ => Vec::new(),
    }
}

/// A program or library that no function with this layer could use.
fn wrong_architecture(file: &File, architecture: Architecture) -> Option<Observation> {
    match executable(file)? {
        Ok(Executable::Binary(facts)) => {
            program::wrong_architecture(&shown(&file.name), facts, architecture)
        }
        Ok(Executable::Script(_)) | Err(_) => None,
    }
}

/// Finds what is not where Lambda looks for it: `lib` and its like one level too deep, and libraries
/// beside `lib`.
fn misplaced(files: &[File]) -> Option<Observation> {
    let parts = |file| -> [&str; 3] {
        let mut parts = components(name(file));
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    };
    // The folders at the root, and those of them that have more in them than a folder of their name.
    let folders = || {
        files
            .iter()
            .map(parts)
            .filter(|[_, second, _]| !second.is_empty())
    };
    let at_root: BTreeSet<&str> = folders().map(|[first, ..]| first).collect();
    let with_more = folders().filter(|[first, second, _]| first != second);
    let with_more: BTreeSet<&str> = with_more.map(|[first, ..]| first).collect();
    let is_too_deep = |first, second| {
        KNOWN.contains(&second)
            && !THEIR_OWN.contains(&first)
            && if KNOWN.contains(&first) {
                first == second && !with_more.contains(first)
            } else {
                !at_root.contains(second)
            }
    };
    let misplaced: BTreeSet<String> = files
        .iter()
        .filter_map(|file| match parts(file) {
            [_, "", _] => is_library(file).then(|| shown(&file.name)),
            [first, second, third] if !third.is_empty() && is_too_deep(first, second) => {
                Some(shown(&format!("{first}/{second}/")))
            }
            _ => None,
        })
        .collect();
    let found = list(misplaced)?;
    Some(Observation {
        lint: Lint::MisplacedLayerContent,
        message: format!(
            "{found} is not where it would be looked for: a layer unpacks at `/opt`, where Lambda \
             looks into `/opt/bin`, `/opt/lib` and `/opt/extensions` only"
        ),
        help: "zip what is in the folder, not the folder; put libraries into `lib/`".to_owned(),
    })
}

fn name(file: &File) -> &str {
    &file.name
}

/// Whether it is a library for the loader to find, by its name and its contents.
fn is_library(file: &File) -> bool {
    let mut parts = file.name.split('.').skip(1);
    parts.any(|part| part == "so") && matches!(executable(file), Some(Ok(Executable::Binary(_))))
}

fn executable(file: &File) -> Option<Result<&Executable, &NotAnExecutable>> {
    let contents = file.contents.as_ref()?;
    Some(contents.executable.as_ref())
}
