//! The file system that a function will find: its package at `/var/task`, its layers at `/opt`.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::path_cursor::PathCursor;
use crate::lambda::MountPoint;
use crate::lint::{File, FileKind, Package};

/// Files by their absolute paths.
pub(crate) struct RuntimeFs<'a> {
    /// In the order of the bytes of their paths, each path once: what is in a folder stands together.
    files: Vec<(String, &'a File)>,
    /// Whether a layer is known by its size alone.
    pub(crate) has_unknown_layers: bool,
    /// How many more parts of paths are walked.
    steps: Cell<usize>,
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// A file, and its path without links.
    File(&'a File, String),
    Folder,
    /// Nothing, although it would be in the package or a layer.
    Nothing,
    /// The path is in neither: the runtime decides.
    Outside(String),
}

impl<'a> RuntimeFs<'a> {
    /// Parts of paths that are walked in all. Links may lead through links, and a few KiB of them
    /// could ask for years; a package of a hundred thousand files needs less.
    const STEPS: usize = 4_000_000;

    pub(crate) fn of(package: &Package<'a>) -> Self {
        let mut files = BTreeMap::new();
        let known = package.layers.iter().flat_map(|layer| &layer.files);
        // What is unpacked later lies over what was there before.
        for file in known.flatten() {
            files.extend(path(MountPoint::Opt, &file.name).map(|path| (path, file)));
        }
        for file in package.files {
            files.extend(path(package.mount_point, &file.name).map(|path| (path, file)));
        }
        Self {
            files: files.into_iter().collect(),
            has_unknown_layers: package.layers.iter().any(|layer| layer.files.is_none()),
            steps: Cell::new(Self::STEPS),
        }
    }

    /// The files directly in a folder, which may be a link to one, by their paths.
    pub(crate) fn files_in(&self, folder: &str) -> impl Iterator<Item = (&str, &'a File)> {
        let mut cursor = PathCursor::new(self.files.len());
        let is_there = self.walk(folder, &mut cursor).is_some();
        let beginning = format!("{}/", cursor.at);
        let first = self.files.partition_point(|(path, _)| *path < beginning);
        let below = self.files[first..].iter().filter(move |_| is_there);
        below
            .map_while(move |(path, file)| Some((path, path.strip_prefix(&beginning)?, *file)))
            .filter(|(_, name, _)| !name.contains('/'))
            .map(|(path, _, file)| (path.as_str(), file))
    }

    /// Whether whoever opens a path goes out of the package or layer on the way, all links followed.
    pub(crate) fn leads_out(&self, path: &str) -> bool {
        let mut cursor = PathCursor::new(self.files.len());
        self.walk(path, &mut cursor);
        cursor.has_left
    }

    /// What is at an absolute path, all links followed, as Linux follows them: each folder on the cursor
    /// has to be there. Nothing, too, once too much has been asked for.
    pub(crate) fn find(&self, path: &str) -> Found<'a> {
        let mut cursor = PathCursor::new(self.files.len());
        match self.walk(path, &mut cursor) {
            None => Found::Nothing,
            Some(()) => match cursor.file {
                Some(file) if file.kind != FileKind::Folder => Found::File(file, cursor.at),
                _ if cursor.is_inside() => Found::Folder,
                _ => Found::Outside(cursor.at),
            },
        }
    }

    /// Whether so much has been asked for that nothing is found any more.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.steps.get() == 0
    }

    /// Goes from the root to where a path leads, or as far as there is something.
    fn walk(&self, path: &str, cursor: &mut PathCursor<'a>) -> Option<()> {
        /// As many as Linux follows.
        const LINKS: usize = 40;
        let mut links = 0;
        // Still to be walked, the next part last.
        let mut rest = parts(path)?;
        while let Some(part) = rest.pop() {
            self.steps.set(self.steps.get().checked_sub(1)?);
            // Only a folder has something in it, even if it is no more than itself.
            if cursor
                .file
                .is_some_and(|file| file.kind != FileKind::Folder)
            {
                return None;
            }
            match part {
                "." => {}
                ".." => cursor.leave(),
                name => cursor.enter(name, &self.files),
            }
            let Some(file) = cursor.file else {
                if cursor.is_nowhere() {
                    return None;
                }
                continue;
            };
            if let FileKind::Link(target) = &file.kind {
                links += 1;
                // Linux makes no link to nothing.
                if links > LINKS || target.is_empty() {
                    return None;
                }
                if target.starts_with('/') {
                    cursor.restart(self.files.len());
                } else {
                    cursor.leave();
                }
                rest.extend(parts(target)?);
            }
        }
        Some(())
    }
}

/// What Linux walks of a path, the first part last: a slash at the end asks for a folder, as a dot
/// does. None if it is longer than Linux allows.
fn parts(path: &str) -> Option<Vec<&str>> {
    let ends_in_slash = path.ends_with('/').then_some(".");
    let parts = path.split('/').filter(|part| !part.is_empty());
    let parts = || parts.clone().chain(ends_in_slash).rev();
    fits(path).then(|| parts().collect())
}

/// The parts of a path that say something.
pub(crate) fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
}

/// Whether Linux has room for a path. Source: `NAME_MAX` and `PATH_MAX` in linux/limits.h; the
/// latter counts the zero at the end.
pub(crate) fn fits(path: &str) -> bool {
    path.len() < 4096 && components(path).all(|component| component.len() <= 255)
}

/// Where an entry is unpacked, unless its name leads astray or is too long: as unzippers have it,
/// which drop what says nothing.
fn path(mount_point: MountPoint, name: &str) -> Option<String> {
    let mut path = mount_point.path().to_owned();
    if !fits(name) {
        return None;
    }
    for component in components(name) {
        if component == ".." {
            return None;
        }
        path.push('/');
        path.push_str(component);
    }
    // What has no name is not unpacked, least of all over the folder itself.
    (path.len() > mount_point.path().len()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::LayerFacts;

    #[test]
    fn links_are_followed_as_linux_does() {
        let files = [
            File::regular("bin/real"),
            File::link("bootstrap", "./bin/real"),
            File::link("sbin", "bin"),
            File::link("deep", "sbin/../sbin/real"),
            File::link("loop", "loop"),
            File::link("through", "nodir/../bin/real"),
            File::link("slash", "bin/real/"),
            File::link("dot", "bin/real/."),
            File::link("beside", "bin/real/../real"),
            File::link("folder", "bin/"),
            File::regular("bin.d/real"),
            File::regular("./"),
            File::link("lost", "nowhere"),
            File::link("shell", "/bin/sh"),
            File::link("layer", "../../opt/lib/x.so"),
        ];
        let layers = [LayerFacts {
            files: Some(vec![File::regular("./lib//x.so")]),
            ..LayerFacts::default()
        }];
        let package = Package::of(MountPoint::Task, &files, &layers);
        let fs = RuntimeFs::of(&package);
        let found = |path: &str| match fs.find(path) {
            Found::File(_, at) => at,
            other => format!("{other:?}"),
        };
        assert_eq!(found("/var/task/bootstrap"), "/var/task/bin/real");
        assert_eq!(found("/var/task/sbin/real"), "/var/task/bin/real");
        assert_eq!(found("/var/task/deep"), "/var/task/bin/real");
        assert_eq!(found("/var/task/layer"), "/opt/lib/x.so");
        assert_eq!(found("/var/task/loop"), "Nothing");
        for nothing in [
            "lost",
            "through",
            "slash",
            "dot",
            "beside",
            "bin/real/",
            "nodir/..",
        ] {
            assert_eq!(
                found(&format!("/var/task/{nothing}")),
                "Nothing",
                "{nothing}"
            );
        }
        for folder in ["folder", "folder/", "bin/.", "bin.d"] {
            assert_eq!(found(&format!("/var/task/{folder}")), "Folder", "{folder}");
        }
        assert_eq!(found("/var/task/folder/real"), "/var/task/bin/real");
        assert_eq!(found("/var/task/bin.d/real"), "/var/task/bin.d/real");
        assert_eq!(found("/var/../var/task/.."), "Outside(\"/var\")");
        assert_eq!(found("/var/task/bin"), "Folder");
        assert_eq!(found("/var/task/shell"), "Outside(\"/bin/sh\")");
        let names: Vec<_> = fs.files_in("/var/task/bin").map(|(path, _)| path).collect();
        assert_eq!(names, ["/var/task/bin/real"]);
        assert_eq!(fs.files_in("/var/task/sbin").count(), 1);
        assert_eq!(fs.files_in("/var/task/nodir").count(), 0);
    }

    #[test]
    fn links_through_links_come_to_an_end() {
        // Each leads on in 1600 steps; the last of 40 in one resolution to a file.
        let on = |nth: u32| format!("{}c{nth}", "a/../".repeat(800));
        let mut files: Vec<File> = (0..38)
            .map(|nth| File::link(&format!("c{nth}"), &on(nth + 1)))
            .collect();
        files.extend([File::regular("c38"), File::empty("a/", FileKind::Folder)]);
        let package = Package::of(MountPoint::Task, &files, &[]);
        let fs = RuntimeFs::of(&package);
        assert!(matches!(fs.find("/var/task/c0"), Found::File(..)));
        let found = (0..1_000_000).take_while(|_| fs.find("/var/task/c0") != Found::Nothing);
        assert!(found.count() < 100);
        assert!(fs.is_exhausted());
    }
}
