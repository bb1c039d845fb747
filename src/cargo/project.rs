//! The project that a run works on.

use super::argument_files;
use super::build_folders::BuildFolders;
use super::config::CargoConfig;
use super::options::CargoOptions;
use super::partition::Partition;
use super::workspace::Workspace;
use crate::lambda::Target;
use crate::shell::Shell;

/// The user's workspace, its Cargo configuration, and the options of this run.
#[derive(Clone, Copy)]
pub(crate) struct Project<'a> {
    pub(crate) options: &'a CargoOptions,
    pub(crate) config: &'a CargoConfig,
    pub(crate) workspace: &'a Workspace,
    pub(crate) shell: &'a Shell,
    /// True if the standard library is compiled too.
    pub(crate) build_std: bool,
    /// True if a missing Rust target is an error. If not, it is installed.
    pub(crate) no_install: bool,
    /// The share of the packages that this run makes; `None` if it makes all of them.
    pub(crate) partition: Option<Partition>,
    /// True if files are read even if an earlier run has read them.
    pub(crate) verify: bool,
}

impl Project<'_> {
    /// The folders that a build writes to.
    pub(crate) fn build_folders(&self) -> BuildFolders {
        BuildFolders::of(self.workspace, self.config)
    }

    /// The user's flags of rustc for `target`, the strongest last, with those in files. `profiles` is
    /// the `[profile]` table of the workspace. They are good for lints only.
    pub(crate) fn all_rustflags(&self, target: Target, profiles: &toml::Table) -> Vec<String> {
        let flags = self.config.all_rustflags(target, self.profile(), profiles);
        argument_files::expand(flags, &self.workspace.metadata.workspace_root)
    }

    /// The name of the profile that is built with.
    pub(crate) fn profile(&self) -> &str {
        self.options.compilation.profile()
    }
}
