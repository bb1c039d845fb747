//! The session of a command: everything that the user and Cargo say before anything is planned.

use camino::{Utf8Path, Utf8PathBuf};

use crate::cargo::config::CargoConfig;
use crate::cargo::{Environment, Project, Workspace};
use crate::cli::BuildOptions;
use crate::config::partial_settings::Layer;
use crate::config::{self, Sources};
use crate::error::{Error, Result};
use crate::report::MessageFormat;
use crate::shell::Shell;

/// The configuration, the workspace, and the settings that are stronger than any manifest.
pub(super) struct Session<'a> {
    cli: &'a BuildOptions,
    config: CargoConfig,
    workspace: Workspace,
    outside: [Layer; 2],
    pub(super) format: MessageFormat,
}

impl<'a> Session<'a> {
    /// Reads Cargo's configuration and the workspace's metadata.
    ///
    /// # Errors
    /// The error of a variable, of a flag, of a configuration file or of Cargo.
    pub(super) fn load(
        cli: &'a BuildOptions,
        current_folder: &Utf8Path,
        shell: &mut Shell,
    ) -> Result<Self> {
        let environment = Environment::load(&cli.packaging.env_file, &cli.packaging.env)?;
        let overrides = &cli.cargo.compilation.config;
        let config = CargoConfig::load(current_folder, overrides, environment)?;
        *shell = cli.cargo.output.configured_shell(&config.terminal());
        let remembers = !cli.packaging.dry_run;
        let workspace = Workspace::load(&cli.cargo, current_folder, &config, remembers)?;
        Ok(Self {
            cli,
            config,
            workspace,
            outside: outside(cli, current_folder)?,
            format: config::message_format(cli.contents.message_format)?,
        })
    }

    /// The project, as every later step sees it.
    pub(super) fn project<'s>(&'s self, shell: &'s Shell) -> Project<'s> {
        Project {
            options: &self.cli.cargo,
            config: &self.config,
            workspace: &self.workspace,
            shell,
            build_std: self.cli.packaging.build_std,
            no_install: self.cli.packaging.no_install,
        }
    }

    /// The sources of settings beside the manifests.
    pub(super) fn sources(&self) -> Sources<'_> {
        Sources {
            outside: &self.outside,
            lints: &self.cli.lints.0,
        }
    }
}

/// The settings of the environment and of the command line, in this order of precedence.
///
/// # Errors
/// [`Error::Usage`] for a wrong variable or flag.
pub(super) fn outside(cli: &BuildOptions, current_folder: &Utf8Path) -> Result<[Layer; 2]> {
    let wrong = |message| Error::usage(message, None);
    Ok([
        Layer::from_environment(current_folder).map_err(wrong)?,
        Layer::from_flags(&cli.packaging, &cli.contents, current_folder).map_err(wrong)?,
    ])
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
