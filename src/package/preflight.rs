//! Preparations before anything compiles: the outputs are checked, and the toolchain is completed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::cargo::Project;
use crate::cargo::builders::{self, InstallPolicy};
use crate::cargo::{linker, rustc_wrapper};
use crate::error::{Error, Result};
use crate::include::{IncludedFile, OutputOverlap};
use crate::package::directory::{self, Expected, WriteLog};
use crate::package::index::Index;
use crate::paths::{impossible, overlap, why_no_file};
use crate::plan::{OutputSpec, PackagePlan, Plan};
use crate::temp;

/// Writes the files that rustc reads, and installs the targets that are missing.
///
/// # Errors
/// [`Error::Missing`] for a target that may not be installed, or cannot be.
pub(super) fn prepare_toolchain(project: &Project<'_>, plan: &Plan) -> Result<()> {
    let Project {
        options, config, ..
    } = project;
    for cpu in &plan.cpus {
        builders::write_cpu_file(cpu, &project.workspace.own_folder())?;
    }
    if project.build_std {
        return builders::ensure_std_source(config);
    }
    linker::write(&project.workspace.own_folder())?;
    rustc_wrapper::write(&project.workspace.own_folder(), config)?;
    let builds_std = |flag: &String| flag.starts_with("build-std");
    if options.compilation.unstable.iter().any(builds_std) {
        return Ok(());
    }
    let missing = if options.manifest.is_offline() || config.is_offline() {
        InstallPolicy::Offline
    } else if project.no_install {
        InstallPolicy::NoInstall
    } else {
        InstallPolicy::Install
    };
    builders::ensure_targets(&plan.targets(), missing, config, project.shell)
}

/// Makes the folders of all zips and tries to write to each, so that a full disk or a wrong path
/// is found before the build.
///
/// # Errors
/// [`Error::Io`] for a folder that cannot be written to.
pub(super) fn make_folders(plan: &Plan, own_folder: Option<&Utf8Path>) -> Result<()> {
    if let Some(folder) = own_folder {
        let doing = "could not create the tool's own folder";
        fs::create_dir_all(folder).map_err(Error::io_at(folder, doing))?;
    }
    let mut folders: BTreeMap<&Utf8Path, bool> = BTreeMap::new();
    for (_, output) in plan.outputs() {
        if let Some(folder) = output.path.parent() {
            *folders.entry(folder).or_insert(true) &= output.path.is_file();
        }
    }
    for (folder, has_all) in folders {
        // If every zip is there already, perhaps nothing has to be written.
        if let Err(error) = temp::try_folder(folder)
            && !has_all
        {
            let doing = format!("could not write to the output folder `{folder}`");
            return Err(Error::io_at(folder, doing)(error));
        }
    }
    let mut outputs = plan.outputs();
    outputs.try_for_each(|(_, output)| output.folder.as_deref().map_or(Ok(()), check_writable))
}

/// Tries to write where a new folder will be made. In one that holds files, perhaps nothing has to
/// be written.
fn check_writable(folder: &Utf8Path) -> Result<()> {
    let holds_files = |folder: &Utf8Path| folder.read_dir().is_ok_and(|mut d| d.next().is_some());
    match folder.ancestors().find(|path| path.is_dir()) {
        Some(existing) if existing != folder || !holds_files(existing) => {
            let probed = tempfile::tempfile_in(existing);
            let doing = format!("could not write to the folder `{folder}`");
            probed.map(drop).map_err(Error::io_at(folder, doing))
        }
        _ => Ok(()),
    }
}

/// Checks all outputs.
///
/// # Errors
/// [`Error::Usage`] for an output that must not be replaced, [`Error::Io`] if what is there cannot
/// be read.
pub(super) fn check_outputs(plan: &Plan, write_log: &WriteLog, index: &Index) -> Result<()> {
    plan.outputs().try_for_each(|(package, output)| {
        let checked = check_output(package, output, write_log, index);
        checked.map_err(|error| match error.path() {
            Some(_) => error,
            None => error.about(&output.path),
        })
    })
}

/// Refuses a report at `path` that would be in the place of an output, or go into a zip.
///
/// # Errors
/// [`Error::ReportPlace`], or the error of an include.
pub(super) fn check_report(plan: &Plan, path: &Utf8Path) -> Result<()> {
    let refused = |why: String| {
        Err(Error::ReportPlace {
            message: format!("the report `{path}` {why}"),
            help: "write it elsewhere with `--report`",
            path: path.to_owned(),
        })
    };
    for (package, output) in plan.outputs() {
        let of = || package.described(output);
        if overlap(path, &output.path) {
            return refused(format!("would be in the place of the zip of {}", of()));
        }
        if output.folder.as_deref().is_some_and(|f| overlap(path, f)) {
            return refused(format!(
                "would be in the folder of {}, which holds only the files of the package",
                of()
            ));
        }
        let rules = OutputOverlap::new(&package.settings.include, &package.settings.exclude)?;
        if let Some(name) = rules.would_take(path)? {
            return refused(format!("would go into the zip of {}, as `{name}`", of()));
        }
    }
    Ok(())
}

/// Refuses to write to `path`, which belongs to the output `whole`, if an include takes it there.
fn check_not_taken(
    rules: &OutputOverlap<'_>,
    path: &Utf8Path,
    whole: &Utf8Path,
    help: &'static str,
) -> Result<()> {
    let name = rules.would_take(path)?;
    name.map_or(Ok(()), |name| {
        let message = format!("`{whole}` would contain itself, as `{name}`");
        Err(Error::usage(message, help))
    })
}

/// The other paths of a zip at `path` that includes may use, since links lead to its folder.
fn other_names(path: &Utf8Path, files: &[IncludedFile]) -> Vec<Utf8PathBuf> {
    let (Some(folder), Some(name), [_, ..]) = (path.parent(), path.file_name(), files) else {
        return Vec::new();
    };
    let Ok(real) = folder.canonicalize() else {
        return Vec::new();
    };
    let folders: BTreeSet<&Utf8Path> = files.iter().filter_map(|file| file.path.parent()).collect();
    let is_it =
        |other: &&Utf8Path| *other != folder && other.canonicalize().is_ok_and(|o| o == real);
    let others = folders.into_iter().filter(is_it);
    others.map(|other| other.join(name)).collect()
}

/// Refuses an output that must not be replaced, and a zip or folder that would contain itself: in
/// this run, or in the next one, if an include takes it.
fn check_output(
    package: &PackagePlan,
    output: &OutputSpec,
    write_log: &WriteLog,
    index: &Index,
) -> Result<()> {
    const HELP: &str = "leave it out with `exclude`, or write it elsewhere with `--output`";
    let OutputSpec { path, folder, .. } = output;
    let PackagePlan {
        files, settings, ..
    } = package;
    check_zip(path)?;
    let rules = OutputOverlap::new(&settings.include, &settings.exclude)?;
    for other_name in other_names(path, files) {
        check_not_taken(&rules, &other_name, path, HELP)?;
    }
    check_not_taken(&rules, path, path, HELP)?;
    for (_, path) in package.debug_files(output) {
        check_debug_file(&path)?;
        check_not_taken(&rules, &path, &path, HELP)?;
    }
    folder.as_ref().map_or(Ok(()), |folder| {
        check_folder(folder, package, &rules, write_log, index)
    })
}

/// Refuses a folder that would contain itself or what is packaged, or that holds anything that this
/// tool did not write.
fn check_folder(
    folder: &Utf8Path,
    package: &PackagePlan,
    rules: &OutputOverlap<'_>,
    write_log: &WriteLog,
    index: &Index,
) -> Result<()> {
    const HELP: &str = "leave it out with `exclude`, or write it elsewhere with `--folder`";
    if let Some(why) = impossible(folder) {
        return Err(Error::usage(
            format!("the folder `{folder}` {why}"),
            "name another folder with `--folder`",
        ));
    }
    let programs = package.programs.iter().filter_map(|program| {
        let file = program.ready()?;
        Some((program.path.as_str(), Expected::File(&file.file.path)))
    });
    let files = package.files.iter().map(|file| {
        let link = file.link.as_deref().map(Expected::Link);
        let expected = link.unwrap_or(Expected::File(&file.path));
        (&*file.name, expected)
    });
    let expected: BTreeMap<&str, Expected<'_>> = programs.chain(files).collect();
    let names = package.programs.iter().map(|program| program.path.as_str());
    for name in names.chain(expected.keys().copied()) {
        let path = folder.join(name);
        if let Some(why) = impossible(&path) {
            return Err(Error::usage(
                format!("`{path}` {why}"),
                "give it another name in the package with `to`, or leave out `--folder`",
            ));
        }
        check_not_taken(rules, &path, folder, HELP)?;
    }
    if let Ok(real) = folder.canonicalize() {
        let is_inside =
            |source: &&Utf8Path| source.canonicalize().is_ok_and(|s| s.starts_with(&real));
        let mut sources = expected.values().filter_map(|expected| expected.source());
        if let Some(source) = sources.find(is_inside) {
            return Err(Error::usage(
                format!("`{source}` goes into the package, and is in its folder `{folder}`"),
                "write the folder elsewhere with `--folder`",
            ));
        }
    }
    if let Some(why) = write_log.why_misplaced(folder) {
        return Err(Error::usage(
            format!("cannot write a package to the folder `{folder}`: {why}"),
            "name a folder elsewhere with `--folder`",
        ));
    }
    directory::check(folder, &expected, write_log, index)
}

/// Refuses to replace anything but an ELF file by a debug file.
///
/// # Errors
/// [`Error::Usage`] for anything else, [`Error::Io`] if it cannot be read.
fn check_debug_file(path: &Utf8Path) -> Result<()> {
    const ELF: &[u8] = b"\x7fELF";
    let refused = |why: &str| {
        Err(Error::usage(
            format!("the debug file `{path}` {why}"),
            "move what is there, or write the zip elsewhere with `--output`",
        ))
    };
    if let Some(why) = why_no_file(path) {
        return refused(&why);
    }
    if !path.exists() {
        return Ok(());
    }
    let beginning = beginning(path, ELF.len())?;
    if beginning.is_empty() || beginning == ELF {
        return Ok(());
    }
    refused("exists and is not a debug file; it would be overwritten")
}

/// The first bytes of the file at `path`, `length` at most.
fn beginning(path: &Utf8Path, length: usize) -> Result<Vec<u8>> {
    let mut beginning = Vec::new();
    let read =
        fs::File::open(path).and_then(|file| file.take(length as u64).read_to_end(&mut beginning));
    let doing = format!("could not read what is at the output `{path}`");
    read.map_err(Error::io_at(path, doing))?;
    Ok(beginning)
}

/// Refuses to replace anything but a zip, for instance a folder, a device or a manifest that was
/// named by mistake, and refuses a file in the place of a parent folder.
///
/// # Errors
/// [`Error::Usage`] for these, [`Error::Io`] if what is there cannot be read.
fn check_zip(path: &Utf8Path) -> Result<()> {
    let refused = |what: &str| {
        Err(Error::usage(
            format!("the output `{path}` {what}"),
            "name a zip, for instance `--output 'dist/{bin}-{arch}.zip'`",
        ))
    };
    if let Some(why) = why_no_file(path) {
        return refused(&why);
    }
    let Ok(metadata) = fs::metadata(path) else {
        return Ok(());
    };
    if path.extension() == Some("zip") || metadata.len() == 0 {
        return Ok(());
    }
    if beginning(path, 2)? == b"PK" {
        Ok(())
    } else {
        refused("exists and is not a zip; it would be overwritten")
    }
}
