//! Entries whose names conflict.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::lint::fs::unpacked;
use crate::lint::{Diagnostic, File, FileKind, Lint, list};

/// Compares the names of a package's files with each other.
pub(crate) fn check(files: &[File]) -> Vec<Diagnostic> {
    [duplicate_entry(files), case_conflict(files)]
        .into_iter()
        .flatten()
        .collect()
}

fn duplicate_entry(files: &[File]) -> Option<Diagnostic> {
    let mut paths: Vec<(Cow<'_, str>, &File)> = files
        .iter()
        .map(|file| (unpacked(&file.name), file))
        .collect();
    if !paths.is_sorted_by(|(one, _), (other, _)| one <= other) {
        paths.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    let is_folder = |file: &File| file.kind == FileKind::Folder;
    let mut twice = BTreeSet::new();
    for same in paths.chunk_by(|(one, _), (other, _)| one == other) {
        for pair in same.windows(2) {
            let (earlier, later) = (pair[0].1, pair[1].1);
            if !(is_folder(earlier) && is_folder(later)) {
                twice.insert(&*later.name);
            }
        }
        // A file or a link that has files below it.
        let (path, last) = &same[same.len() - 1];
        if !is_folder(last) {
            let beginning = format!("{path}/");
            let below = paths.partition_point(|(other, _)| **other < *beginning);
            if (paths.get(below)).is_some_and(|(next, _)| next.starts_with(&beginning)) {
                twice.insert(path);
            }
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
    // Names are in memory in lower case only if they may conflict: a package may have many.
    let mut hashes: Vec<u64> = files.iter().map(hash_without_case).collect();
    hashes.sort_unstable();
    let repeated: HashSet<u64> = (hashes.windows(2))
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
        .collect();
    drop(hashes);
    if repeated.is_empty() {
        return None;
    }
    let mut spellings: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let files = files.iter();
    for file in files.filter(|file| repeated.contains(&hash_without_case(file))) {
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

/// Equal for names that differ only in case.
fn hash_without_case(file: &File) -> u64 {
    let mut hasher = DefaultHasher::new();
    file.name.to_lowercase().hash(&mut hasher);
    hasher.finish()
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
