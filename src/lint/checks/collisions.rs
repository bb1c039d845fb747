//! Entries whose names conflict.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint::fs::components;
use crate::lint::{Diagnostic, File, FileKind, Lint, list};

/// Compares the names of a package's files with each other.
pub(crate) fn check(files: &[File]) -> Vec<Diagnostic> {
    [duplicate_entry(files), case_conflict(files)]
        .into_iter()
        .flatten()
        .collect()
}

fn duplicate_entry(files: &[File]) -> Option<Diagnostic> {
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
    // A file or a link that has files below it.
    for (path, _) in names.iter().filter(|(_, is_folder)| !**is_folder) {
        let beginning = format!("{path}/");
        let below = names.range(beginning.clone()..).next();
        if below.is_some_and(|(next, _)| next.starts_with(&beginning)) {
            twice.insert(path);
        }
    }
    let found = list(twice)?;
    Some(Diagnostic {
        lint: Lint::DuplicateEntry,
        message: format!(
            "{found} {} in the zip more than once, or both as a file and as a folder: unzip tools \
             unpack different ones",
            found.either("is", "are")
        ),
        help: "create a new zip: `zip` adds to an existing one and keeps its entries".to_owned(),
        names: found,
    })
}

/// Finds names that differ only in case: two files on Lambda, but one file on Windows and macOS.
fn case_conflict(files: &[File]) -> Option<Diagnostic> {
    let mut spellings: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let spelled = spellings.entry(file.name.to_lowercase()).or_default();
        spelled.insert(&file.name);
    }
    let conflicts = spellings.values().filter(|spelled| spelled.len() > 1);
    let found = list(conflicts.flatten())?;
    Some(Diagnostic {
        lint: Lint::CaseConflict,
        message: format!(
            "{found} differ only in case: on Windows and macOS, one replaces the other"
        ),
        help: "rename one of them".to_owned(),
        names: found,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lints(files: &[File]) -> Vec<Lint> {
        let found = check(files).into_iter();
        found.map(|diagnostic| diagnostic.lint).collect()
    }

    #[test]
    fn one_path_is_one_entry() {
        assert_eq!(
            lints(&[File::regular("a"), File::regular("a")]),
            [Lint::DuplicateEntry]
        );
        assert_eq!(
            lints(&[File::regular("a"), File::regular("a/b")]),
            [Lint::DuplicateEntry]
        );
        assert_eq!(
            lints(&[
                File::regular("b"),
                File::link("a", "b"),
                File::regular("a/b")
            ]),
            [Lint::DuplicateEntry]
        );
        let folder = || File::empty("a/", FileKind::Folder);
        assert_eq!(lints(&[folder(), File::regular("a/b"), folder()]), []);
        assert!(lints(&[folder(), File::regular("a")]).contains(&Lint::DuplicateEntry));
    }

    #[test]
    fn names_that_differ_only_in_case_are_found() {
        assert_eq!(
            lints(&[File::regular("a"), File::regular("b"), File::regular("a.b")]),
            []
        );
        let files = [
            File::regular("conf/A"),
            File::regular("b"),
            File::regular("conf/a"),
        ];
        assert_eq!(lints(&files), [Lint::CaseConflict]);
    }
}
