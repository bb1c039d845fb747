//! The main job: build and package.

mod assembly;
mod builders;
mod configure;
mod contents;
mod execute;
mod prepare;

use std::io;
use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::archive::{self, DateTime, Records, Scratch};
use crate::build::{self, ExtraFlags, Interrupt, Setup};
use crate::cargo_config::CargoConfig;
use crate::cli::{BuildOptions, MessageFormat, TargetOptions};
use crate::config::{self, Layer, ManifestFile, OutputTemplate};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::package::Packer;
use crate::plan::{Choice, Plan};
use crate::report::{self, Report};
use crate::shell::Shell;
use crate::target::Target;
use crate::workshop::Workshop;
use crate::workspace::{self, Workspace};

pub(crate) use contents::{files, layers};
use execute::Command;
pub(crate) use prepare::check_output;

/// What every step of the job may look at.
struct Job<'a> {
    cli: &'a BuildOptions,
    config: &'a CargoConfig,
    workspace: &'a Workspace,
    shell: &'a Shell,
    format: MessageFormat,
}

/// Builds and packages what the command line selects.
pub(crate) fn run(cli: &BuildOptions, targets: &TargetOptions, shell: &mut Shell) -> Result<()> {
    let current_folder = current_folder()?;
    let environment = Environment::load(&cli.packaging.env_file, &cli.packaging.env)?;
    let settings = &cli.cargo.compilation.config;
    let config = CargoConfig::load(&current_folder, settings, environment)?;
    shell.configure(&cli.cargo.output, &config.terminal());
    let workspace = Workspace::load(&cli.cargo, &current_folder)?;
    let wrong = |message| Error::usage(message, None);
    let layers = [
        Layer::from_environment(&current_folder).map_err(wrong)?,
        Layer::from_flags(&cli.packaging, &cli.contents, &current_folder).map_err(wrong)?,
    ];
    let job = Job {
        cli,
        config: &config,
        workspace: &workspace,
        shell,
        format: config::message_format(cli.contents.message_format)?,
    };
    job.run(targets, &layers)
}

impl Job<'_> {
    fn run(&self, targets: &TargetOptions, layers: &[Layer]) -> Result<()> {
        let Self {
            cli,
            config,
            workspace,
            shell,
            ..
        } = self;
        let root = ManifestFile::read(&workspace.root_manifest())?;
        let profiles = root.profiles();
        build::check_profile(cli.cargo.compilation.profile(), &profiles, config)?;

        let candidates = workspace::select(workspace, &cli.cargo, targets)?;
        let configured = configure::configure(self, &candidates, &root, layers)?;
        let choices = builders::choose(self, configured)?;
        let default_output = OutputTemplate::default_below(&workspace.target_folder);
        let extra_flags = |choice: &Choice<'_>, target| self.extra_flags(choice, target);
        let archives =
            contents::archives(&choices, &default_output, cli.cargo.compilation.profile())?;
        let plan = Arc::new(Plan::new(
            &choices,
            archives,
            &cli.cargo,
            targets,
            &extra_flags,
        )?);

        let setup = Setup {
            options: &cli.cargo,
            config,
            profile: &build::injection(&plan.profile, &profiles, config),
            workspace_root: &workspace.metadata.workspace_root,
            target_folder: &workspace.target_folder,
            build_std: cli.packaging.build_std,
        };
        let commands = plan
            .invocations
            .iter()
            .map(|invocation| Command::new(invocation, &setup))
            .collect::<Result<Vec<_>>>()?;
        prepare::check_outputs(&plan)?;
        if cli.packaging.dry_run {
            return self.show_plan(&plan, &commands);
        }

        let records = Records::in_folder(workspace.own_folder().join("zips"));
        let packer = Packer {
            date: source_date()?,
            records: Some(records),
            scratch: Scratch::default(),
        };
        let interrupt = Interrupt::install()?;
        prepare::outputs(&plan)?;
        prepare::toolchain(self, &plan, &choices)?;
        let mut workshop = Workshop::new(packer);
        let judged =
            execute::build_and_package(&plan, &mut workshop, &commands, &interrupt, shell)?;
        Report::new(workshop.publish(judged)?).finish(self.format, shell)
    }

    /// What rustc is told beyond the user's own flags.
    fn extra_flags(&self, choice: &Choice<'_>, target: Target) -> Result<ExtraFlags> {
        let mut flags = ExtraFlags::default();
        if let Some(cpu) = choice.rustc_cpu(target) {
            flags.add_cpu(cpu, &self.workspace.own_folder());
        }
        if self.cli.packaging.build_std {
            flags.add_foreign_libc();
        }
        // A container's own folders are the same everywhere.
        if choice.settings.reproducible && choice.driver.uses_local_toolchain() {
            let root = &self.workspace.metadata.workspace_root;
            flags.add_remaps(root, &self.workspace.target_folder);
        }
        flags.after_own(target, self.config)
    }

    fn show_plan(&self, plan: &Plan, commands: &[Command<'_>]) -> Result<()> {
        let report = Report::of_plan(plan, commands.iter().map(|command| &command.process));
        let out = io::stdout().lock();
        let written = match self.format {
            MessageFormat::Human => report.write_plan(out),
            MessageFormat::Json => report.write_json(out),
        };
        written.map_err(Error::io(report::WRITING))
    }
}

/// The date that `SOURCE_DATE_EPOCH` gives to entries.
pub(crate) fn source_date() -> Result<DateTime> {
    let value = std::env::var_os("SOURCE_DATE_EPOCH");
    let value = value.as_deref().map(std::ffi::OsStr::to_string_lossy);
    archive::source_date(value.as_deref()).map_err(|why| Error::usage(why, None))
}

/// The folder that relative paths of the command line are relative to.
pub(crate) fn current_folder() -> Result<Utf8PathBuf> {
    let folder = std::env::current_dir().map_err(Error::io("could not read the current folder"))?;
    Utf8PathBuf::from_path_buf(folder).map_err(|folder| {
        Error::usage(
            format!("the current folder `{}` is not UTF-8", folder.display()),
            "Cargo's messages cannot name such paths; move the workspace",
        )
    })
}
