//! Programs and libraries in a layer, which Lambda unpacks at `/opt`.

use super::{libraries, misplaced, permissions, program};
use crate::inspect::Linkage;
use crate::lambda::Architecture;
use crate::lambda::MountPoint;
use crate::lint::fs::{Program, RuntimeFs, components};
use crate::lint::{Diagnostic, File, Package};
use crate::text::quoted_name;

/// The most diagnostics of one layer: hundreds of libraries may be for another architecture.
const NAMED: usize = 50;

/// Checks the files of a layer other than its extensions.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    if package.mount_point != MountPoint::Opt {
        return Vec::new();
    }
    let beside = package.files.iter();
    let beside = beside.filter(|file| components(&file.name).next() != Some("extensions"));
    let unusable = beside.flat_map(|file| {
        let wrong = wrong_architecture(file, package.architecture);
        let useless = wrong.is_none().then(|| useless(file, package, fs));
        wrong.into_iter().chain(useless.into_iter().flatten())
    });
    unusable
        .take(NAMED)
        .chain(misplaced::check(package.files))
        .collect()
}

/// The problems that a program in `bin` or a library in `lib` has in every function. Missing libraries
/// may be in the function or in another layer, and a script may be run by any interpreter.
fn useless(file: &File, package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    let parts: Vec<&str> = components(&file.name).take(3).collect();
    let Some(facts) = file.binary() else {
        return Vec::new();
    };
    let at = format!("{}/{}", package.mount_point.path(), parts.join("/"));
    let program = Program {
        name: &file.name,
        at: &at,
        bytes: file.bytes,
        architecture: package.architecture,
        runtime: package.runtime,
    };
    match parts[..] {
        ["bin", _] if facts.linkage != Linkage::Shared => {
            permissions::not_executable(&file.name, file)
                .into_iter()
                .chain(program::missing_loader_anywhere(&program, facts, fs))
                .chain(libraries::too_new(&program, facts, fs))
                .collect()
        }
        ["lib", _] => libraries::too_new(&program, facts, fs),
        _ => Vec::new(),
    }
}

/// Finds a program or library for another architecture in the folders that Lambda searches. In other
/// folders, such as `prebuilds/` of Node's packages, files for several platforms may lie side by side,
/// and code chooses among them.
fn wrong_architecture(file: &File, architecture: Architecture) -> Option<Diagnostic> {
    if !is_looked_for(file) {
        return None;
    }
    program::wrong_architecture(&quoted_name(&file.name), file.binary()?, architecture)
}

/// `true` if the file is directly in a folder that Lambda searches.
pub(crate) fn is_looked_for(file: &File) -> bool {
    let mut parts = components(&file.name);
    let is_known = matches!(parts.next(), Some("bin" | "lib" | "extensions"));
    is_known && parts.next().is_some() && parts.next().is_none()
}
