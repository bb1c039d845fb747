//! Entries whose names conflict.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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

/// Finds files whose names differ from that of another file or folder only in case or in the spelling
/// of accents: two paths on Lambda, but one on Windows and macOS, or on macOS alone.
fn case_conflict(files: &[File]) -> Option<Diagnostic> {
    // Names are in memory in one spelling only if they conflict: a package may have many.
    let mut met: HashMap<u64, Met> = HashMap::new();
    for path in files.iter().flat_map(paths) {
        let met = met.entry(path.spelling).or_insert(Met {
            exact: path.exact,
            differ: false,
            is_file: false,
        });
        met.differ |= met.exact != path.exact;
        met.is_file |= !path.is_folder;
    }
    // Two folders become one, and lose nothing.
    met.retain(|_, met| met.differ && met.is_file);
    if met.is_empty() {
        return None;
    }
    let mut spellings: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for path in files.iter().flat_map(paths) {
        if met.contains_key(&path.spelling) {
            let spelled = spellings.entry(one_spelling(without_slash(path.name)));
            spelled.or_default().insert(path.name);
        }
    }
    let are_equal = |spelling: &dyn Fn(&str) -> String| {
        spellings.values().all(|spelled| {
            let names = spelled.iter().map(|name| spelling(without_slash(name)));
            names.collect::<BTreeSet<_>>().len() == 1
        })
    };
    let difference = if are_equal(&without_case) {
        "only in case: on Windows and macOS"
    } else if are_equal(&|name| text::composed(name).into_owned()) {
        "only in the spelling of accents, as one character or as two: on macOS"
    } else {
        "only in case or in the spelling of accents: on macOS, and for case alone on Windows"
    };
    let found = list(spellings.values().flatten())?;
    Some(Diagnostic {
        lint: Lint::CaseConflict,
        message: format!(
            "{found} differ {difference}, one replaces the other or cannot be unpacked"
        ),
        help: "rename one of them".to_owned(),
        names: found,
    })
}

/// A file of a package, or a folder above one.
struct Path<'a> {
    /// With a slash at its end if it is a folder's.
    name: &'a str,
    /// The hash of the name.
    exact: u64,
    /// A hash that is equal for names that differ only in case or in the spelling of accents.
    spelling: u64,
    is_folder: bool,
}

/// All paths that have one hash of their spelling.
struct Met {
    /// The hash of the first name.
    exact: u64,
    differ: bool,
    /// One of them is no folder.
    is_file: bool,
}

/// The folders above a file and the file itself, from above. A name may have tens of thousands of
/// folders, so the hash of each continues that of the folder above it.
fn paths(file: &File) -> impl Iterator<Item = Path<'_>> {
    let whole = without_slash(&file.name);
    let mut exact = DefaultHasher::new();
    let mut spelling = DefaultHasher::new();
    let mut end = 0;
    whole.split_inclusive('/').map(move |part| {
        end += part.len();
        let is_last = end == whole.len();
        without_slash(part).hash(&mut exact);
        one_spelling(without_slash(part)).hash(&mut spelling);
        Path {
            name: if is_last { &file.name } else { &whole[..end] },
            exact: exact.finish(),
            spelling: spelling.finish(),
            is_folder: !is_last || file.kind == FileKind::Folder,
        }
    })
}

fn without_slash(name: &str) -> &str {
    name.trim_end_matches('/')
}

/// Equal for names that differ only in case. A letter whose upper case is several letters is equal to
/// no other: `ß` is not `ss`.
fn without_case(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let upper = |c: char| {
        let mut upper = c.to_uppercase();
        upper.next().filter(|_| upper.len() == 0).unwrap_or(c)
    };
    let letters = name.chars().map(upper);
    letters.flat_map(char::to_lowercase).collect()
}

/// Equal for names that differ only in case or in the spelling of accents.
fn one_spelling(name: &str) -> String {
    text::composed(&without_case(name)).into_owned()
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
        for (one, other) in [
            ("A", "a/x"),
            ("Conf/d/x", "conf"),
            ("e\u{301}/x", "\u{e9}"),
            ("\u{3c3}", "\u{3c2}"),
            ("s", "\u{17f}"),
            ("\u{df}", "\u{1e9e}"),
            ("\u{212b}", "\u{e5}"),
        ] {
            let files = [File::regular(one), File::regular(other)];
            assert_eq!(lints(&files), [Lint::CaseConflict], "{one} {other}");
        }
        for (one, other) in [("A/x", "a/y"), ("stra\u{df}e", "strasse")] {
            let files = [File::regular(one), File::regular(other)];
            assert_eq!(lints(&files), [], "{one} {other}");
        }
        let folder = |name| File::empty(name, FileKind::Folder);
        assert_eq!(lints(&[folder("A/"), folder("a/")]), []);
        assert_eq!(
            lints(&[folder("A/"), File::regular("a")]),
            [Lint::CaseConflict]
        );
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
             as two: on macOS, one replaces the other or cannot be unpacked"
        );
        for names in [
            &["caf\u{e9}", "CAFE\u{301}"][..],
            &["ﬁ/A\u{30a}", "ﬁ/\u{e5}"],
            &["a", "A", "caf\u{e9}", "cafe\u{301}"],
        ] {
            let found = message(names);
            assert!(found.contains("in case or in the spelling"), "{found}");
        }
        // Marks that no letter is composed with are no spelling.
        assert!(check(&[File::regular("हिन्दी"), File::regular("cafe")]).is_empty());
        assert_eq!(text::seen("हिन्दी"), "हिन्दी");
    }
}
