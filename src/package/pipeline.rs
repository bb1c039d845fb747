//! Carries out a plan, or shows it.

use std::cell::Cell;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use camino::Utf8Path;

use super::cache::ZipCache;
use super::directory::WriteLog;
use super::input::PackageInput;
use super::locks::Locks;
use super::packer::Packer;
use super::pool::PackagingPool;
use super::scan::FileCache;
use super::{build, preflight};
use crate::archive::{self, DateTime};
use crate::bytes;
use crate::cargo::{Interrupt, Project, builders};
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::report::{ArchiveReport, Report, ReportFile};
use crate::shell::{Progress, Shell};
use crate::temp;

/// Checks a plan, then shows it in a dry run, else carries it out. The `project`, with what is
/// remembered of its zips, is `None` if nothing is built; then nothing is remembered. The caller
/// writes the report to the `report_file`.
///
/// # Errors
/// Every problem but a rejection, which the report tells.
pub(crate) fn run(
    plan: Plan,
    project: Option<(&Project<'_>, &ZipCache)>,
    dry_run: bool,
    report_file: Option<&ReportFile>,
    shell: &Shell,
) -> Result<Report> {
    if let Some(file) = report_file {
        preflight::check_report(&plan, file.path())?;
    }
    let date = source_date()?;
    for warning in &plan.warnings {
        shell.warning(warning);
    }
    let (project, zips) = project.unzip();
    let write_log = write_log(project);
    let index = zips.map(ZipCache::index);
    let most = plan
        .packages
        .iter()
        .map(|package| package.files.len())
        .max();
    let files = FileCache::new(index.cloned().unwrap_or_default(), most.unwrap_or_default());
    expect(&plan, &files, shell);
    let foreseen = Progress::during(shell, "Reading", files.meter(), || {
        foreseen(&plan, dry_run, &files, shell)
    })?;
    if !dry_run && foreseen.iter().any(|archive| archive.rejected) {
        return Ok(Report::of_packages(foreseen));
    }
    preflight::check_outputs(&plan, &write_log, files.index())?;
    if dry_run {
        for package in &plan.packages {
            for include in &package.awaited {
                shell.warning(format_args!(
                    "nothing is there yet for the include `{include}` of `{}`: the build may make it",
                    package.name
                ));
            }
        }
        let commands = plan.builds.iter().map(|build| build.process.to_string());
        Ok(Report::of_plan(foreseen, commands.collect()))
    } else {
        let (packages, lists_files) = (plan.outputs().count(), shell.is_verbose());
        let packer = Packer::new(date, zips.cloned(), write_log, files, packages, lists_files);
        carry_out(plan, packer, project, shell)
    }
}

/// The record of what was written to folders. Without Cargo's target folder there is no place for a
/// record that would not be deployed.
fn write_log(project: Option<&Project<'_>>) -> WriteLog {
    project.map_or_else(WriteLog::default, |project| {
        WriteLog::in_folder(project.workspace.own_folder().join("folders"))
    })
}

/// Builds, packages and publishes.
fn carry_out(
    plan: Plan,
    packer: Packer,
    project: Option<&Project<'_>>,
    shell: &Shell,
) -> Result<Report> {
    let interrupt = Interrupt::cleanly();
    let own_folder = project.map(|project| project.workspace.own_folder());
    preflight::make_folders(&plan, own_folder.as_deref())?;
    let locks = lock(&plan, own_folder.as_deref(), &interrupt, shell)?;
    if let Some(project) = project {
        preflight::prepare_toolchain(project, &plan)?;
    }
    if let Some(zips) = &packer.cache {
        zips.index().refresh();
        warn_of_other_owners(&plan, zips, shell);
    }
    let plan = Arc::new(plan);
    let mut pool = PackagingPool::new(packer);
    let checked = build::build_and_package(&plan, &mut pool, &interrupt, shell);
    let checked = checked.map_err(|error| match project {
        Some(project) => builders::explained(error, &plan.targets(), project.config),
        None => error,
    })?;
    if let Some(project) = project {
        project.workspace.confirm()?;
    }
    build::warn_of_missing(&plan, &checked, shell);
    if project.is_none_or(|project| project.partition.is_none()) {
        build::refuse_nothing(&plan, &checked)?;
    }
    pool.publish(checked, locks, &interrupt)
}

/// Warns of zips that belong to another package than the one that was written to the same path by
/// an earlier run.
fn warn_of_other_owners(plan: &Plan, cache: &ZipCache, shell: &Shell) {
    for (package, output) in plan.expected() {
        let Some(owner) = &package.owner else {
            continue;
        };
        if let Some(before) = cache.other_owner(&output.path, &owner.name) {
            let workspace = before.workspace.map(|root| format!(" in `{root}`"));
            shell.warning(format_args!(
                "{} replaces the zip of package `{}`{} at `{}`: tell them apart with `--output`, \
                 for instance `--output 'dist/{{package}}-{{bin}}-{{arch}}.zip'`",
                package.described(output),
                before.package,
                workspace.unwrap_or_default(),
                output.path
            ));
        }
    }
}

/// Locks the folders of all zips, and the folder of the executables, until the run ends. Everything
/// that is decided about them holds until the zips are in their places.
///
/// # Errors
/// [`Error::Interrupted`] if the run is interrupted while another one has a lock.
fn lock(
    plan: &Plan,
    own_folder: Option<&Utf8Path>,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Locks> {
    let zips = plan
        .outputs()
        .filter_map(|(_, output)| output.path.parent());
    let zips: BTreeSet<&Utf8Path> = zips.collect();
    let says_so = Cell::new(false);
    let is_over = || {
        if !says_so.replace(true) {
            shell.status("Blocking", "waiting for file lock on package outputs");
        }
        interrupt.is_raised()
    };
    let mut locks = Locks::default();
    if !locks.add(zips.iter().copied().chain(own_folder), is_over) {
        return Err(interrupt.error());
    }
    // Runs write to a folder only while they have its lock.
    for folder in zips {
        temp::remove_left(folder, locks.hold(folder));
    }
    Ok(locks)
}

/// Expects that the included files are read, if a progress bar would show it.
fn expect(plan: &Plan, files: &FileCache, shell: &Shell) {
    if !shell.has_progress() {
        return;
    }
    let packages = plan.packages.iter().filter(|package| package.expected);
    let included = packages.flat_map(|package| &package.files);
    let mut known = HashSet::new();
    let new = included.filter(|file| file.link.is_none() && known.insert((&file.name, &file.path)));
    files.meter().expect(bytes::sum(new.map(|file| file.bytes)));
}

/// The reports of all packages before anything is built.
///
/// # Errors
/// [`Error::Io`] if an included file cannot be read.
fn foreseen(
    plan: &Plan,
    dry_run: bool,
    files: &FileCache,
    shell: &Shell,
) -> Result<Vec<ArchiveReport>> {
    let expected = plan.expected();
    let reports = expected.map(|(package, output)| {
        let programs = package.programs.iter();
        let layers = output.layers.iter();
        let layers: Vec<_> = layers.map(|layer| Arc::clone(&layer.facts)).collect();
        let ready = programs.filter_map(|program| {
            let file = program.ready()?;
            Some((program.path.clone(), Arc::clone(file)))
        });
        let ready: Vec<_> = ready.collect();
        let input = PackageInput {
            package,
            output,
            profile: &plan.profile,
            programs: &ready,
            built: &ready,
            files: &package.files,
            layers: &layers,
            library_help: String::new(),
        };
        let mut report = input.foreseen(dry_run, files)?;
        if shell.is_verbose() {
            report.files = input.lines(&input.entries());
        }
        Ok(report)
    });
    reports.collect()
}

/// The date of all entries, which `SOURCE_DATE_EPOCH` may set.
fn source_date() -> Result<DateTime> {
    let value = std::env::var_os("SOURCE_DATE_EPOCH");
    let value = value.as_deref().map(std::ffi::OsStr::to_string_lossy);
    archive::source_date(value.as_deref()).map_err(|why| Error::usage(why, None))
}
