//! Building and packaging, side by side.

use std::sync::mpsc;

use camino::Utf8Path;

use crate::build::{self, BuiltBinary, Interrupt, Invocation, PathMap, Setup};
use crate::error::{Error, Result};
use crate::inspect::inspect;
use crate::package::{self, Judged, Packer, Parcel};
use crate::plan::{Plan, PlannedBinary};
use crate::process::Process;
use crate::progress::Progress;
use crate::report::ArchiveReport;
use crate::shell::Shell;

/// An invocation, and how it is run.
pub(super) struct Command<'a> {
    invocation: &'a Invocation,
    pub(super) process: Process,
    paths: PathMap,
}

impl<'a> Command<'a> {
    pub(super) fn new(invocation: &'a Invocation, setup: &Setup<'_>) -> Result<Self> {
        Ok(Self {
            invocation,
            process: build::process(invocation, setup)?,
            paths: invocation.driver.path_map(setup),
        })
    }
}

/// Builds, packaging each binary as soon as it is there.
///
/// Nothing takes its place before all is built: a build that fails leaves every zip as it was.
pub(super) fn build_and_package(
    plan: &Plan,
    packer: &Packer,
    commands: &[Command<'_>],
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<Judged>> {
    let mut judged: Vec<Judged> = Vec::new();
    for command in commands {
        // One after the other, packaging included: the next invocation may build another binary
        // of the same name at the same path.
        judged.extend(run_one(plan, packer, command, interrupt, shell)?);
    }
    say_what_is_missing(plan, &judged, shell);
    Ok(judged)
}

/// Cargo has the last word on features, so that it may have left out what was expected.
fn say_what_is_missing(plan: &Plan, judged: &[Judged], shell: &Shell) {
    let is_there = |path: &Utf8Path| judged.iter().any(|judged| judged.place() == path);
    for (binary, target, _) in plan.expected().filter(|(_, _, path)| !is_there(path)) {
        shell.warning(format_args!(
            "`{}` of package `{}` was not built for {target}: features it requires are off",
            binary.name, binary.package_name
        ));
    }
}

fn run_one(
    plan: &Plan,
    packer: &Packer,
    command: &Command<'_>,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<Judged>> {
    let Command {
        invocation,
        process,
        paths,
    } = command;
    let (sender, results) = mpsc::channel::<Result<Judged>>();
    rayon::in_place_scope(|scope| {
        let mut expected = 0;
        shell.detail("Running", process);
        build::run(process, &invocation.targets, paths, interrupt, |built| {
            let Some((planned, output)) = plan.binary(&built) else {
                return; // built beside what was asked for: an artifact dependency
            };
            expected += 1;
            let sender = sender.clone();
            scope.spawn(move |_| {
                let result = package(plan, packer, &built, planned, output);
                // Nobody listens any more once something else has failed.
                let _ = sender.send(result);
            });
        })?;
        collect(&results, expected, interrupt, shell)
    })
}

/// Packages what was built.
fn package(
    plan: &Plan,
    packer: &Packer,
    built: &BuiltBinary,
    planned: &PlannedBinary,
    output: &Utf8Path,
) -> Result<Judged> {
    let data = package::read(&built.path, "the executable that Cargo reported,")?;
    packer.package(&Parcel {
        identity: ArchiveReport::planned(planned, built.target, output, &plan.profile),
        executable: inspect(&data),
        data: &data,
        files: &planned.files,
        layers: &planned.layers,
        compression: planned.settings.compression,
        policy: &planned.settings.policy,
    })
}

/// Waits for `expected` packages.
fn collect(
    results: &mpsc::Receiver<Result<Judged>>,
    expected: usize,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<Judged>> {
    let progress = Progress::new(shell, expected);
    let mut judged = Vec::with_capacity(expected);
    while judged.len() < expected {
        if interrupt.is_raised() {
            return Err(Error::Interrupted);
        }
        match results.recv_timeout(Progress::INTERVAL) {
            Ok(result) => judged.push(result?),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        progress.update(judged.len());
    }
    Ok(judged)
}
