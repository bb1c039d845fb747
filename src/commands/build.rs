//! What builds and packages: the main job, and layers.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::archive::{self, DateTime};
use crate::cargo::builders::{self, BuildContext, ExtraFlags, Remap};
use crate::cargo::config::CargoConfig;
use crate::cargo::{self, Environment, TargetOptions, Workspace, profile};
use crate::cli::{BuildOptions, MessageFormat};
use crate::config::partial_settings::Layer;
use crate::config::{self, ManifestFile, OutputTemplate};
use crate::error::{Error, Result};
use crate::lambda::Target;
use crate::package::directory::Ledger;
use crate::package::{self, Command, Making, Records};
use crate::plan::{self, Choice, Plan, PlannedArchive};
use crate::shell::Shell;

/// What every step of the job may look at.
pub(crate) struct Job<'a> {
    pub(crate) cli: &'a BuildOptions,
    pub(crate) config: &'a CargoConfig,
    pub(crate) workspace: &'a Workspace,
    pub(crate) shell: &'a Shell,
    pub(crate) format: MessageFormat,
}

/// What a job is given: by the user, and by Cargo.
pub(crate) struct Inputs {
    pub(crate) config: CargoConfig,
    pub(crate) workspace: Workspace,
    /// The layers of environment and command line, which are stronger than any manifest.
    pub(crate) outside: [Layer; 2],
    pub(crate) format: MessageFormat,
}

impl Inputs {
    pub(crate) fn load(
        cli: &BuildOptions,
        current_folder: &Utf8Path,
        shell: &mut Shell,
    ) -> Result<Self> {
        let environment = Environment::load(&cli.packaging.env_file, &cli.packaging.env)?;
        let settings = &cli.cargo.compilation.config;
        let config = CargoConfig::load(current_folder, settings, environment)?;
        shell.configure(&cli.cargo.output, &config.terminal());
        let remembers = !cli.packaging.dry_run;
        let workspace = Workspace::load(&cli.cargo, current_folder, &config, remembers)?;
        Ok(Self {
            config,
            workspace,
            outside: outside(cli, current_folder)?,
            format: config::message_format(cli.contents.message_format)?,
        })
    }

    pub(crate) fn job<'a>(&'a self, cli: &'a BuildOptions, shell: &'a Shell) -> Job<'a> {
        Job {
            cli,
            config: &self.config,
            workspace: &self.workspace,
            shell,
            format: self.format,
        }
    }
}

/// The layers of environment and command line.
pub(crate) fn outside(cli: &BuildOptions, current_folder: &Utf8Path) -> Result<[Layer; 2]> {
    let wrong = |message| Error::usage(message, None);
    Ok([
        Layer::from_environment(current_folder).map_err(wrong)?,
        Layer::from_flags(&cli.packaging, &cli.contents, current_folder).map_err(wrong)?,
    ])
}

/// Builds and packages what the command line selects.
pub(crate) fn run(cli: &BuildOptions, targets: &TargetOptions, shell: &mut Shell) -> Result<()> {
    let inputs = Inputs::load(cli, &current_folder()?, shell)?;
    inputs.job(cli, shell).run(targets, &inputs.outside)
}

impl Job<'_> {
    pub(crate) fn run(&self, targets: &TargetOptions, outside: &[Layer]) -> Result<()> {
        let options = &self.cli.cargo;
        let root = self.root_manifest()?;
        let candidates = cargo::select(self.workspace, options, targets)?;
        let configured = config::configure(self, &candidates, &root, outside)?;
        let choices = plan::choose(self, configured)?;
        let profile = options.compilation.profile();
        let archives = plan::archives(&choices, &self.default_output(), profile)?;
        self.make(&choices, archives, targets, &root)
    }

    /// The manifest at the root of the workspace, which has the profile that is asked for.
    pub(crate) fn root_manifest(&self) -> Result<ManifestFile> {
        let root = ManifestFile::read(&self.workspace.root_manifest())?;
        let profile = self.cli.cargo.compilation.profile();
        profile::check(profile, &root.profiles(), self.config)?;
        Ok(root)
    }

    pub(crate) fn default_output(&self) -> OutputTemplate {
        OutputTemplate::default_below(&self.workspace.target_folder)
    }

    /// Builds `choices`, of which `targets` are the names, and makes `archives`.
    pub(crate) fn make(
        &self,
        choices: &[Choice<'_>],
        archives: Vec<PlannedArchive>,
        targets: &TargetOptions,
        root: &ManifestFile,
    ) -> Result<()> {
        let Self {
            cli,
            config,
            workspace,
            ..
        } = self;
        let remaps = if choices.iter().any(|choice| choice.settings.reproducible) {
            self.remaps()?
        } else {
            Vec::new()
        };
        let extra_flags = |choice: &Choice<'_>, target| self.extra_flags(choice, target, &remaps);
        let plan = Plan::new(choices, archives, &cli.cargo, targets, &extra_flags)?;
        let plan = Arc::new(plan);
        let context = BuildContext {
            options: &cli.cargo,
            config,
            profile: &cargo::injection(&plan.profile, &root.profiles(), config),
            workspace_root: &workspace.metadata.workspace_root,
            target_folder: &workspace.target_folder,
            build_std: cli.packaging.build_std,
        };
        let commands = plan
            .invocations
            .iter()
            .map(|invocation| Command::new(invocation, &context))
            .collect::<Result<Vec<_>>>()?;
        let making = Making {
            plan: &plan,
            commands: &commands,
            records: Some(Records::in_folder(workspace.own_folder().join("zips"))),
            ledger: Ledger::in_folder(workspace.own_folder().join("folders")),
            format: self.format,
            shell: self.shell,
        };
        if cli.packaging.dry_run {
            return making.show();
        }
        making.run(|| package::toolchain(self, &plan, choices))
    }

    /// What the folders of this machine are called in what is compiled.
    pub(crate) fn remaps(&self) -> Result<Vec<Remap>> {
        let cargo_home = builders::cargo_home();
        let outside = self.workspace.external_packages(
            cargo_home.as_deref(),
            &self.cli.cargo,
            self.config,
        )?;
        // Cargo hashes their folders into the names of what is compiled (`stable_hash` of its
        // `SourceId`), where no flag of rustc reaches.
        if let Some(package) = outside.first() {
            self.shell.warning(format_args!(
                "`{}` lies outside of the workspace: the zip is the same elsewhere only if this \
                 folder has the same path",
                package.folder
            ));
        }
        let outside = outside
            .into_iter()
            .map(|package| (package.folder, format!("/dependencies/{}", package.name)));
        let root = &self.workspace.metadata.workspace_root;
        builders::remaps(root, &self.workspace.target_folder, outside, self.config)
    }

    /// What rustc is told beyond the user's own flags.
    pub(crate) fn extra_flags(
        &self,
        choice: &Choice<'_>,
        target: Target,
        remaps: &[Remap],
    ) -> Result<ExtraFlags> {
        let mut flags = ExtraFlags::default();
        if let Some(cpu) = choice.rustc_cpu(target) {
            flags.add_cpu(cpu, &self.workspace.own_folder());
        }
        if self.cli.packaging.build_std {
            flags.add_foreign_libc();
        }
        if choice.settings.reproducible {
            flags.add_remaps(remaps);
        }
        flags.after_own(target, self.config)
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
