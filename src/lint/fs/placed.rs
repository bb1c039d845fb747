//! A file at its place in the file system of a function.

use std::borrow::Cow;

use crate::lambda::MountPoint;
use crate::lint::File;

/// A file at its place. The path is no copy: a package may have a hundred thousand files.
pub(super) struct Placed<'a> {
    mount_point: MountPoint,
    /// Its path below the mount point.
    name: Cow<'a, str>,
    pub(super) file: &'a File,
}

impl<'a> Placed<'a> {
    /// The place at which an entry is unpacked. `None` if the name has `..` in it or is too long.
    pub(super) fn new(mount_point: MountPoint, file: &'a File) -> Option<Self> {
        let name = unpacked(&file.name);
        // An entry without a name is not unpacked.
        let is_possible = fits(&file.name) && !name.is_empty();
        let stays = is_possible && components(&name).all(|component| component != "..");
        stays.then_some(Self {
            mount_point,
            name,
            file,
        })
    }

    /// The absolute path without its first bytes, which are those of a folder and a slash. Of a
    /// path above the mount point, only the way to it is given.
    pub(super) fn below(&self, start: usize) -> &str {
        let beginning = self.mount_point.beginning();
        let below = start.checked_sub(beginning.len());
        below.map_or_else(|| &beginning[start..], |start| &self.name[start..])
    }

    /// The absolute path, in two parts.
    pub(super) fn path(&self) -> (&'static str, &str) {
        (self.mount_point.beginning(), &self.name)
    }
}

/// The components of a path, without empty ones and dots.
pub(crate) fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
}

/// `true` if Linux allows a path of this length. Source: `NAME_MAX` and `PATH_MAX` in linux/limits.h; the
/// latter counts the zero at the end.
pub(crate) fn fits(path: &str) -> bool {
    path.len() < 4096 && components(path).all(|component| component.len() <= 255)
}

/// The path that unzip tools give an entry: the name without empty components and dots.
pub(crate) fn unpacked(name: &str) -> Cow<'_, str> {
    let is_plain = |part: &str| !part.is_empty() && part != ".";
    if name.split('/').all(is_plain) {
        return name.into();
    }
    components(name).collect::<Vec<_>>().join("/").into()
}
