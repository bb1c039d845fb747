//! Programs and libraries beside the bootstrap of a function.

use std::collections::HashSet;

use crate::inspect::{Linkage, Machine, is_of_other_system};
use crate::lambda::{Architecture, MountPoint};
use crate::lint::fs::components;
use crate::lint::{Diagnostic, File, Lint, Named, Package, list};

/// Checks the files of a function that it may start or load by itself.
pub(crate) fn check(package: &Package<'_>) -> Vec<Diagnostic> {
    if package.mount_point != MountPoint::Task {
        return Vec::new();
    }
    let helpers = || package.files.iter().filter(|file| is_helper(file));
    let native = Machine::Lambda(package.architecture);
    let is_native = |file: &&File| machine(file) == Some(&native);
    let closed = helpers().filter(|file| is_native(file) && is_closed_program(file));
    let natives = package.files.iter().filter(is_native);
    let folders: HashSet<&str> = natives.filter_map(top_folder).collect();
    let found = [
        not_executable(closed),
        other_machine(
            helpers().filter(|file| is_foreign(file, &native, &folders)),
            package.architecture,
        ),
        other_system(helpers().filter(|file| is_of_another_system(file, package))),
    ];
    found.into_iter().flatten().collect()
}

/// `true` for a file that Lambda does not start itself.
pub(super) fn is_helper(file: &File) -> bool {
    file.is_regular() && *file.name != *"bootstrap"
}

fn machine(file: &File) -> Option<&Machine> {
    Some(&file.binary()?.machine)
}

/// `true` for a file at the root, in `bin/` or in `lib/`, where programs and libraries lie that the
/// function uses.
fn is_in_usual_place(file: &File) -> bool {
    let parts: Vec<&str> = components(&file.name).take(3).collect();
    matches!(parts[..], [_] | ["bin" | "lib", _])
}

/// `true` for machine code of another architecture that the function may want to run. Elsewhere than
/// in the usual places, a folder may hold files for several platforms: then one is for this, and the
/// top folder is among `folders`.
fn is_foreign(file: &File, native: &Machine, folders: &HashSet<&str>) -> bool {
    match machine(file) {
        Some(machine) if machine == native => false,
        Some(_) if is_in_usual_place(file) => true,
        Some(Machine::Lambda(_)) => top_folder(file).is_none_or(|folder| !folders.contains(folder)),
        _ => false,
    }
}

/// The first part of the name of a file.
fn top_folder(file: &File) -> Option<&str> {
    components(&file.name).next()
}

/// `true` for an executable or a library of another system that lies in a usual place for those of
/// Linux, if no file of Linux has its name. Libraries of .NET have the format of Windows, and with
/// them its programs.
fn is_of_another_system(file: &File, package: &Package<'_>) -> bool {
    let is_other = |file: &File| {
        let contents = file.contents.as_ref();
        contents.is_some_and(|c| c.executable.as_ref().is_err_and(is_of_other_system))
    };
    let is_dotnet = |other: &File| {
        folder(&other.name) == folder(&file.name) && has_extension(&other.name, "dll")
    };
    let has_namesake = |other: &File| {
        machine(other).is_some()
            && folder(&other.name) == folder(&file.name)
            && stem(&other.name) == stem(&file.name)
    };
    let mut others = package.files.iter();
    is_in_usual_place(file)
        && is_other(file)
        && !others.any(|other| is_dotnet(other) || has_namesake(other))
}

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a file up to the first dot.
fn stem(name: &str) -> Option<&str> {
    let name = name.rsplit('/').next()?;
    name.split('.').next()
}

fn has_extension(name: &str, extension: &str) -> bool {
    let found = name.rsplit_once('.').map(|(_, extension)| extension);
    found.is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// `true` for a program, and not a library, that Lambda's user may not execute.
fn is_closed_program(file: &File) -> bool {
    let is_library = file.name.split(['.', '/']).any(|part| part == "so");
    let is_program = file
        .binary()
        .is_some_and(|facts| facts.linkage != Linkage::Shared);
    is_program && !is_library && is_closed(file)
}

/// `true` for a file that Lambda's user may not execute.
pub(super) fn is_closed(file: &File) -> bool {
    const EXECUTE: u32 = 0o1;
    !file.allows_others(EXECUTE)
}

/// The diagnostic for files that Lambda's user may not execute.
pub(super) fn not_executable<'a>(closed: impl Iterator<Item = &'a File>) -> Option<Diagnostic> {
    let found = list(closed.map(|file| &file.name))?;
    Some(Diagnostic {
        lint: Lint::UnusableHelper,
        message: format!(
            "Lambda's user may not execute {found}: starting it from the function would fail with \
             `permission denied`"
        ),
        help: "set its mode: `include = [{ from = \"…\", to = \"…\", mode = \"755\" }]` in \
               Cargo.toml, or `chmod 755` before zipping"
            .to_owned(),
        names: found,
    })
}

fn other_machine<'a>(
    foreign: impl Iterator<Item = &'a File>,
    architecture: Architecture,
) -> Option<Diagnostic> {
    let named =
        foreign.filter_map(|file| Some(Named::with(&file.name, format!("({})", machine(file)?))));
    let found = list(named)?;
    Some(Diagnostic {
        lint: Lint::UnusableHelper,
        message: format!(
            "{found} {} built for another architecture than the function, {architecture}: starting or \
             loading it would fail with `exec format error`",
            found.either("is", "are")
        ),
        help: format!("pack the file for {architecture}"),
        names: found,
    })
}

fn other_system<'a>(foreign: impl Iterator<Item = &'a File>) -> Option<Diagnostic> {
    let named = foreign.filter_map(|file| {
        let what = file.contents.as_ref()?.executable.as_ref().err()?;
        Some(Named::with(&file.name, format!("({what})")))
    });
    let found = list(named)?;
    Some(Diagnostic {
        lint: Lint::UnusableHelper,
        message: format!(
            "{found} {} built for another system than Linux: starting or loading it would fail with \
             `exec format error`",
            found.either("is", "are")
        ),
        help: "pack the file for Linux".to_owned(),
        names: found,
    })
}
