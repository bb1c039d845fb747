//! The messages of a build on its standard output.

use std::io::{self, BufRead};

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Message, PackageId};

use crate::cargo::candidate::{BinaryId, is_example, is_executable};
use crate::lambda::Target;

/// An executable that was built in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BuiltBinary {
    pub(crate) id: BinaryId,
    pub(crate) target: Target,
    pub(crate) path: Utf8PathBuf,
    /// The folders on this machine that may have the shared libraries it was linked with: those that
    /// build scripts have named, and those of libraries that Cargo has built.
    pub(crate) library_folders: Vec<Utf8PathBuf>,
}

/// The paths of a container, outside of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PathMap(Vec<(&'static str, Utf8PathBuf)>);

impl PathMap {
    /// cross mounts the target folder and the workspace at these places.
    pub(crate) fn of_container(workspace_root: &Utf8Path, target_folder: &Utf8Path) -> Self {
        Self(vec![
            ("/target", target_folder.to_owned()),
            ("/project", workspace_root.to_owned()),
        ])
    }

    fn path(&self, path: Utf8PathBuf) -> Utf8PathBuf {
        self.outside(&path).unwrap_or(path)
    }

    /// The path outside of the container; `None` if it exists in the container only.
    fn outside(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        if self.0.is_empty() {
            return Some(path.to_owned());
        }
        self.0.iter().find_map(|(inside, outside)| {
            let rest = path.strip_prefix(inside).ok()?;
            Some(outside.join(rest))
        })
    }

    /// Maps a package ID, which contains the path of the package as a URL.
    fn package(&self, id: PackageId) -> PackageId {
        let mapped = self.0.iter().find_map(|(inside, outside)| {
            let rest = id.repr.strip_prefix("path+file://")?.strip_prefix(inside)?;
            let outside = url::Url::from_file_path(outside).ok()?;
            rest.starts_with(['/', '#']).then(|| PackageId {
                repr: format!("path+{}{rest}", outside.as_str().trim_end_matches('/')),
            })
        });
        mapped.unwrap_or(id)
    }
}

/// Reads messages until the end of `stdout`, passes each executable to `found` at once, and returns
/// whether anything was compiled.
///
/// # Errors
/// If `stdout` cannot be read.
pub(crate) fn read(
    stdout: impl BufRead,
    targets: &[Target],
    paths: &PathMap,
    mut found: impl FnMut(BuiltBinary),
) -> io::Result<bool> {
    let mut compiled = false;
    let mut library_folders = Vec::new();
    for message in Message::parse_stream(stdout) {
        let artifact = match message? {
            Message::CompilerArtifact(artifact) => artifact,
            Message::BuildScriptExecuted(script) => {
                let folders = script.linked_paths.iter();
                let folders = folders.map(|path| Utf8Path::new(without_kind(path.as_str())));
                library_folders.extend(folders.filter_map(|folder| paths.outside(folder)));
                continue;
            }
            _ => continue,
        };
        compiled |= !artifact.fresh;
        let files = artifact.filenames.iter();
        let libraries = files.filter(|file| file.extension() == Some("so"));
        let folders = libraries.filter_map(|library| library.parent());
        library_folders.extend(folders.filter_map(|folder| paths.outside(folder)));
        if !is_executable(&artifact.target) {
            continue;
        }
        let Some(path) = artifact.executable else {
            continue;
        };
        let Some(target) = target_of(&path, targets) else {
            continue;
        };
        found(BuiltBinary {
            id: BinaryId {
                package: paths.package(artifact.package_id),
                example: is_example(&artifact.target),
                name: artifact.target.name,
            },
            target,
            path: paths.path(path),
            library_folders: library_folders.clone(),
        });
    }
    Ok(compiled)
}

/// The folder of `native=FOLDER`. Source: the flag `-L` in the rustc book.
pub(super) fn without_kind(path: &str) -> &str {
    const KINDS: [&str; 5] = ["dependency", "crate", "native", "framework", "all"];
    match path.split_once('=') {
        Some((kind, folder)) if KINDS.contains(&kind) => folder,
        _ => path,
    }
}

/// The target of an executable, which Cargo tells only by its path:
/// `<target-dir>/<triple>/<profile>/[examples/]<name>`.
fn target_of(path: &Utf8Path, targets: &[Target]) -> Option<Target> {
    let folders = path.ancestors().skip(1).filter_map(Utf8Path::file_name);
    // The innermost triple counts: outer folders may have any name.
    folders
        .take(4)
        .find_map(|folder| targets.iter().find(|target| target.triple() == folder))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)] // with the paths of Unix
    #[test]
    fn paths_in_a_container_are_found_outside_it() {
        let paths = PathMap::of_container(Utf8Path::new("/a b/shop"), Utf8Path::new("/out"));
        let path = |path: &str| paths.path(path.into()).into_string();
        assert_eq!(path("/target/x/debug/orders"), "/out/x/debug/orders");
        assert_eq!(path("/project/src/main.rs"), "/a b/shop/src/main.rs");
        assert_eq!(path("/projects/x"), "/projects/x");
        assert_eq!(paths.outside(Utf8Path::new("/usr/lib")), None);
        let own = PathMap::default().outside(Utf8Path::new("/usr/lib"));
        assert_eq!(own.as_deref(), Some(Utf8Path::new("/usr/lib")));
        let id = |repr: &str| {
            let repr = repr.to_owned();
            paths.package(PackageId { repr }).repr
        };
        assert_eq!(
            id("path+file:///project/orders#0.1.0"),
            "path+file:///a%20b/shop/orders#0.1.0"
        );
        assert_eq!(
            id("path+file:///project#x@0.1.0"),
            "path+file:///a%20b/shop#x@0.1.0"
        );
        assert_eq!(
            id("path+file:///projects#0.1.0"),
            "path+file:///projects#0.1.0"
        );
    }

    #[test]
    fn the_target_is_read_from_the_folder_that_cargo_writes_to() {
        let [x86, arm] = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"]
            .map(|triple| triple.parse().unwrap());
        let of = |path: &str| target_of(Utf8Path::new(path), &[x86, arm]);
        assert_eq!(of("/t/aarch64-unknown-linux-musl/lambda/orders"), Some(arm));
        assert_eq!(
            of("/aarch64-unknown-linux-musl/x86_64-unknown-linux-musl/debug/examples/e"),
            Some(x86)
        );
        assert_eq!(of("/t/debug/orders"), None);
    }
}
