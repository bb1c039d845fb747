//! The client of the Runtime API, without which a program gets no events.

use crate::inspect::Linkage;
use crate::lambda::mount_point::EXTENSIONS;
use crate::lint::fs::{Found, RuntimeFs};
use crate::lint::{Diagnostic, File, Lint, List, Package};
use crate::text::quoted_name;

/// Finds a program that Lambda starts from `path` and that has no client. Nothing is found if
/// something else may be the client: a layer, or a program, a library or a script beside it.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>, path: &str) -> Option<Diagnostic> {
    let Found::File(file, _) = fs.find(path) else {
        return None;
    };
    let facts = file.binary().filter(|facts| facts.lacks_client)?;
    // Linux cannot start it.
    if facts.linkage == Linkage::Shared || facts.bad_start.is_some() {
        return None;
    }
    let is_extension = is_in_extensions(path);
    // Each extension registers itself.
    let beside = package.files.iter().filter(|file| {
        let path = format!("{}/{}", package.mount_point.path(), file.name);
        !(is_extension && is_in_extensions(&path))
    });
    let mut programs = beside.filter(|file| file.executable().is_some());
    if !package.layers.is_empty() || !programs.all(lacks_client) {
        return None;
    }
    let (failure, help) = if is_extension {
        (
            "it would not register itself, and the function would fail",
            "call a client in `main`, in Rust `lambda_extension::run`; put a program that extensions \
             start into `bin/`",
        )
    } else {
        (
            "it would never ask for an event, and every invocation would fail",
            "call a client in `main`, in Rust `lambda_runtime::run`; leave a program that is no function \
             out with `skip = true`; name the layer of an extension that takes the events (`layers`, \
             `--layer`)",
        )
    };
    Some(Diagnostic {
        lint: Lint::NoRuntimeClient,
        message: format!(
            "{} has no client of Lambda's Runtime API: neither the variable `AWS_LAMBDA_RUNTIME_API` nor \
             a path of the API is in it; {failure}",
            quoted_name(&file.name)
        ),
        help: help.to_owned(),
        names: List::default(),
    })
}

fn is_in_extensions(path: &str) -> bool {
    let name = path.strip_prefix(EXTENSIONS);
    name.is_some_and(|name| name.starts_with('/'))
}

fn lacks_client(file: &File) -> bool {
    file.binary().is_some_and(|facts| facts.lacks_client)
}
