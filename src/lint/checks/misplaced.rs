//! What a layer has where nothing looks for it.

use std::collections::BTreeSet;

use crate::inspect::{Executable, Linkage};
use crate::lint::fs::components;
use crate::lint::{Diagnostic, File, FileKind, Lint};
use crate::text::{list, quoted_name};

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

/// Judges where the files of a layer are.
pub(crate) fn check(files: &[File]) -> Vec<Diagnostic> {
    let layout = Layout::of(files);
    let found = [of_lambda(&layout), of_runtimes(&layout)];
    found.into_iter().flatten().collect()
}

/// The files of a layer, by the folders that they are in, and what is asked of all of them.
struct Layout<'a> {
    places: Vec<Place<'a>>,
    /// The folders at the root.
    at_root: BTreeSet<&'a str>,
    /// Those of them that have more in them than a folder of their own name.
    with_more: BTreeSet<&'a str>,
    /// Whether there is something that Lambda starts as an extension.
    has_extension: bool,
    /// Whether a program or library looks into `lib64` by itself.
    looks_into_lib64: bool,
}

struct Place<'a> {
    /// The folders, the one at the root first.
    folders: Vec<&'a str>,
    name: &'a str,
    file: &'a File,
}

impl<'a> Layout<'a> {
    fn of(files: &'a [File]) -> Self {
        let files = files.iter().filter(|file| file.kind != FileKind::Folder);
        let places = files.filter_map(|file| {
            let mut folders: Vec<&str> = components(&file.name).collect();
            let name = folders.pop()?;
            Some(Place {
                folders,
                name,
                file,
            })
        });
        let places: Vec<Place<'a>> = places.collect();
        let in_folders = || places.iter().filter(|place| !place.folders.is_empty());
        let is_more = |place: &&Place<'_>| place.folders.get(1) != place.folders.first();
        let facts = || places.iter().filter_map(|place| place.file.binary());
        let mut run_paths = facts().flat_map(|facts| &facts.run_paths);
        Self {
            at_root: in_folders().map(|place| place.folders[0]).collect(),
            with_more: in_folders()
                .filter(is_more)
                .map(|place| place.folders[0])
                .collect(),
            has_extension: places.iter().any(|place| place.folders == ["extensions"]),
            looks_into_lib64: run_paths.any(|path| path.contains("lib64") || path.contains("LIB")),
            places,
        }
    }
}

/// Finds what Lambda itself would look for elsewhere.
fn of_lambda(layout: &Layout<'_>) -> Option<Diagnostic> {
    let misplaced = |place: &Place<'_>| match place.folders[..] {
        [] => is_library(place).then(|| quoted_name(&place.file.name)),
        [first] | [first, _, ..] if is_near_extensions(first) && starts(place) => {
            (!layout.at_root.contains("extensions")).then(|| quoted_name(&format!("{first}/")))
        }
        ["lib64"] | ["usr", "lib64"] => (is_library(place) && !layout.looks_into_lib64)
            .then(|| quoted_name(&format!("{}/", place.folders.join("/")))),
        [first, second, ..] => is_too_deep(first, second, place, layout)
            .then(|| quoted_name(&format!("{first}/{second}/"))),
        _ => None,
    };
    let misplaced: BTreeSet<String> = layout.places.iter().filter_map(misplaced).collect();
    let found = list(misplaced)?;
    Some(Diagnostic {
        lint: Lint::MisplacedLayerContent,
        message: format!(
            "{found} {} looked for: a layer unpacks at `/opt`, where Lambda \
             looks into `/opt/bin`, `/opt/lib` and `/opt/extensions` only",
            found.either("is not where it would be", "are not where they would be")
        ),
        help:
            "zip what is in the folder, not the folder; put libraries into `lib/`, and extensions \
               directly into `extensions/`"
                .to_owned(),
    })
}

/// Whether what is in `second`, in `first` at the root, is one level below where it belongs.
fn is_too_deep(first: &str, second: &str, place: &Place<'_>, layout: &Layout<'_>) -> bool {
    let is_doubled = || first == second && !layout.with_more.contains(first);
    if first == "extensions" {
        // Beside an extension there may be what helps it; alone in a folder, nothing starts.
        return !layout.has_extension && (starts(place) || is_doubled());
    }
    KNOWN.contains(&second)
        && !THEIR_OWN.contains(&first)
        && if KNOWN.contains(&first) {
            is_doubled()
        } else {
            !layout.at_root.contains(second)
        }
}

/// `Extensions`, or `extension`.
fn is_near_extensions(folder: &str) -> bool {
    let lower = folder.to_lowercase();
    folder != "extensions" && (lower == "extensions" || lower == "extension")
}

/// Finds packages of other languages, where they are all that there is: code beside them may find
/// them by itself.
///
/// Source: the Lambda developer guide, "Packaging your layer content": `nodejs/node_modules` joins
/// `NODE_PATH`, and `python` joins `PYTHONPATH`.
fn of_runtimes(layout: &Layout<'_>) -> Option<Diagnostic> {
    let is_note = |place: &Place<'_>| {
        let ends = [".json", ".yaml", ".lock", ".md", ".txt", ".toml"];
        place.folders.is_empty() && ends.iter().any(|end| place.name.ends_with(end))
    };
    let first = |place: &Place<'_>| place.folders.first().map(ToString::to_string);
    let firsts: Option<BTreeSet<String>> = (layout.places.iter())
        .filter(|place| !is_note(place))
        .map(first)
        .collect();
    // A file at the root is none of theirs.
    let firsts = firsts?;
    let (folder, wanted) = if firsts.iter().eq(["node_modules"]) {
        ("node_modules", "nodejs/node_modules")
    } else {
        let is_init = |place: &&Place<'_>| place.folders.len() == 1 && place.name == "__init__.py";
        let inits = layout.places.iter().filter(is_init);
        let packages: BTreeSet<&str> = inits.map(|place| place.folders[0]).collect();
        let is_of_pip = |folder: &String| {
            let ends = [".dist-info", ".egg-info", ".libs"];
            packages.contains(folder.as_str()) || ends.iter().any(|end| folder.ends_with(end))
        };
        if !firsts.iter().all(is_of_pip) {
            return None;
        }
        (*packages.first()?, "python")
    };
    Some(Diagnostic {
        lint: Lint::MisplacedLayerContent,
        message: format!(
            "{} is not where it would be looked for: a layer unpacks at `/opt`, where the runtime \
             of its language looks into `/opt/{wanted}`",
            quoted_name(&format!("{folder}/"))
        ),
        help: format!("move it, so that it is in `{wanted}/`"),
    })
}

/// Whether it is a library for the loader to find, by its name and its contents.
fn is_library(place: &Place<'_>) -> bool {
    let mut parts = place.name.split('.').skip(1);
    parts.any(|part| part == "so") && place.file.binary().is_some()
}

/// Whether it is something that is started.
fn starts(place: &Place<'_>) -> bool {
    place
        .file
        .executable()
        .is_some_and(|executable| match executable {
            Executable::Binary(facts) => facts.linkage != Linkage::Shared,
            Executable::Script(_) => true,
        })
}
