//! Places that are read when an included path is read: itself, without links, and the links on the
//! way.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// The number of links that Linux follows. Source: `MAXSYMLINKS` in linux/namei.h.
const MOST_LINKS: usize = 40;

/// A path, and the part of it in which names count for excludes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) path: &'p Path,
    /// The part below the folder that it has in common with the folder of the include. The names of
    /// folders in which the whole project lies leave nothing out.
    pub(super) below: &'p Path,
}

impl<'p> Place<'p> {
    /// The place at `path`; `bases` are the paths of the folder of the include.
    pub(super) fn new(path: &'p Path, bases: &[PathBuf]) -> Self {
        let common = |base: &PathBuf| {
            let pairs = path.components().zip(base.components());
            pairs.take_while(|(one, other)| one == other).count()
        };
        let common = bases.iter().map(common).max().unwrap_or_default();
        let mut below = path.components();
        // A root has no name.
        while below.as_path().has_root() {
            below.next();
        }
        let roots = path.components().count() - below.clone().count();
        for _ in roots..common {
            below.next();
        }
        Self {
            path,
            below: below.as_path(),
        }
    }

    /// The place, and the folders above it.
    pub(super) fn and_above(self) -> impl Iterator<Item = Self> {
        let names = self
            .below
            .ancestors()
            .map(Some)
            .chain(std::iter::repeat(None));
        let places = self.path.ancestors().zip(names);
        places.map(|(path, below)| Self {
            path,
            below: below.unwrap_or(Path::new("")),
        })
    }
}

/// The places that are read when `path` is read: each link on the way, in their order, and the file
/// or folder at the end, all without links in their own folders.
pub(super) fn on_the_way(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut at = PathBuf::new();
    // The names that are yet to be walked, the next last.
    let mut rest = Vec::new();
    begin(path, &mut at, &mut rest);
    while let Some(name) = rest.pop() {
        if name == ".." {
            at.pop();
            continue;
        }
        at.push(&name);
        let Ok(target) = at.read_link() else {
            continue;
        };
        found.push(at.clone());
        if found.len() > MOST_LINKS {
            break;
        }
        at.pop();
        begin(&target, &mut at, &mut rest);
    }
    found.push(path.canonicalize().unwrap_or(at));
    found
}

/// Puts the names of `path` on the list. If it is absolute, `at` becomes its root.
fn begin(path: &Path, at: &mut PathBuf, rest: &mut Vec<OsString>) {
    let is_name =
        |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::ParentDir);
    if path.has_root() {
        *at = path
            .components()
            .take_while(|part| !is_name(part))
            .collect();
    }
    let names = path.components().rev().filter(is_name);
    rest.extend(names.map(|part| OsString::from(part.as_os_str())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_below_what_is_common() {
        let below = |path: &str, bases: &[&str]| {
            let bases: Vec<PathBuf> = bases.iter().map(PathBuf::from).collect();
            let place = Place::new(Path::new(path), &bases);
            let above = place.and_above().map(|place| place.below.to_owned());
            (place.below.to_owned(), above.collect::<Vec<_>>())
        };
        let (path, above) = below("/a/b/c/d", &["/x", "/a/b/e"]);
        assert_eq!(path, Path::new("c/d"));
        let expected: Vec<&Path> = ["c/d", "c", "", "", ""].map(Path::new).to_vec();
        assert_eq!(above, expected);
        assert_eq!(below("/a/b", &["/a/b/e"]).0, Path::new(""));
        assert_eq!(below("/a/b", &["/"]).0, Path::new("a/b"));
        assert_eq!(below("/a/b", &[]).0, Path::new("a/b"));
    }

    #[cfg(unix)]
    #[test]
    fn every_link_on_the_way_is_a_place() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs_err::create_dir_all(root.join("vault/deep")).unwrap();
        fs_err::write(root.join("vault/deep/key"), "").unwrap();
        symlink("vault", root.join("secrets")).unwrap();
        symlink(
            root.join("secrets/./deep/../deep/key"),
            root.join("current"),
        )
        .unwrap();
        symlink("current", root.join("link")).unwrap();
        let expected = ["link", "current", "secrets", "vault/deep/key"];
        assert_eq!(
            on_the_way(&root.join("link")),
            expected.map(|at| root.join(at))
        );
        symlink("round", root.join("round")).unwrap();
        assert!(on_the_way(&root.join("round")).len() < 50);
    }
}
