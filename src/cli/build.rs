//! The options of the main job and of `layer`.

use clap::Args;

use super::settings::{self, SettingFlags};
use crate::cargo::CargoOptions;

/// The options of the commands that build.
#[derive(Debug, Clone, Args)]
pub(crate) struct BuildOptions {
    #[command(flatten)]
    pub(crate) flags: SettingFlags<settings::Build>,
    #[command(flatten)]
    pub(crate) cargo: CargoOptions,
}
