//! Entries whose names conflict.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::lint::fs::unpacked;
use crate::lint::{Diagnostic, File, FileKind, Lint, list};
use crate::text;

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

/// Finds names that differ only in case or in the spelling of accents: two files on Lambda, but one
/// file on Windows and macOS, or on macOS alone.
fn case_conflict(files: &[File]) -> Option<Diagnostic> {
    // Names are in memory in one spelling only if they may conflict: a package may have many.
    let mut hashes: Vec<u64> = files.iter().map(hash_of_one_spelling).collect();
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
    for file in files.filter(|file| repeated.contains(&hash_of_one_spelling(file))) {
        let spelled = spellings.entry(one_spelling(&file.name)).or_default();
        spelled.insert(&file.name);
    }
    let conflicts = spellings.values().filter(|spelled| spelled.len() > 1);
    let has_case = |spelled: &&BTreeSet<&str>| {
        let composed: BTreeSet<_> = spelled.iter().map(|name| text::composed(name)).collect();
        composed.len() > 1
    };
    let difference = if conflicts.clone().all(|spelled| has_case(&spelled)) {
        "only in case: on Windows and macOS"
    } else if conflicts.clone().any(|spelled| has_case(&spelled)) {
        "only in case or in the spelling of accents: on macOS"
    } else {
        "only in the spelling of accents, as one character or as two: on macOS"
    };
    let found = list(conflicts.flatten())?;
    Some(Diagnostic {
        lint: Lint::CaseConflict,
        message: format!("{found} differ {difference}, one replaces the other"),
        help: "rename one of them".to_owned(),
        names: found,
    })
}

/// Equal for names that differ only in case or in the spelling of accents.
fn one_spelling(name: &str) -> String {
    text::composed(&name.to_lowercase()).into_owned()
}

fn hash_of_one_spelling(file: &File) -> u64 {
    let mut hasher = DefaultHasher::new();
    one_spelling(&file.name).hash(&mut hasher);
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

    #[test]
    fn names_that_differ_only_in_the_spelling_of_accents_are_found_and_look_different() {
        let message = |names: &[&str]| {
            let files: Vec<File> = names.iter().map(|name| File::regular(name)).collect();
            let found = check(&files);
            assert_eq!(found.len(), 1, "{names:?}");
            found[0].message.clone()
        };
        assert_eq!(
            message(&["caf\u{e9}", "cafe\u{301}", "x"]),
            "`cafe\\u{301}` and `caf\u{e9}` differ only in the spelling of accents, as one character or \
             as two: on macOS, one replaces the other"
        );
        for names in [
            &["caf\u{e9}", "CAFE\u{301}"][..],
            &["ﬁ/\u{212b}", "ﬁ/\u{e5}"],
        ] {
            assert!(message(names).contains("only in case"), "{names:?}");
        }
        let mixed = ["a", "A", "caf\u{e9}", "cafe\u{301}"];
        assert!(message(&mixed).contains("in case or in the spelling"));
        // Marks that no letter is composed with are no spelling.
        assert!(check(&[File::regular("हिन्दी"), File::regular("cafe")]).is_empty());
        assert_eq!(text::seen("हिन्दी"), "हिन्दी");
    }
}
