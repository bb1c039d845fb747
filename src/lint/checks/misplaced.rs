//! Files in a layer where nothing searches for them.

use std::collections::BTreeSet;

use crate::inspect::{Executable, Linkage};
use crate::lint::fs::components;
use crate::lint::{Diagnostic, File, FileKind, Lint, List, Named, list};
use crate::text::quoted_name;

/// The folders that Lambda searches. Source: the Lambda developer guide: `bin` joins `PATH`,
/// `lib` joins `LD_LIBRARY_PATH`, and extensions are started from `extensions`.
const KNOWN: [&str; 3] = ["bin", "lib", "extensions"];
/// The folders that the runtimes of languages search. Source: the Lambda developer guide, "Packaging
/// your layer content".
const SEARCHED: [&str; 5] = ["python", "nodejs", "java", "ruby", "dotnetcore"];
/// Folders for other runtimes or for data, which may have such folders in them.
const THEIR_OWN: [&str; 7] = [
    "python",
    "nodejs",
    "java",
    "ruby",
    "dotnetcore",
    "share",
    "etc",
];

/// Checks the places of the files in a layer.
pub(crate) fn check(files: &[File]) -> Vec<Diagnostic> {
    let layout = Layout::of(files);
    let found = [
        of_lambda(&layout),
        of_runtimes(&layout),
        misspelt(&layout),
        backslashes(files),
    ];
    found.into_iter().flatten().collect()
}

/// The files of a layer by their folders, with facts about all of them.
struct Layout<'a> {
    places: Vec<Place<'a>>,
    /// The folders at the root.
    at_root: BTreeSet<&'a str>,
    /// The folders at the root that contain more than a folder of the same name.
    with_more: BTreeSet<&'a str>,
    /// `true` if there is a file that Lambda starts as an extension.
    has_extension: bool,
    /// `true` if a run path of a program or library names `lib64`.
    searches_lib64: bool,
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
            searches_lib64: run_paths.any(|path| path.contains("lib64") || path.contains("LIB")),
            places,
        }
    }
}

/// Finds files that Lambda itself would search for elsewhere.
fn of_lambda(layout: &Layout<'_>) -> Option<Diagnostic> {
    let misplaced = |place: &Place<'_>| match place.folders[..] {
        [] => is_library(place).then(|| place.file.name.to_string()),
        [first] | [first, _, ..] if is_near_extensions(first) && starts(place) => {
            (!layout.at_root.contains("extensions")).then(|| format!("{first}/"))
        }
        ["lib64"] | ["usr", "lib64"] => (is_library(place) && !layout.searches_lib64)
            .then(|| format!("{}/", place.folders.join("/"))),
        [first, second, ..] => {
            is_too_deep(first, second, place, layout).then(|| format!("{first}/{second}/"))
        }
        _ => None,
    };
    let misplaced: BTreeSet<String> = layout.places.iter().filter_map(misplaced).collect();
    let found = list(misplaced)?;
    Some(Diagnostic {
        lint: Lint::MisplacedLayerContent,
        message: format!(
            "{found} {} found: a layer unpacks at `/opt`, where Lambda searches `/opt/bin`, \
             `/opt/lib` and `/opt/extensions` only",
            found.either("is where it would not be", "are where they would not be")
        ),
        help: "zip the contents of the folder, not the folder; put libraries into `lib/`, and \
               extensions directly into `extensions/`"
            .to_owned(),
        names: found,
    })
}

/// Finds extensions whose paths have backslashes, which Linux takes as parts of names.
fn backslashes(files: &[File]) -> Option<Diagnostic> {
    let is_extension = |file: &&File| {
        let rest = file
            .name
            .trim_start_matches("./")
            .strip_prefix("extensions\\");
        file.kind != FileKind::Folder && rest.is_some_and(|rest| !rest.is_empty())
    };
    let found = list(files.iter().filter(is_extension).map(|file| &file.name))?;
    Some(Diagnostic {
        lint: Lint::MisplacedExtension,
        message: format!(
            "{found} {} at the root of the layer, since a backslash is part of a name on Linux: Lambda \
             would never start it as an extension",
            found.either("is a file", "are files")
        ),
        help: "create the zip with slashes: `cargo lambda-zip layer`, or a tool that is not of Windows"
            .to_owned(),
        names: found,
    })
}

/// Finds folders whose names are almost those that Lambda or a runtime searches.
fn misspelt(layout: &Layout<'_>) -> Option<Diagnostic> {
    let known = KNOWN.into_iter().chain(SEARCHED);
    let near = |folder: &&str| {
        let right = known.clone().find(|right| is_misspelt(folder, right))?;
        let is_found = is_near_extensions(folder) || layout.at_root.contains(right);
        (!is_found).then(|| Named::with(&format!("{folder}/"), format!("(for `{right}/`)")))
    };
    let found = list(layout.at_root.iter().filter_map(near))?;
    Some(Diagnostic {
        lint: Lint::MisplacedLayerContent,
        message: format!(
            "{found} {} a name that nothing searches at `/opt`",
            found.either("has", "have")
        ),
        help: "rename it".to_owned(),
        names: found,
    })
}

/// `true` if the name of a folder is another one with a letter or two wrong. Short names differ by a
/// letter without being wrong, so that only their case or a plural counts.
fn is_misspelt(folder: &str, right: &str) -> bool {
    let lower = folder.to_lowercase();
    let most = match right.len() {
        ..=3 => return folder != right && (lower == right || lower == format!("{right}s")),
        4..=7 => 1,
        _ => 2,
    };
    folder != right && lower.starts_with(&right[..1]) && strsim::osa_distance(&lower, right) <= most
}

/// `true` if files in the folder `first/second` are one level too deep.
fn is_too_deep(first: &str, second: &str, place: &Place<'_>, layout: &Layout<'_>) -> bool {
    let is_doubled = || first == second && !layout.with_more.contains(first);
    if first == "extensions" {
        // Folders beside an extension may have its files. Without an extension, nothing starts.
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

/// `true` for `Extensions` and `extension`.
fn is_near_extensions(folder: &str) -> bool {
    let lower = folder.to_lowercase();
    folder != "extensions" && (lower == "extensions" || lower == "extension")
}

/// Finds packages of other languages, if there are no other files: other code may search for them
/// by itself.
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
    // A file at the root does not belong to such packages.
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
            "{} is where it would not be found: a layer unpacks at `/opt`, where the runtime of its \
             language searches `/opt/{wanted}`",
            quoted_name(&format!("{folder}/"))
        ),
        help: format!("move it into `{wanted}/`"),
        names: List::default(),
    })
}

/// `true` if it is a library by its name and its contents.
fn is_library(place: &Place<'_>) -> bool {
    let mut parts = place.name.split('.').skip(1);
    parts.any(|part| part == "so") && place.file.binary().is_some()
}

/// `true` if it is a program or a script.
fn starts(place: &Place<'_>) -> bool {
    place
        .file
        .executable()
        .is_some_and(|executable| match executable {
            Executable::Binary(facts) => facts.linkage != Linkage::Shared,
            Executable::Script(_) => true,
        })
}
