//! Programs and libraries beside the bootstrap of a function.

use crate::inspect::{Linkage, Machine};
use crate::lambda::{Architecture, MountPoint};
use crate::lint::fs::components;
use crate::lint::{Diagnostic, File, Lint, Named, Package, list};

/// Checks the files of a function that it may start or load by itself.
pub(crate) fn check(package: &Package<'_>) -> Vec<Diagnostic> {
    if package.mount_point != MountPoint::Task {
        return Vec::new();
    }
    let helpers = || package.files.iter().filter(|file| is_helper(file));
    let foreign = |file: &&File| machine(file) != Some(&Machine::Lambda(package.architecture));
    let closed = helpers().filter(|file| !foreign(file) && is_closed_program(file));
    let found = [
        not_executable(closed),
        other_machine(helpers().filter(foreign), package.architecture),
    ];
    found.into_iter().flatten().collect()
}

/// `true` for machine code at the root, in `bin/` or in `lib/` that Lambda does not start itself. In
/// other folders, files for several platforms may lie side by side.
fn is_helper(file: &File) -> bool {
    let parts: Vec<&str> = components(&file.name).take(3).collect();
    let is_there = matches!(parts[..], [name] if name != "bootstrap")
        || matches!(parts[..], ["bin" | "lib", _]);
    is_there && file.is_regular() && machine(file).is_some()
}

fn machine(file: &File) -> Option<&Machine> {
    Some(&file.binary()?.machine)
}

/// `true` for a program, and not a library, that Lambda's user may not execute.
fn is_closed_program(file: &File) -> bool {
    const EXECUTE: u32 = 0o1;
    let is_library = file.name.split(['.', '/']).any(|part| part == "so");
    let is_program = file
        .binary()
        .is_some_and(|facts| facts.linkage != Linkage::Shared);
    is_program && !is_library && !file.allows_others(EXECUTE)
}

fn not_executable<'a>(closed: impl Iterator<Item = &'a File>) -> Option<Diagnostic> {
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
