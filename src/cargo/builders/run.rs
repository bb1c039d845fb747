//! Running a builder.

use std::io::BufReader;
use std::process::Stdio;

use super::messages::{self, BuiltBinary, PathMap};
use crate::cargo::interrupt::Interrupt;
use crate::cargo::process::{INSTALL_RUST, Process};
use crate::error::{Error, Result};
use crate::lambda::Target;

/// Runs a build to its end, and returns whether anything was compiled. Each executable is passed
/// to `found` as soon as it is built. The standard error of the builder stays as it is.
///
/// # Errors
/// [`Error::Build`] if the build fails, [`Error::Interrupted`] if it was stopped.
pub(crate) fn run(
    process: &Process,
    targets: &[Target],
    paths: &PathMap,
    interrupt: &Interrupt,
    found: impl FnMut(BuiltBinary),
) -> Result<bool> {
    let mut command = process.command();
    command.stdout(Stdio::piped());
    let child = interrupt
        .spawn(&mut command)
        .map_err(|source| process.not_started(source, INSTALL_RUST))?;
    let read = match child.take_stdout() {
        Some(stdout) => messages::read(BufReader::new(stdout), targets, paths, found),
        None => Ok(false),
    };
    let status = child
        .wait()
        .map_err(Error::io(format!("could not wait for `{process}`")))?;
    interrupt.check()?;
    // docker and podman exit so if they fail themselves, rather than the program in the container.
    if status.code() == Some(125) {
        return Err(Error::Missing {
            message: format!("the container of `{}` could not be started", process.name()),
            help: vec![
                "see the message of the engine above; Cross.toml or CROSS_TARGET_…_IMAGE names the \
                 image"
                    .to_owned(),
            ],
        });
    }
    if !status.success() {
        return Err(Error::Build {
            builder: process.name(),
            status,
            help: Vec::new(),
        });
    }
    read.map_err(Error::io(format!(
        "could not read what `{process}` reports"
    )))
}
