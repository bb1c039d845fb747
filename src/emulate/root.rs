//! The files of a function and its layers, unpacked, and what Lambda would find there.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use camino::Utf8Path;
use fs_err as fs;

use super::folder::Folder;
use super::unpack;
use crate::archive::read::{Fault, Source};
use crate::error;
use crate::lambda::MountPoint;
use crate::lambda::mount_point::{BOOTSTRAPS, EXTENSIONS};

/// The most symbolic links on the way to a file. Source: `MAXSYMLINKS` in linux/namei.h.
const MOST_LINKS: usize = 40;

/// A temporary folder with the files. It is removed when dropped.
#[derive(Debug)]
pub(crate) struct Root {
    folder: Folder,
    /// The number of gates so far.
    gates: AtomicU64,
}

impl Root {
    /// An empty function.
    ///
    /// # Errors
    /// [`error::Error::Io`] if the folder cannot be made.
    pub(crate) fn new() -> error::Result<Self> {
        let failed = || error::Error::io("could not make a temporary folder");
        let root = Self {
            folder: Folder::new().map_err(failed())?,
            gates: AtomicU64::default(),
        };
        for place in MountPoint::ALL {
            fs::create_dir_all(root.of(place)).map_err(failed())?;
        }
        let tmp = root.tmp();
        fs::create_dir(&tmp).map_err(failed())?;
        fs::set_permissions(&tmp, PermissionsExt::from_mode(0o1777)).map_err(failed())?;
        Ok(root)
    }

    /// Unpacks the zip `path` as Lambda does: a later one over those before it.
    ///
    /// # Errors
    /// [`error::Error::NotUnpacked`] if Lambda could not unpack it, [`error::Error::Io`] if the
    /// system cannot write.
    pub(super) fn unpack(
        &self,
        place: MountPoint,
        source: &dyn Source,
        path: &Utf8Path,
    ) -> error::Result<()> {
        unpack::unpack(source, &self.of(place)).map_err(|fault| match fault {
            Fault::Defect(defect) => error::Error::NotUnpacked {
                path: path.to_owned(),
                why: defect.to_string(),
            },
            Fault::Io(error) => error::Error::io(format!("could not unpack `{path}`"))(error),
        })
    }

    /// The folder on this machine that is a folder of Lambda's.
    pub(super) fn of(&self, place: MountPoint) -> PathBuf {
        self.folder.path().join(&place.path()[1..])
    }

    /// The folder on this machine that is `/tmp`.
    pub(super) fn tmp(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// A new path outside of all folders that the function sees.
    pub(super) fn gate(&self) -> PathBuf {
        let number = self.gates.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("gate-{number}"))
    }

    /// The path of the program that Lambda starts, as the function sees it.
    pub(super) fn bootstrap(&self) -> Option<&'static str> {
        // A folder of that name is passed over.
        let is_there = |path: &&str| match self.find(path) {
            Some(file) => !file.is_dir(),
            None => self.is_link(path),
        };
        BOOTSTRAPS.into_iter().find(is_there)
    }

    fn is_link(&self, path: &str) -> bool {
        let path = self.folder.path().join(&path[1..]);
        path.symlink_metadata()
            .is_ok_and(|found| found.is_symlink())
    }

    /// The extensions that Lambda starts, in its order, as the function sees them.
    ///
    /// # Errors
    /// If a name is not UTF-8.
    pub(super) fn extensions(&self) -> io::Result<Vec<String>> {
        let Some(folder) = self.find(EXTENSIONS).filter(|found| found.is_dir()) else {
            return Ok(Vec::new());
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                let name = entry.file_name().into_string();
                let name =
                    name.map_err(|_| io::Error::other("an extension's name is not UTF-8"))?;
                paths.push(format!("{EXTENSIONS}/{name}"));
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// The file on this machine that the function sees at `path`, behind all links; `None` if there
    /// is none, or if it is not of the package.
    pub(super) fn find(&self, path: &str) -> Option<PathBuf> {
        let mut rest: Vec<String> = parts(Path::new(path));
        let mut found = PathBuf::new();
        let mut links = 0;
        while let Some(part) = rest.pop() {
            if part == ".." {
                found.pop();
                continue;
            }
            let next = found.join(part);
            let here = self.folder.path().join(&next);
            if here.symlink_metadata().ok()?.is_symlink() {
                links += 1;
                if links > MOST_LINKS {
                    return None;
                }
                let target = fs::read_link(&here).ok()?;
                if target.is_absolute() {
                    found = PathBuf::new();
                }
                rest.extend(parts(&target));
                continue;
            }
            found = next;
        }
        let is_ours = MountPoint::ALL
            .iter()
            .any(|place| found.starts_with(&place.path()[1..]));
        is_ours.then(|| self.folder.path().join(found))
    }
}

/// The parts of a path, the last one first.
fn parts(path: &Path) -> Vec<String> {
    let part = |component: Component<'_>| match component {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        Component::ParentDir => Some("..".to_owned()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    };
    path.components().rev().filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_as_the_function_sees_them() {
        let root = Root::new().unwrap();
        let task = root.of(MountPoint::Task);
        let opt = root.of(MountPoint::Opt);
        fs::create_dir(opt.join("bin")).unwrap();
        fs::write(opt.join("bin/app"), "").unwrap();
        for (link, target) in [
            ("bootstrap", "/opt/bin/app"),
            ("relative", "../../opt/bin/app"),
            ("outside", "/bin/sh"),
            ("loop", "loop"),
            ("up", "../../../../opt/bin/app"),
        ] {
            symlink(target, task.join(link)).unwrap();
        }
        let app = Some(opt.join("bin/app"));
        for path in ["/var/task/bootstrap", "/var/task/relative", "/var/task/up"] {
            assert_eq!(root.find(path), app, "{path}");
        }
        for path in [
            "/var/task/outside",
            "/var/task/loop",
            "/var/task/none",
            "/tmp",
        ] {
            assert_eq!(root.find(path), None, "{path}");
        }
        assert_eq!(root.bootstrap(), Some("/var/task/bootstrap"));
        // A folder is none, and the other place comes next.
        fs::remove_file(task.join("bootstrap")).unwrap();
        fs::create_dir(task.join("bootstrap")).unwrap();
        assert_eq!(root.bootstrap(), None);
        symlink("bin", opt.join("bootstrap")).unwrap();
        assert_eq!(root.bootstrap(), None);
        fs::remove_file(opt.join("bootstrap")).unwrap();
        fs::write(opt.join("bootstrap"), "").unwrap();
        assert_eq!(root.bootstrap(), Some("/opt/bootstrap"));
    }

    #[test]
    fn extensions_are_the_files_in_their_folder() {
        let root = Root::new().unwrap();
        assert_eq!(root.extensions().unwrap(), [] as [&str; 0]);
        assert_eq!(root.bootstrap(), None);
        let folder = root.of(MountPoint::Opt).join("extensions");
        fs::create_dir_all(folder.join("folder")).unwrap();
        for name in ["b", "a"] {
            fs::write(folder.join(name), "").unwrap();
        }
        let expected = ["/opt/extensions/a", "/opt/extensions/b"];
        assert_eq!(root.extensions().unwrap(), expected);
    }
}
