//! The output of `cargo tree` as a graph: the dependencies of a build with its features.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Crates by `name vVERSION`, with their dependencies.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    crates: BTreeMap<String, Dependencies>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Dependencies {
    /// The crates that are linked into it.
    normal: Vec<String>,
    /// The crates of its build script.
    build: Vec<String>,
    /// The features with which it is built.
    features: BTreeSet<String>,
}

/// The marks before a crate, one for each level below its root.
const LEVELS: [&str; 4] = ["|   ", "    ", "|-- ", "`-- "];

impl Tree {
    /// Reads the output of `cargo tree --prefix=indent --charset=ascii --format="{p} <{f}>"`.
    ///
    /// It reads only the direct dependencies of a build script, which runs on this machine.
    pub(crate) fn parse(text: &str) -> Self {
        let mut tree = Self::default();
        // The path from the root to the crate on the line before.
        let mut path: Vec<&str> = Vec::new();
        // The level of the crate whose build script the lines describe.
        let mut script_of: Option<usize> = None;
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (level, rest) = level(line);
            if script_of.is_some_and(|owner| level < owner || level == owner && !is_heading(rest)) {
                script_of = None;
            }
            if is_heading(rest) {
                script_of = script_of.or(Some(level));
                continue;
            }
            let krate = label(rest);
            if let Some(owner) = script_of {
                if let Some(owner) = path.get(owner).filter(|_| level == owner + 1) {
                    tree.entry(owner).build.push(krate.to_owned());
                }
                continue;
            }
            path.truncate(level);
            if let Some(parent) = path.last() {
                tree.entry(parent).normal.push(krate.to_owned());
            }
            let features = features(rest).map(str::to_owned);
            tree.entry(krate).features.extend(features);
            path.push(krate);
        }
        tree
    }

    fn entry(&mut self, krate: &str) -> &mut Dependencies {
        self.crates.entry(krate.to_owned()).or_default()
    }

    /// The features with which `krate` is built.
    pub(crate) fn features(&self, krate: &str) -> Option<&BTreeSet<String>> {
        Some(&self.crates.get(krate)?.features)
    }

    /// A shortest path from one of `roots` to a crate for which `wanted` is true; `wanted` gets each
    /// crate, the dependencies of its build script, and its features.
    pub(crate) fn path(
        &self,
        roots: &[String],
        wanted: impl Fn(&str, &[String], &BTreeSet<String>) -> bool,
    ) -> Option<Vec<String>> {
        let mut came_from: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        let mut pending = VecDeque::new();
        for (krate, _) in self
            .crates
            .iter()
            .filter(|(krate, _)| roots.contains(krate))
        {
            came_from.insert(krate, None);
            pending.push_back(krate.as_str());
        }
        while let Some(krate) = pending.pop_front() {
            let Some(dependencies) = self.crates.get(krate) else {
                continue;
            };
            if wanted(krate, &dependencies.build, &dependencies.features) {
                let mut path: Vec<String> =
                    std::iter::successors(Some(krate), |krate| came_from[krate])
                        .map(str::to_owned)
                        .collect();
                path.reverse();
                return Some(path);
            }
            for next in &dependencies.normal {
                came_from.entry(next).or_insert_with(|| {
                    pending.push_back(next);
                    Some(krate)
                });
            }
        }
        None
    }
}

/// The depth of a line, and its text.
fn level(mut line: &str) -> (usize, &str) {
    let mut level = 0;
    while let Some(rest) = LEVELS.iter().find_map(|drawn| line.strip_prefix(drawn)) {
        level += 1;
        line = rest;
    }
    (level, line)
}

/// `[build-dependencies]`
fn is_heading(text: &str) -> bool {
    text.starts_with('[')
}

/// `ring v0.17.14` of `ring v0.17.14 (registry) (*)`
fn label(text: &str) -> &str {
    let end = text.match_indices(' ').nth(1);
    end.map_or(text, |(at, _)| &text[..at])
}

/// The features in `ring v0.17.14 <alloc,default> (*)`.
fn features(text: &str) -> impl Iterator<Item = &str> {
    let list = text
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    let list = list.map_or("", |(list, _)| list);
    list.split(',').filter(|feature| !feature.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: &str = "\
hash v0.1.0 (/shop/hash)
|-- tls v0.3.0
|   |-- ring v0.17.14 <alloc,default>
|   |   |-- cfg-if v1.0.0
|   |   `-- untrusted v0.9.0
|   |   [build-dependencies]
|   |   `-- cc v1.2.3
|   |       `-- shlex v1.3.0
|   |       [build-dependencies]
|   |       `-- odd v1.0.0
|   `-- webpki v0.1.0
|       `-- ring v0.17.14 <alloc,default> (*)
`-- log v0.4.0
    [build-dependencies]
    `-- zstd v0.13.0
        `-- zstd-sys v2.0.0

plain v0.1.0 (/shop/plain)
`-- log v0.4.0 (*)
";

    fn path(root: &str) -> Option<Vec<String>> {
        let has_cc = |_: &str, helpers: &[String], _: &BTreeSet<String>| {
            helpers.iter().any(|h| h.starts_with("cc "))
        };
        Tree::parse(DRAWN).path(&[root.to_owned()], has_cc)
    }

    #[test]
    fn the_path_to_a_crate_is_found() {
        let path = path("hash v0.1.0").unwrap();
        assert_eq!(path, ["hash v0.1.0", "tls v0.3.0", "ring v0.17.14"]);
        assert_eq!(self::path("plain v0.1.0"), None);
    }

    #[test]
    fn what_build_scripts_depend_on_is_told_from_what_is_linked() {
        let tree = Tree::parse(DRAWN);
        let ring = &tree.crates["ring v0.17.14"];
        assert_eq!(ring.normal, ["cfg-if v1.0.0", "untrusted v0.9.0"]);
        assert_eq!(ring.build, ["cc v1.2.3"]);
        assert!(ring.features.iter().eq(["alloc", "default"]));
        assert!(tree.crates["log v0.4.0"].features.is_empty());
        assert_eq!(tree.crates["log v0.4.0"].build, ["zstd v0.13.0"]);
        for beside in ["cc v1.2.3", "shlex v1.3.0", "zstd-sys v2.0.0"] {
            assert!(!tree.crates.contains_key(beside), "{beside}");
        }
        assert_eq!(tree.crates["webpki v0.1.0"].normal, ["ring v0.17.14"]);
    }
}
