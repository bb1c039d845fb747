//! Builds, and packages each zip as soon as its programs are built.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use camino::Utf8Path;

use super::debug_file;
use super::input::PackageInput;
use super::libraries::Libraries;
use super::packer::{CheckedPackage, Packer};
use super::pending::{PendingPackages, ReadyPackage};
use super::pool::PackagingPool;
use crate::bytes;
use crate::cargo::Interrupt;
use crate::cargo::builders::{self, BuiltBinary};
use crate::error::{Error, Result};
use crate::inspect::ExecutableFile;
use crate::lint::LayerFacts;
use crate::meter::Task;
use crate::plan::{self, Build, MadeLayers, Plan};
use crate::shell::Shell;

/// Carries out the builds of a plan and packages what they make.
///
/// No zip takes its place before everything is built: a failed build leaves every zip as it was.
///
/// # Errors
/// The error of a build or of a package, or [`Error::Interrupted`].
pub(super) fn build_and_package(
    plan: &Arc<Plan>,
    pool: &mut PackagingPool,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<CheckedPackage>> {
    let pending = PendingPackages::new(Arc::clone(plan));
    let mut made = MadeLayers::new();
    // Build scripts, of any package, may make or change included files until the last build ends.
    // A function is checked with the layers that this run makes.
    let waits = |ready: &ReadyPackage| {
        let layers = &ready.output(plan).layers;
        has_files(plan, ready) || layers.iter().any(|layer| layer.made.is_some())
    };
    let (mut waiting, ready): (Vec<_>, Vec<_>) = pending.ready().into_iter().partition(waits);
    for ready in ready {
        start(plan, pool, ready, &made, false);
    }
    let mut compiled = false;
    for build in &plan.builds {
        shell.verbose("Running", &build.process);
        compiled |= run(build, interrupt, |built, file| {
            for ready in pending.add(&built, file, build) {
                if waits(&ready) {
                    waiting.push(ready);
                } else {
                    start(plan, pool, ready, &made, false);
                }
            }
        })?;
    }
    if compiled {
        pool.forget_files();
    }
    let mut checked = Vec::new();
    loop {
        let startable = waiting.extract_if(.., |ready| {
            let mut layers = ready.output(plan).layers.iter();
            layers.all(|layer| layer.facts(&made).is_some())
        });
        for ready in startable.collect::<Vec<_>>() {
            start(plan, pool, ready, &made, compiled);
        }
        let finished = pool.finish(interrupt, shell)?;
        let is_stuck = finished.is_empty();
        made.extend(finished.iter().filter_map(CheckedPackage::as_layer));
        checked.extend(finished);
        match waiting.first() {
            None => return Ok(checked),
            Some(ready) if is_stuck => return Err(layer_not_built(plan, ready, &made)),
            Some(_) => {}
        }
    }
}

/// Starts to make a package, for which the layers that it takes are `made`.
fn start(
    plan: &Arc<Plan>,
    pool: &mut PackagingPool,
    ready: ReadyPackage,
    made: &MadeLayers,
    compiled: bool,
) {
    let layers = ready.output(plan).layers.iter();
    let layers = layers.filter_map(|layer| layer.facts(made));
    let layers: Vec<Arc<LayerFacts>> = layers.collect();
    let plan = Arc::clone(plan);
    let programs = ready.programs.iter().map(|(_, file)| file.file.bytes());
    let files = plan.packages[ready.package].files.iter();
    let bytes = bytes::sum(programs.chain(files.map(|file| file.bytes)));
    pool.start(bytes, move |packer, task| {
        package(&plan, packer, &ready, &layers, compiled, task)
    });
}

fn has_files(plan: &Plan, ready: &ReadyPackage) -> bool {
    !plan.packages[ready.package].settings.include.is_empty()
}

/// The error for a package whose layer Cargo has left out.
fn layer_not_built(plan: &Plan, ready: &ReadyPackage, made: &MadeLayers) -> Error {
    let output = ready.output(plan);
    let mut layers = output.layers.iter();
    let missing = layers.find(|layer| layer.facts(made).is_none());
    let name = missing.and_then(|layer| layer.source.name());
    let name = name.map(ToString::to_string).unwrap_or_default();
    Error::usage(
        format!(
            "{} takes the layer `{name}`, which was not built: features it requires are off",
            plan.packages[ready.package].described(output)
        ),
        "turn them on with `--features`",
    )
}

/// Runs one build, and passes on each executable that it is for, open. Returns whether anything
/// was compiled.
fn run(
    build: &Build,
    interrupt: &Interrupt,
    mut deliver: impl FnMut(BuiltBinary, ExecutableFile),
) -> Result<bool> {
    let mut failure = None;
    let Build {
        process,
        targets,
        paths,
        ..
    } = build;
    let compiled = builders::run(process, targets, paths, interrupt, |built| {
        if failure.is_some() || !build.is_for(&built) {
            return;
        }
        // Only runs of this tool replace the file, and they wait.
        match ExecutableFile::open(&built.path, "the executable that Cargo reported,") {
            Ok(file) => deliver(built, file),
            Err(error) => failure = Some(error),
        }
    })?;
    failure.map_or(Ok(compiled), Err)
}

/// Warns of binaries that Cargo has left out: it has the last word on features.
pub(super) fn warn_of_missing(plan: &Plan, checked: &[CheckedPackage], shell: &Shell) {
    let there: HashSet<&Utf8Path> = checked.iter().map(CheckedPackage::path).collect();
    let expected = plan.expected();
    for (package, output) in expected.filter(|(_, output)| !there.contains(&*output.path)) {
        shell.warning(format_args!(
            "{} was not built: features it requires are off",
            package.described(output)
        ));
    }
}

/// Refuses builds of which there is nothing to package.
///
/// # Errors
/// [`Error::Usage`] if Cargo has left out every binary.
pub(super) fn refuse_nothing(plan: &Plan, checked: &[CheckedPackage]) -> Result<()> {
    if plan.builds.is_empty() || !checked.is_empty() {
        return Ok(());
    }
    Err(Error::usage(
        "Cargo has built nothing to package: every selected binary requires features that are off",
        "turn them on with `--features`",
    ))
}

/// Packages one zip; `layers` are the facts about those that it takes. If anything was `compiled`, or
/// files are awaited, the files are collected again.
fn package(
    plan: &Plan,
    packer: &Packer,
    ready: &ReadyPackage,
    layers: &[Arc<LayerFacts>],
    compiled: bool,
    task: &Task<'_>,
) -> Result<CheckedPackage> {
    let package = &plan.packages[ready.package];
    let files = if compiled || !package.awaited.is_empty() {
        let names = package.programs.iter().map(|program| program.path.as_str());
        let found = plan::files(&package.settings, names, &|_| false);
        let files = found.map_err(Error::after_build)?.files;
        plan::check_files_of_layer(package, ready.output(plan), &files)?;
        Cow::Owned(files)
    } else {
        Cow::Borrowed(&package.files)
    };
    let output = ready.output(plan);
    let mut programs = Cow::Borrowed(&ready.programs);
    let mut debug_files = Vec::new();
    for (name, path) in package.debug_files(output) {
        let separated = programs.iter().position(|(program, _)| program == name);
        let Some(position) = separated else {
            continue;
        };
        let (_, program) = &programs[position];
        if let Some((stripped, file)) =
            debug_file::separate(program, &path, packer.files.index(), &packer.temp_files)?
        {
            programs.to_mut()[position].1 = Arc::new(stripped);
            debug_files.push(file);
        }
    }
    let mut input = PackageInput {
        package,
        output,
        profile: &plan.profile,
        programs: &programs,
        built: &ready.programs,
        files: &files,
        layers,
        library_help: String::new(),
    };
    let Some(search) = &ready.library_search else {
        return Ok(packer.package(&input, task)?.with_debug_files(debug_files));
    };
    let libraries = Libraries::find(&input, search);
    let bundles = package.settings.bundle_libraries;
    input.library_help = libraries.help(bundles);
    let with_libraries = [input.files, &libraries.found].concat();
    if bundles {
        input.files = &with_libraries;
    }
    Ok(packer.package(&input, task)?.with_debug_files(debug_files))
}
