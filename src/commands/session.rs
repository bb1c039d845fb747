//! The session of a command: everything that the user and Cargo say before anything is planned.

use camino::{Utf8Path, Utf8PathBuf};

use crate::cargo::config::CargoConfig;
use crate::cargo::{CargoOptions, Environment, Memory, Project, Workspace};
use crate::cli::{BuildOptions, RunOptions, Takers};
use crate::config::PartialSettings;
use crate::error::{Error, Result};
use crate::package::{self, ZipCache};
use crate::plan::Plan;
use crate::report::{Report, ReportFile};
use crate::shell::Shell;

/// The result of the `job` of a command. It starts over if the workspace is no longer
/// as an earlier run found it.
///
/// # Errors
/// The error of reading the project, or of the job.
pub(super) fn run<C: Takers, T>(
    cli: &BuildOptions<C>,
    shell: &mut Shell,
    job: impl Fn(&Session<'_>, &Shell) -> Result<T>,
) -> Result<T> {
    let folder = current_folder()?;
    let session = Session::load(cli, &folder, shell, true)?;
    if session.workspace.is_for_cargo_lambda() {
        shell.note(
            "the configuration of cargo-lambda has no effect here; the table of this tool is \
             `[package.metadata.lambda-zip]`, and `cargo lambda-zip init` carries yours over",
        );
    }
    match session.confirm(job(&session, shell)) {
        Err(Error::Outdated) => job(&Session::load(cli, &folder, shell, false)?, shell),
        done => done,
    }
}

/// The configuration, the workspace, and the settings outside of the manifests.
pub(super) struct Session<'a> {
    options: &'a CargoOptions,
    config: CargoConfig,
    workspace: Workspace,
    /// The settings of the environment and of the command line.
    pub(super) sources: [PartialSettings; 2],
    pub(super) run: RunOptions,
}

impl<'a> Session<'a> {
    /// Reads Cargo's configuration and the workspace's metadata, which may be that of an earlier run
    /// if it `guesses`.
    ///
    /// # Errors
    /// The error of a variable, of a flag, of a configuration file or of Cargo.
    pub(super) fn load<C: Takers>(
        cli: &'a BuildOptions<C>,
        current_folder: &Utf8Path,
        shell: &mut Shell,
        guesses: bool,
    ) -> Result<Self> {
        let run = cli.flags.run()?;
        let environment = Environment::load(&run.env_file, &run.env)?;
        let overrides = &cli.cargo.compilation.config;
        let config = CargoConfig::load(current_folder, overrides, environment)?;
        *shell = cli.cargo.output.configured_shell(&config.terminal());
        let memory = Memory {
            guesses,
            stores: !run.dry_run,
        };
        let workspace = Workspace::load(&cli.cargo, current_folder, &config, memory)?;
        Ok(Self {
            options: &cli.cargo,
            config,
            workspace,
            sources: cli.flags.sources(current_folder)?,
            run,
        })
    }

    /// Carries out the `plan` of a command, and looks for stale zips.
    ///
    /// # Errors
    /// Every problem but a rejection, which the report tells.
    pub(super) fn package(
        &self,
        plan: Plan,
        project: &Project<'_>,
        file: Option<&ReportFile>,
        shell: &Shell,
    ) -> Result<Report> {
        let zips = ZipCache::of(project);
        let mut report = carry_out(plan, Some((project, &zips)), &self.run, file, shell)?;
        let (sources, prunes) = (&self.sources, self.run.prune && !self.run.dry_run);
        package::report_stale_zips(project, &zips, sources, prunes, &mut report, shell)?;
        Ok(report)
    }

    /// The result of a job, unless it follows from metadata that is no longer right.
    fn confirm<T>(&self, done: Result<T>) -> Result<T> {
        if !matches!(done, Err(Error::Outdated | Error::Interrupted { .. })) {
            self.workspace.confirm()?;
        }
        done
    }

    /// The project, as every later step sees it.
    pub(super) fn project<'s>(&'s self, shell: &'s Shell) -> Project<'s> {
        Project {
            options: self.options,
            config: &self.config,
            workspace: &self.workspace,
            shell,
            build_std: self.run.build_std,
            no_install: self.run.no_install,
            partition: self.run.partition,
            verify: self.run.verify,
        }
    }
}

/// Carries out a `plan`, unless it is empty: the partition of the run may have no package.
///
/// # Errors
/// As [`package::run`].
pub(super) fn carry_out(
    plan: Plan,
    project: Option<(&Project<'_>, &ZipCache)>,
    run: &RunOptions,
    file: Option<&ReportFile>,
    shell: &Shell,
) -> Result<Report> {
    let Some(partition) = run.partition else {
        return package::run(plan, project, run.dry_run, file, shell);
    };
    let selection = plan.selection.clone();
    let mut report = if !plan.packages.is_empty() {
        package::run(plan, project, run.dry_run, file, shell)?
    } else if run.dry_run {
        Report::of_plan(Vec::new(), Vec::new())
    } else {
        Report::of_packages(Vec::new())
    };
    report.set_selection(selection);
    if report.archives().is_empty() {
        shell.note(format_args!(
            "no package is in partition {partition}: there is nothing to do"
        ));
    }
    Ok(report)
}

/// The folder that relative paths of the command line are relative to.
///
/// # Errors
/// [`Error::Io`] if it cannot be read, [`Error::Usage`] if its path is not UTF-8.
pub(super) fn current_folder() -> Result<Utf8PathBuf> {
    let folder = std::env::current_dir().map_err(Error::io("could not read the current folder"))?;
    Utf8PathBuf::from_path_buf(folder).map_err(|folder| {
        Error::usage(
            format!("the current folder `{}` is not UTF-8", folder.display()),
            "Cargo's messages cannot name such paths; move the workspace",
        )
    })
}
