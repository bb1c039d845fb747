//! A program in the runtime's file system, and how Linux starts it.

use crate::inspect::{BinaryFacts, Machine};
use crate::lambda::{Architecture, Runtime};

/// A program at its place in the file system.
pub(crate) struct Program<'a> {
    /// Its name for the user.
    pub(crate) name: &'a str,
    /// Its absolute path, without links.
    pub(crate) at: &'a str,
    pub(crate) bytes: u64,
    pub(crate) architecture: Architecture,
    pub(crate) runtime: Runtime,
}

/// The absolute path for a path in a function, which is started in `/var/task`.
pub(crate) fn absolute(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/var/task/{path}")
    }
}

/// `true` if the program asks for the loader of its architecture's glibc, which every runtime has.
pub(crate) fn has_glibc_loader(facts: &BinaryFacts) -> bool {
    match (&facts.machine, facts.interpreter.as_deref()) {
        (Machine::Lambda(architecture), Some(loader)) => {
            loader.strip_prefix("/usr").unwrap_or(loader) == architecture.glibc_loader()
        }
        _ => false,
    }
}

/// The advice to link statically.
pub(crate) fn static_help(architecture: Architecture) -> String {
    format!(
        "link it statically (in Rust: `--target {}-unknown-linux-musl`)",
        architecture.rust_name()
    )
}
