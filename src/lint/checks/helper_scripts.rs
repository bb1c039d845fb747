//! Scripts beside the bootstrap of a function.
//!
//! A script need not be executable to be used: `sh FILE` reads any file. Findings are about scripts
//! that are meant to be started by their own names: they may be executed, or lie in `bin/`.

use super::helpers::{is_closed, is_helper, not_executable};
use super::program;
use crate::inspect::{Executable, ScriptFacts};
use crate::lambda::MountPoint;
use crate::lint::fs::{RuntimeFs, components};
use crate::lint::{Diagnostic, File, Lint, Named, Package, list};

/// Checks the scripts of a function that it may start by itself.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    if package.mount_point != MountPoint::Task {
        return Vec::new();
    }
    let scripts = || {
        let helpers = package.files.iter().filter(|file| is_helper(file));
        helpers.filter_map(|file| Some((file, script(file)?)))
    };
    let open = || scripts().filter(|(file, _)| !is_closed(file));
    let closed = scripts().filter(|(file, _)| is_closed(file) && is_in_bin(file));
    let lacking = open()
        .filter(|(file, facts)| !facts.has_crlf && (is_in_bin(file) || !file.name.contains('/')));
    let lacking = lacking.filter_map(|(file, facts)| {
        let name = program::missing_interpreter(facts, fs, package.runtime)?;
        Some(Named::with(&file.name, format!("(`{name}`)")))
    });
    let found = [
        not_executable(closed.map(|(file, _)| file)),
        crlf(open().filter(|(_, facts)| facts.has_crlf)),
        without_interpreter(lacking, package),
    ];
    found.into_iter().flatten().collect()
}

fn script(file: &File) -> Option<&ScriptFacts> {
    match file.executable()? {
        Executable::Script(facts) => Some(facts),
        Executable::Binary(_) => None,
    }
}

fn is_in_bin(file: &File) -> bool {
    let parts: Vec<&str> = components(&file.name).take(3).collect();
    matches!(parts[..], ["bin", _])
}

fn crlf<'a>(found: impl Iterator<Item = (&'a File, &'a ScriptFacts)>) -> Option<Diagnostic> {
    let found = list(found.map(|(file, _)| &file.name))?;
    Some(Diagnostic {
        lint: Lint::UnusableHelper,
        message: format!(
            "the first line of {found} ends like a line of Windows: Linux takes the carriage return \
             as part of the interpreter, and starting the script would fail"
        ),
        help: "save it with Unix line endings (`dos2unix`, or `* text eol=lf` in .gitattributes)"
            .to_owned(),
        names: found,
    })
}

fn without_interpreter(
    lacking: impl Iterator<Item = Named>,
    package: &Package<'_>,
) -> Option<Diagnostic> {
    let found = list(lacking)?;
    Some(Diagnostic {
        lint: Lint::UnusableHelper,
        message: format!(
            "{found} {} an interpreter that is neither in {} nor in the package or its layers: \
             starting it would fail with `no such file or directory`",
            found.either("needs", "need"),
            package.runtime
        ),
        help:
            "add the interpreter to the package or to a layer (`--layer ZIP`), or leave the script \
               out"
            .to_owned(),
        names: found,
    })
}
