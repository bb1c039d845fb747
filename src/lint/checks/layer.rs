//! Programs and libraries in a layer, which Lambda unpacks at `/opt`.

use std::collections::BTreeMap;

use super::{libraries, misplaced, permissions, program};
use crate::inspect::{BinaryFacts, Linkage, Machine};
use crate::lambda::Architecture;
use crate::lambda::MountPoint;
use crate::lint::fs::{Program, RuntimeFs, components};
use crate::lint::{Diagnostic, File, Package, list};

/// Checks the files of a layer other than its extensions.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    if package.mount_point != MountPoint::Opt {
        return Vec::new();
    }
    let beside = package.files.iter();
    let beside = beside.filter(|file| components(&file.name).next() != Some("extensions"));
    let (foreign, own): (Vec<&File>, Vec<&File>) =
        beside.partition(|file| is_for_other(file, package.architecture));
    other_architectures(&foreign, package.architecture)
        .into_iter()
        .chain(own.into_iter().flat_map(|file| useless(file, package, fs)))
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

/// `true` for a program or library for another architecture in the folders that Lambda searches. In
/// other folders, such as `prebuilds/` of Node's packages, files for several platforms may lie side by
/// side, and code chooses among them.
fn is_for_other(file: &File, architecture: Architecture) -> bool {
    let is_other = |facts: &BinaryFacts| facts.machine != Machine::Lambda(architecture);
    is_looked_for(file) && file.binary().is_some_and(is_other)
}

/// A diagnostic for each machine that some of the files are for.
fn other_architectures(files: &[&File], architecture: Architecture) -> Vec<Diagnostic> {
    let mut by_machine: BTreeMap<String, (&Machine, Vec<&str>)> = BTreeMap::new();
    for file in files {
        if let Some(facts) = file.binary() {
            let machine = &facts.machine;
            let of_machine = by_machine.entry(machine.to_string());
            let (_, names) = of_machine.or_insert((machine, Vec::new()));
            names.push(&file.name);
        }
    }
    let found = by_machine.into_values().filter_map(|(machine, names)| {
        let files = list(names)?;
        Some(program::wrong_architecture(files, machine, architecture))
    });
    found.collect()
}

/// `true` if the file is directly in a folder that Lambda searches.
pub(crate) fn is_looked_for(file: &File) -> bool {
    let mut parts = components(&file.name);
    let is_known = matches!(parts.next(), Some("bin" | "lib" | "extensions"));
    is_known && parts.next().is_some() && parts.next().is_none()
}
