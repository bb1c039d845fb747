//! The options of the main job, `layer` and `template`.

use clap::Args;

use super::settings::{self, SettingFlags, Takers};
use crate::cargo::CargoOptions;

/// The options of the commands that plan builds.
#[derive(Debug, Clone, Args)]
pub(crate) struct BuildOptions<C: Takers = settings::Build> {
    #[command(flatten)]
    pub(crate) flags: SettingFlags<C>,
    #[command(flatten)]
    pub(crate) cargo: CargoOptions,
}
