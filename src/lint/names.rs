//! The names of entries, and where links lead.

use std::collections::{BTreeMap, BTreeSet};

use super::list::{list, shown};
use super::package::{File, FileKind, Package};
use super::tree::{Found, Tree, components};
use super::{Lint, Observation};

/// Judges the names of a package.
pub(super) fn judge(package: &Package<'_>, tree: &Tree<'_>) -> Vec<Observation> {
    let files = package.files;
    [
        unsafe_path(files),
        impossible_path(files),
        odd_name(files),
        ambiguous_name(package),
        doubtful_folder(package),
        duplicate_entry(files),
        case_conflict(files),
        dangling_symlink(package, tree),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn unsafe_path(files: &[File]) -> Option<Observation> {
    let astray: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let name = shown(&file.name);
            match &file.kind {
                _ if leaves(&file.name) => Some(name),
                FileKind::Link(target) if escapes(&file.name, target) => {
                    Some(format!("{name} → {}", shown(target)))
                }
                FileKind::Special => Some(format!("{name}, which is neither file nor folder")),
                _ => None,
            }
        })
        .collect();
    let found = list(&astray)?;
    Some(Observation {
        lint: Lint::UnsafePath,
        message: format!(
            "{found} would lead out of the package: whoever unpacks it refuses it, or writes where \
             it should not"
        ),
        help: "use names and links relative to the root of the package, without `..` that leads \
               out of it"
            .to_owned(),
    })
}

/// Finds what no Linux has room for, or no name at all.
fn impossible_path(files: &[File]) -> Option<Observation> {
    let impossible: Vec<String> = files
        .iter()
        .filter_map(|file| match &file.kind {
            _ if !is_possible(&file.name) => Some(shown(&file.name)),
            FileKind::Link(target) if !fits(target) => {
                Some(format!("{} → {}", shown(&file.name), shown(target)))
            }
            _ => None,
        })
        .collect();
    let found = list(&impossible)?;
    Some(Observation {
        lint: Lint::UnsafePath,
        message: format!(
            "{found} is empty, or longer than Linux allows (255 bytes for a name, 4095 for a \
             path): whoever unpacks it fails, or leaves it out"
        ),
        help: "give it a shorter name, or leave it out".to_owned(),
    })
}

/// Whether there can be a file of this name.
fn is_possible(name: &str) -> bool {
    !name.is_empty() && fits(name)
}

/// Whether Linux has room for a path. Source: `NAME_MAX` and `PATH_MAX` in linux/limits.h; the
/// latter counts the zero at the end.
fn fits(path: &str) -> bool {
    path.len() < 4096 && components(path).all(|component| component.len() <= 255)
}

/// Whether a name is absolute, on any system, or climbs.
fn leaves(name: &str) -> bool {
    let has_drive = matches!(name.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic());
    name.starts_with(['/', '\\']) || has_drive || name.split(['/', '\\']).any(|part| part == "..")
}

/// Whether a link is absolute or leads out of the package.
///
/// Source: SAM refuses to unpack such links, for whoever unpacks them elsewhere would follow them
/// there.
fn escapes(name: &str, target: &str) -> bool {
    let mut depth = components(name).count().saturating_sub(1);
    target.starts_with('/')
        || components(target).any(|component| {
            let climbs_out = component == ".." && depth == 0;
            if component == ".." {
                depth = depth.saturating_sub(1);
            } else {
                depth += 1;
            }
            climbs_out
        })
}

fn odd_name(files: &[File]) -> Option<Observation> {
    let odd = |name: &&str| {
        let name = name.strip_suffix('/').unwrap_or(name);
        name.contains('\\')
            || name.contains(super::list::is_unseen)
            || name.contains(char::REPLACEMENT_CHARACTER)
            || name.split('/').any(|part| part.is_empty() || part == ".")
    };
    let names = files.iter().map(|file| file.name.as_str());
    // An absolute name is more than odd, and so is none.
    let odd: Vec<String> = names
        .filter(|n| !leaves(n) && is_possible(n))
        .filter(odd)
        .map(shown)
        .collect();
    let found = list(&odd)?;
    Some(Observation {
        lint: Lint::OddName,
        message: format!(
            "{found} has parts that unzippers treat in different ways: `.`, nothing, a backslash, \
             a control character, or what is not UTF-8"
        ),
        help: "name entries plainly, `bootstrap`, `lib/libfoo.so`, in UTF-8".to_owned(),
    })
}

/// Finds names that are in one encoding for some, and in another for others, or two names at once.
fn ambiguous_name(package: &Package<'_>) -> Option<Observation> {
    let names = package.format.ambiguous.iter();
    // What is no UTF-8 is odd enough.
    let ambiguous: Vec<String> = names
        .filter(|name| !name.contains(char::REPLACEMENT_CHARACTER))
        .map(|name| shown(name))
        .collect();
    let found = list(&ambiguous)?;
    Some(Observation {
        lint: Lint::OddName,
        message: format!(
            "{found} is not marked as UTF-8, or has a second name in an extra field: some \
             unzippers, such as SAM's, call it otherwise"
        ),
        help: "write the zip with a tool that marks names as UTF-8 (7-Zip, bsdtar, Python's \
               zipfile, but not `zip`), or use ASCII alone"
            .to_owned(),
    })
}

/// Finds what is a folder by its name, but a link by its type, or by its type alone.
fn doubtful_folder(package: &Package<'_>) -> Option<Observation> {
    let is_link = |file: &&File| matches!(file.kind, FileKind::Link(_));
    let links = package.files.iter().filter(is_link).map(|file| &file.name);
    let doubtful: Vec<String> = links
        .filter(|name| name.ends_with('/'))
        .chain(&package.format.doubtful_folders)
        .map(|name| shown(name))
        .collect();
    let found = list(&doubtful)?;
    Some(Observation {
        lint: Lint::OddName,
        message: format!(
            "{found} is a folder by its name or by its type, but not by both: unzippers differ in \
             what they make of it"
        ),
        help: "end the names of folders, and of nothing else, in a slash".to_owned(),
    })
}

fn duplicate_entry(files: &[File]) -> Option<Observation> {
    let mut names = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for file in files {
        let path = components(&file.name).collect::<Vec<_>>().join("/");
        let is_folder = file.kind == FileKind::Folder;
        if let Some(other) = names.insert(path, is_folder)
            && !(is_folder && other)
        {
            twice.insert(file.name.as_str());
        }
    }
    // A file or a link, below which there are others.
    for (path, _) in names.iter().filter(|(_, is_folder)| !**is_folder) {
        let beginning = format!("{path}/");
        let below = names.range(beginning.clone()..).next();
        if below.is_some_and(|(next, _)| next.starts_with(&beginning)) {
            twice.insert(path);
        }
    }
    let twice: Vec<String> = twice.into_iter().map(shown).collect();
    let found = list(&twice)?;
    Some(Observation {
        lint: Lint::DuplicateEntry,
        message: format!(
            "{found} is in the zip more than once, or both as a file and as a folder: which of \
             them is unpacked depends on who does it"
        ),
        help: "write the zip anew: adding to an old one keeps what was there".to_owned(),
    })
}

/// Finds names that differ only in case: two files for Lambda, one for whoever unpacks the zip on
/// Windows or macOS.
fn case_conflict(files: &[File]) -> Option<Observation> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let conflict = files.iter().find_map(|file| {
        let other = seen.insert(file.name.to_lowercase(), &file.name)?;
        (other != file.name).then(|| (shown(other), shown(&file.name)))
    });
    let (one, other) = conflict?;
    Some(Observation {
        lint: Lint::CaseConflict,
        message: format!(
            "{one} and {other} differ only in case: where file names have none, one of them is lost"
        ),
        help: "rename one of them".to_owned(),
    })
}

fn dangling_symlink(package: &Package<'_>, tree: &Tree<'_>) -> Option<Observation> {
    let dangling: Vec<String> = package
        .files
        .iter()
        .filter_map(|file| match &file.kind {
            FileKind::Link(target) if !leaves(&file.name) && fits(target) => Some((file, target)),
            _ => None,
        })
        .filter(|(file, _)| {
            let path = format!("{}/{}", package.root.path(), file.name);
            tree.find(&path) == Found::Nothing && !tree.has_unknown_layers
        })
        .map(|(file, target)| format!("{} → {}", shown(&file.name), shown(target)))
        .collect();
    let found = list(&dangling)?;
    Some(Observation {
        lint: Lint::DanglingSymlink,
        message: format!("{found} leads to nothing: opening it would fail"),
        help: "add what it leads to, or leave the link out".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Budget;
    use super::super::package::{Format, Root};
    use super::*;
    use crate::target::{Architecture, Runtime};

    fn entry(name: &str, kind: FileKind) -> File {
        File {
            name: name.to_owned(),
            kind,
            permissions: Some(0o644),
            bytes: 0,
            contents: None,
        }
    }

    fn file(name: &str) -> File {
        entry(name, FileKind::Regular)
    }

    fn link(name: &str, target: &str) -> File {
        entry(name, FileKind::Link(target.to_owned()))
    }

    fn lints(files: &[File]) -> Vec<Lint> {
        let package = Package {
            root: Root::Task,
            files,
            layers: &[],
            architecture: Architecture::X86_64,
            runtime: Runtime::Al2023,
            budget: Budget::default(),
            format: &Format::default(),
        };
        let found = judge(&package, &Tree::of(&package));
        found
            .into_iter()
            .map(|observation| observation.lint)
            .collect()
    }

    #[test]
    fn names_that_lead_out_are_unsafe() {
        for name in ["/a", "../a", "a/../../b", "C:/a", "\\a", "a\\..\\b"] {
            assert!(lints(&[file(name)]).contains(&Lint::UnsafePath), "{name}");
        }
        for target in ["/etc/passwd", "..", "b/../../../c"] {
            let found = lints(&[link("a/l", &format!("../{target}")), file("c")]);
            let absolute = lints(&[link("a/l", target)]);
            assert!(
                found.contains(&Lint::UnsafePath) || absolute.contains(&Lint::UnsafePath),
                "{target}"
            );
        }
        assert_eq!(lints(&[entry("a", FileKind::Special)]), [Lint::UnsafePath]);
        assert_eq!(lints(&[link("a/l", "../b/c"), file("b/c")]), []);
    }

    #[test]
    fn names_that_unzippers_change_are_odd() {
        for name in [
            "./a",
            "a//b",
            "a\\b",
            "a\nb",
            "a/./b",
            "a\u{fffd}",
            "a\u{202e}b",
        ] {
            assert_eq!(lints(&[file(name)]), [Lint::OddName], "{name}");
        }
        assert_eq!(
            lints(&[file("Größe 1/a-b_c.d"), entry("x/", FileKind::Folder)]),
            []
        );
    }

    #[test]
    fn what_is_a_link_for_some_and_a_folder_for_others_is_odd() {
        assert_eq!(lints(&[link("x/", "y"), file("y")]), [Lint::OddName]);
    }

    #[test]
    fn one_path_is_one_entry() {
        assert_eq!(lints(&[file("a"), file("a")]), [Lint::DuplicateEntry]);
        assert_eq!(lints(&[file("a"), file("a/b")]), [Lint::DuplicateEntry]);
        assert_eq!(
            lints(&[file("b"), link("a", "b"), file("a/b")]),
            [Lint::DuplicateEntry]
        );
        let folder = || entry("a/", FileKind::Folder);
        assert_eq!(lints(&[folder(), file("a/b"), folder()]), []);
        assert!(lints(&[folder(), file("a")]).contains(&Lint::DuplicateEntry));
    }

    #[test]
    fn names_that_differ_only_in_case_are_found() {
        assert_eq!(lints(&[file("a"), file("b"), file("a.b")]), []);
        let files = [file("conf/A"), file("b"), file("conf/a")];
        assert_eq!(lints(&files), [Lint::CaseConflict]);
    }

    #[test]
    fn links_to_nothing_are_found() {
        assert_eq!(lints(&[link("a", "b")]), [Lint::DanglingSymlink]);
        assert_eq!(lints(&[link("a", "a")]), [Lint::DanglingSymlink]);
        assert_eq!(lints(&[link("a", "")]), [Lint::DanglingSymlink]);
        assert_eq!(lints(&[link("a", "b"), file("b")]), []);
    }

    #[test]
    fn names_that_linux_has_no_room_for_are_found() {
        for name in ["", &"a".repeat(256), &"a/".repeat(3000)] {
            assert_eq!(lints(&[file(name)]), [Lint::UnsafePath], "{name}");
        }
        let target = "a/".repeat(3000);
        assert_eq!(lints(&[link("a", &target)]), [Lint::UnsafePath]);
        assert_eq!(lints(&[file(&"a".repeat(255))]), []);
    }
}
