//! The file system that a function will find: its package at `/var/task`, its layers at `/opt`.

use std::collections::BTreeMap;

use super::package::{File, FileKind, Package, Root};

/// Files by their absolute paths.
pub(super) struct Tree<'a> {
    files: BTreeMap<String, &'a File>,
    /// Whether a layer is known by its size alone.
    pub(super) has_unknown_layers: bool,
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// A file, and its path without links.
    File(&'a File, String),
    Folder,
    /// Nothing, although it would be in the package or a layer.
    Nothing,
    /// The path is in neither: the runtime decides.
    Outside(String),
}

impl<'a> Tree<'a> {
    pub(super) fn of(package: &Package<'a>) -> Self {
        let mut files = BTreeMap::new();
        let known = package.layers.iter().flat_map(|layer| &layer.files);
        // What is unpacked later lies over what was there before.
        for file in known.flatten() {
            files.extend(path(Root::Opt, &file.name).map(|path| (path, file)));
        }
        for file in package.files {
            files.extend(path(package.root, &file.name).map(|path| (path, file)));
        }
        Self {
            files,
            has_unknown_layers: package.layers.iter().any(|layer| layer.files.is_none()),
        }
    }

    /// The files directly in a folder, by their paths.
    pub(super) fn files_in(&self, folder: &str) -> impl Iterator<Item = (&str, &'a File)> {
        let beginning = format!("{folder}/");
        let below = self.files.range(beginning.clone()..);
        below
            .take_while(move |(path, _)| path.starts_with(&beginning))
            .filter(move |(path, _)| !path[folder.len() + 1..].contains('/'))
            .map(|(path, file)| (path.as_str(), *file))
    }

    /// What is at an absolute path, all links followed.
    pub(super) fn find(&self, path: &str) -> Found<'a> {
        /// As many as Linux follows.
        const LINKS: usize = 40;
        let mut links = 0;
        // Still to be walked, the next component last; and where the walk is.
        let mut rest: Vec<String> = components(path).rev().map(str::to_owned).collect();
        let mut at = String::new();
        while let Some(component) = rest.pop() {
            if component == ".." {
                at.truncate(at.rfind('/').unwrap_or(0));
                continue;
            }
            at = format!("{at}/{component}");
            let Some(FileKind::Link(target)) = self.files.get(&at).map(|file| &file.kind) else {
                continue;
            };
            links += 1;
            // Linux makes no link to nothing.
            if links > LINKS || target.is_empty() {
                return Found::Nothing;
            }
            at.truncate(if target.starts_with('/') {
                0
            } else {
                at.rfind('/').unwrap_or(0)
            });
            rest.extend(components(target).rev().map(str::to_owned));
        }
        self.at(at)
    }

    /// What is at a path that has no links.
    fn at(&self, path: String) -> Found<'a> {
        if let Some(file) = self.files.get(&path) {
            return match file.kind {
                FileKind::Folder => Found::Folder,
                _ => Found::File(file, path),
            };
        }
        let roots = [Root::Task, Root::Opt].map(Root::path);
        let beginning = format!("{path}/");
        if !roots
            .iter()
            .any(|root| *root == path || beginning.starts_with(&format!("{root}/")))
        {
            return Found::Outside(path);
        }
        let mut below = self.files.range(beginning.clone()..);
        match below.next() {
            Some((next, _)) if next.starts_with(&beginning) => Found::Folder,
            _ if roots.contains(&path.as_str()) => Found::Folder,
            _ => Found::Nothing,
        }
    }
}

/// The parts of a path that say something.
pub(super) fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
}

/// Where an entry is unpacked, unless its name leads astray: as unzippers have it, which drop what
/// says nothing.
fn path(root: Root, name: &str) -> Option<String> {
    let mut path = root.path().to_owned();
    for component in components(name) {
        if component == ".." {
            return None;
        }
        path.push('/');
        path.push_str(component);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::super::Budget;
    use super::super::package::{Format, LayerFacts};
    use super::*;
    use crate::target::{Architecture, Runtime};

    fn file(name: &str, kind: FileKind) -> File {
        File {
            name: name.to_owned(),
            kind,
            permissions: Some(0o755),
            bytes: 0,
            contents: None,
        }
    }

    fn link(name: &str, target: &str) -> File {
        file(name, FileKind::Link(target.to_owned()))
    }

    #[test]
    fn links_are_followed_as_linux_does() {
        let files = [
            file("bin/real", FileKind::Regular),
            link("bootstrap", "./bin/real"),
            link("sbin", "bin"),
            link("deep", "sbin/../sbin/real"),
            link("loop", "loop"),
            link("lost", "nowhere"),
            link("shell", "/bin/sh"),
            link("layer", "../../opt/lib/x.so"),
        ];
        let layer = LayerFacts {
            bytes: 0,
            files: Some(vec![file("./lib//x.so", FileKind::Regular)]),
        };
        let package = Package {
            root: Root::Task,
            files: &files,
            layers: &[layer],
            architecture: Architecture::X86_64,
            runtime: Runtime::Al2023,
            budget: Budget::default(),
            format: &Format::default(),
        };
        let tree = Tree::of(&package);
        let found = |path: &str| match tree.find(path) {
            Found::File(_, at) => at,
            other => format!("{other:?}"),
        };
        assert_eq!(found("/var/task/bootstrap"), "/var/task/bin/real");
        assert_eq!(found("/var/task/sbin/real"), "/var/task/bin/real");
        assert_eq!(found("/var/task/deep"), "/var/task/bin/real");
        assert_eq!(found("/var/task/layer"), "/opt/lib/x.so");
        assert_eq!(found("/var/task/loop"), "Nothing");
        assert_eq!(found("/var/task/lost"), "Nothing");
        assert_eq!(found("/var/task/bin"), "Folder");
        assert_eq!(found("/var/task/shell"), "Outside(\"/bin/sh\")");
        let names: Vec<_> = tree
            .files_in("/var/task/bin")
            .map(|(path, _)| path)
            .collect();
        assert_eq!(names, ["/var/task/bin/real"]);
    }
}
