//! The client of the Runtime API, without which a program gets no events.

use crate::inspect::Linkage;
use crate::lambda::MountPoint;
use crate::lint::fs::{Found, RuntimeFs};
use crate::lint::{Diagnostic, File, Lint, List, Package};
use crate::text::quoted_name;

/// Finds a program that Lambda starts from `path` and that has no client. Nothing is found if
/// another program may be the client: a layer's, or a program, a library or a script beside it.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>, path: &str) -> Option<Diagnostic> {
    let Found::File(file, _) = fs.find(path) else {
        return None;
    };
    let facts = file.binary().filter(|facts| facts.lacks_client)?;
    // Linux cannot start it.
    if facts.linkage == Linkage::Shared || facts.bad_start.is_some() {
        return None;
    }
    let mut others = package
        .files
        .iter()
        .filter(|file| file.executable().is_some());
    if !package.layers.is_empty() || !others.all(lacks_client) {
        return None;
    }
    let (failure, help) = match package.mount_point {
        MountPoint::Task => (
            "it would never ask for an event, and every invocation would fail",
            "call a client in `main`, in Rust `lambda_runtime::run`; leave a program that is no function \
             out with `skip = true`; name the layer of an extension that takes the events (`layers`, \
             `--layer`)",
        ),
        MountPoint::Opt => (
            "it would not register itself, and the function would fail with `Extension.InitError`",
            "call a client in `main`, in Rust `lambda_extension::run`; put a program that extensions \
             start into `bin/`",
        ),
    };
    Some(Diagnostic {
        lint: Lint::NoRuntimeClient,
        message: format!(
            "{} has no client of Lambda's Runtime API, which would read `AWS_LAMBDA_RUNTIME_API`: {failure}",
            quoted_name(&file.name)
        ),
        help: help.to_owned(),
        names: List::default(),
    })
}

fn lacks_client(file: &File) -> bool {
    file.binary().is_some_and(|facts| facts.lacks_client)
}
