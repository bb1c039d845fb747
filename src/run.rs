//! The main job: build and package.

use std::io;
use std::sync::mpsc;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::build::{self, Interrupt, Invocation};
use crate::cargo_config::CargoConfig;
use crate::cli::{Cli, MessageFormat};
use crate::config::{Layer, ManifestFile, OutputTemplate, Owner, Settings, Table};
use crate::error::{Error, Result};
use crate::package::{self, Judged};
use crate::plan::{Choice, Plan};
use crate::process::Process;
use crate::progress::Progress;
use crate::report::Report;
use crate::shell::Shell;
use crate::target::Target;
use crate::workspace::{self, Candidate, Workspace};

const WRITING_RESULTS: &str = "could not write to standard output";

/// Builds and packages what the command line selects.
pub(crate) fn run(cli: &Cli, shell: &mut Shell) -> Result<()> {
    let current_folder = current_folder()?;
    let config = CargoConfig::load(&current_folder, &cli.cargo.compilation.config)?;
    shell.configure(&cli.cargo.output, config.terminal());
    let workspace = Workspace::load(&cli.cargo, &current_folder)?;
    let root = ManifestFile::read(&workspace.root_manifest())?;
    let profiles = root.profiles();
    build::check_profile(cli.cargo.compilation.profile(), &profiles, &config)?;

    let candidates = workspace::select(&workspace, &cli.cargo)?;
    let flags = Layer::from_flags(&cli.packaging, &current_folder)
        .map_err(|message| Error::usage(message, None))?;
    let choices = configure(cli, &candidates, &workspace, &root, &flags, &config)?;
    let default_output = OutputTemplate::default_below(&workspace.target_folder);
    let plan = Plan::new(&choices, &cli.cargo, &default_output)?;

    let profile = if plan.profile == build::LAMBDA_PROFILE {
        build::injection(&profiles, &config)
    } else {
        Vec::new()
    };
    let commands = plan
        .invocations
        .iter()
        .map(|invocation| build::process(invocation, &cli.cargo, &config, &profile))
        .collect::<Result<Vec<_>>>()?;
    if cli.packaging.dry_run {
        let report = Report::of_plan(&plan, &commands);
        let out = io::stdout().lock();
        let written = match cli.packaging.message_format {
            MessageFormat::Human => report.write_plan(out),
            MessageFormat::Json => report.write_json(out),
        };
        return written.map_err(Error::io(WRITING_RESULTS));
    }

    let interrupt = Interrupt::install()?;
    prepare_outputs(&plan)?;
    build::ensure_targets(
        &plan.targets(),
        &cli.cargo,
        !cli.packaging.no_install,
        shell,
    )?;
    let judged = build_and_package(&plan, &commands, &interrupt, shell)?;
    let archives = judged
        .into_iter()
        .map(Judged::publish)
        .collect::<Result<_>>()?;
    finish(&Report::new(archives), cli.packaging.message_format, shell)
}

fn current_folder() -> Result<Utf8PathBuf> {
    let folder = std::env::current_dir().map_err(Error::io("could not read the current folder"))?;
    Utf8PathBuf::from_path_buf(folder).map_err(|folder| {
        Error::usage(
            format!("the current folder `{}` is not UTF-8", folder.display()),
            "Cargo's messages cannot name such paths; move the workspace",
        )
    })
}

/// Merges the layers of configuration for every candidate.
fn configure<'a>(
    cli: &Cli,
    candidates: &[Candidate<'a>],
    workspace: &Workspace,
    root: &ManifestFile,
    flags: &Layer,
    config: &CargoConfig,
) -> Result<Vec<Choice<'a>>> {
    let common = if workspace.has_metadata() {
        root.table(Owner::Workspace, &[])?
    } else {
        Table::default()
    };
    let configured = config.build_targets();
    let fallback = if configured.is_empty() {
        vec![Target::default()]
    } else {
        configured
    };
    let mut choices = Vec::with_capacity(candidates.len());
    // Candidates of one package follow each other, so that its manifest is read once.
    for candidates in candidates.chunk_by(|a, b| a.package.id == b.package.id) {
        let table = package_table(candidates[0])?;
        for candidate in candidates {
            let own = table.bins.get(&candidate.target.name);
            let layers: Vec<&Layer> = [&common.layer, &table.layer]
                .into_iter()
                .chain(own)
                .chain([flags])
                .collect();
            choices.push(Choice {
                candidate: *candidate,
                settings: Settings::merge(&layers, &cli.lints, &fallback),
            });
        }
    }
    Ok(choices)
}

fn package_table(candidate: Candidate<'_>) -> Result<Table> {
    let package = candidate.package;
    if !workspace::has_metadata(package) {
        return Ok(Table::default());
    }
    let bins: Vec<&str> = package
        .targets
        .iter()
        .filter(|target| workspace::is_executable(target))
        .map(|target| target.name.as_str())
        .collect();
    ManifestFile::read(&package.manifest_path)?.table(Owner::Package, &bins)
}

/// Makes the folders of all zips and tries to write to each, so that a full disk or a wrong path
/// is found before the build, not after.
fn prepare_outputs(plan: &Plan) -> Result<()> {
    let mut folders: Vec<&Utf8Path> = Vec::new();
    for (_, _, path) in plan.outputs() {
        if path.is_dir() {
            return Err(Error::usage(
                format!("the output `{path}` is a folder"),
                "name a file, for instance `--output 'dist/{arch}/{bin}.zip'`",
            ));
        }
        folders.extend(path.parent());
    }
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let writable = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        writable.map_err(Error::io(format!(
            "could not write to the output folder `{folder}`"
        )))?;
    }
    Ok(())
}

/// Builds, packaging each binary as soon as it is there.
///
/// Nothing takes its place before all is built: a build that fails leaves every zip as it was.
fn build_and_package(
    plan: &Plan,
    commands: &[Process],
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<Judged>> {
    let mut judged = Vec::new();
    for (invocation, command) in plan.invocations.iter().zip(commands) {
        // One after the other, packaging included: the next invocation may build another binary
        // of the same name at the same path.
        judged.extend(run_one(plan, invocation, command, interrupt, shell)?);
    }
    Ok(judged)
}

fn run_one(
    plan: &Plan,
    invocation: &Invocation,
    command: &Process,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<Judged>> {
    let (sender, results) = mpsc::channel::<Result<Judged>>();
    rayon::in_place_scope(|scope| {
        let mut expected = 0;
        shell.detail("Running", command);
        build::run(command, &invocation.targets, interrupt, |built| {
            let Some((planned, output)) = plan.binary(&built) else {
                return; // built beside what was asked for: an artifact dependency
            };
            expected += 1;
            let sender = sender.clone();
            scope.spawn(move |_| {
                let result = package::package(&built, planned, output, &plan.profile);
                // Nobody listens any more once something else has failed.
                let _ = sender.send(result);
            });
        })?;
        collect(&results, expected, interrupt, shell)
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

/// Reports what was done, and whether all of it may be deployed.
fn finish(report: &Report, format: MessageFormat, shell: &Shell) -> Result<()> {
    report.show(shell);
    if format == MessageFormat::Json {
        report
            .write_json(io::stdout().lock())
            .map_err(Error::io(WRITING_RESULTS))?;
    }
    match report.rejected() {
        0 => Ok(()),
        rejected => Err(Error::Rejected {
            rejected,
            of: report.len(),
        }),
    }
}
