//! The file system of a function: its package at `/var/task`, its layers at `/opt`.

use std::cell::Cell;

use super::path_cursor::PathCursor;
use super::placed::{Placed, fits};
use crate::lambda::MountPoint;
use crate::lint::{File, FileKind, Package};

/// The files of a package and its layers by their absolute paths.
pub(crate) struct RuntimeFs<'a> {
    /// Sorted by the bytes of their paths, each path once: the files of a folder stand together.
    files: Vec<Placed<'a>>,
    /// `true` if only the size of a layer is known.
    pub(crate) has_unknown_layers: bool,
    /// The number of path components that may still be walked.
    steps: Cell<usize>,
}

/// The result of following a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// A file with its path without links.
    File(&'a File, String),
    Folder,
    /// There is no file, and the path is in the package or a layer.
    Nothing,
    /// The path is neither in the package nor in a layer: the runtime decides.
    Outside(String),
}

impl<'a> RuntimeFs<'a> {
    /// The number of path components that are walked in all. Links may lead through links, so that a
    /// few KiB of them could take years. A package of a hundred thousand files needs less.
    const STEPS: usize = 4_000_000;

    pub(crate) fn of(package: &Package<'a>) -> Self {
        let known = package.layers.iter().flat_map(|layer| &layer.files);
        // Layers that are unpacked later replace files of those before.
        let known = known.flatten().map(|file| (MountPoint::Opt, file));
        let own = package.files.iter().map(|file| (package.mount_point, file));
        let placed = known.chain(own);
        let placed = placed.filter_map(|(mount_point, file)| Placed::new(mount_point, file));
        let mut files: Vec<Placed<'a>> = placed.collect();
        // A stable sort needs as much memory again, and most packages are in order.
        if !files.is_sorted_by(|one, other| one.path() < other.path()) {
            // The last file of a path counts.
            files.reverse();
            files.sort_by(|one, other| one.path().cmp(&other.path()));
            files.dedup_by(|one, other| one.path() == other.path());
        }
        Self {
            files,
            has_unknown_layers: package.layers.iter().any(|layer| layer.files.is_none()),
            steps: Cell::new(Self::STEPS),
        }
    }

    /// The files directly in a folder with their paths. `folder` may be a link to a folder.
    pub(crate) fn files_in(&self, folder: &str) -> impl Iterator<Item = (String, &'a File)> {
        let mut cursor = PathCursor::new(self.files.len());
        let is_there = self.walk(folder, &mut cursor).is_some();
        let below = self.files[cursor.below()].iter().filter(move |_| is_there);
        below.filter_map(move |placed| {
            let name = placed.below(cursor.at.len() + 1);
            (!name.contains('/')).then(|| (format!("{}/{name}", cursor.at), placed.file))
        })
    }

    /// `true` if Linux leaves the package or layer when it opens `path`.
    pub(crate) fn leads_out(&self, path: &str) -> bool {
        let mut cursor = PathCursor::new(self.files.len());
        self.walk(path, &mut cursor);
        cursor.has_left
    }

    /// The place that Linux comes to when it opens `path`, without links; the last one that is there.
    pub(crate) fn destination(&self, path: &str) -> String {
        let mut cursor = PathCursor::new(self.files.len());
        self.walk(path, &mut cursor);
        cursor.at
    }

    /// The file at an absolute path. Links are followed as Linux follows them: each folder of the path
    /// has to exist. [`Found::Nothing`], too, when the limit of the walk is exceeded.
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

    /// `true` if the limit of the walk is exceeded, so that nothing is found any more.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.steps.get() == 0
    }

    /// Walks from the root along a path. `None` if it ends where no file is.
    fn walk(&self, path: &str, cursor: &mut PathCursor<'a>) -> Option<()> {
        /// The number of links that Linux follows.
        const LINKS: usize = 40;
        let mut links = 0;
        // The components that are yet to be walked, the next last.
        let mut rest = parts(path)?;
        while let Some(part) = rest.pop() {
            self.steps.set(self.steps.get().checked_sub(1)?);
            // Only a folder has `.`, `..` and names in it.
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
                // Linux has no empty links.
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

/// The components of a path that Linux walks, the first last. A slash at the end stands for a dot: it
/// needs a folder. `None` if the path is longer than Linux allows.
fn parts(path: &str) -> Option<Vec<&str>> {
    let ends_in_slash = path.ends_with('/').then_some(".");
    let parts = path.split('/').filter(|part| !part.is_empty());
    let parts = || parts.clone().chain(ends_in_slash).rev();
    fits(path).then(|| parts().collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
        let layer = LayerFacts {
            files: Some(vec![File::regular("./lib//x.so")]),
            ..LayerFacts::default()
        };
        let layers = [Arc::new(layer)];
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
