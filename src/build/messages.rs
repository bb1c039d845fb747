//! What a build reports on its standard output.

use std::io::{self, BufRead};

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Message, PackageId};

use crate::target::Target;

/// An executable that was built in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BuiltBinary {
    pub(crate) package: PackageId,
    pub(crate) name: String,
    pub(crate) example: bool,
    pub(crate) target: Target,
    pub(crate) path: Utf8PathBuf,
}

/// Reads messages until the end of `stdout`, giving each executable as it is built.
///
/// # Errors
/// If `stdout` cannot be read, or if `found` says so.
pub(crate) fn read(
    stdout: impl BufRead,
    targets: &[Target],
    mut found: impl FnMut(BuiltBinary),
) -> io::Result<()> {
    for message in Message::parse_stream(stdout) {
        let Message::CompilerArtifact(artifact) = message? else {
            continue;
        };
        if !crate::workspace::is_executable(&artifact.target) {
            continue;
        }
        let Some(path) = artifact.executable else {
            continue;
        };
        let Some(target) = target_of(&path, targets) else {
            continue;
        };
        found(BuiltBinary {
            package: artifact.package_id,
            example: crate::workspace::is_example(&artifact.target),
            name: artifact.target.name,
            target,
            path,
        });
    }
    Ok(())
}

/// The target an executable was built for, which Cargo says only in its path:
/// `<target-dir>/<triple>/<profile>/[examples/]<name>`.
fn target_of(path: &Utf8Path, targets: &[Target]) -> Option<Target> {
    let folders = path.ancestors().skip(1).filter_map(Utf8Path::file_name);
    // The innermost folder that is a triple counts: outer ones may be called like anything.
    folders
        .take(4)
        .find_map(|folder| targets.iter().find(|target| target.triple() == folder))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

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
