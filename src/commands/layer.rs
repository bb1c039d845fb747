//! `cargo lambda-zip layer`: layers of files, and of binaries of the workspace.

use std::sync::Arc;

use camino::Utf8Path;

use super::build::{Inputs, Job, current_folder, outside};
use crate::cargo::{CargoOptions, features};
use crate::cli::{BuildOptions, LayerOptions};
use crate::config;
use crate::config::partial_settings::Layer;
use crate::error::{Error, Result};
use crate::package::Making;
use crate::package::directory::Ledger;
use crate::plan::{self, KnownLayers, Plan, Site, Wanted, check_exclusions};
use crate::shell::Shell;

/// Makes the layers that `options` name.
///
/// # Errors
/// As the main job, and if there is no such layer.
pub(crate) fn run(options: &LayerOptions, shell: &mut Shell) -> Result<()> {
    let current_folder = current_folder()?;
    if options.bin.is_empty() && !is_project(options, &current_folder) {
        return without_project(options, &current_folder, shell);
    }
    let inputs = Inputs::load(&options.build, &current_folder, shell)?;
    let found = {
        let job = inputs.job(&options.build, shell);
        plan::find(&job, options, &inputs.outside)?
    };
    let cli = BuildOptions {
        cargo: CargoOptions {
            packages: plan::packages_of(&found),
            ..options.build.cargo.clone()
        },
        ..options.build.clone()
    };
    inputs.job(&cli, shell).make_layers(&found, &inputs.outside)
}

/// Whether Cargo would find a manifest.
fn is_project(options: &LayerOptions, current_folder: &Utf8Path) -> bool {
    let mut folders = current_folder.ancestors();
    options.build.cargo.manifest.manifest_path.is_some()
        || folders.any(|folder| folder.join("Cargo.toml").is_file())
}

/// A layer of files needs nothing of Cargo.
fn without_project(options: &LayerOptions, current_folder: &Utf8Path, shell: &Shell) -> Result<()> {
    let Some(name) = &options.name else {
        return Err(Error::usage(
            "there is no Cargo project here whose layers could be made",
            "name one, and what goes into it: `cargo lambda-zip layer NAME --include PATH`",
        ));
    };
    let outside = outside(&options.build, current_folder)?;
    let wanted = Wanted::without_project(name, &outside.each_ref(), &options.build.lints);
    let site = Site {
        default_output: config::OutputTemplate::in_folder(current_folder),
        profile: None,
    };
    let archives = vec![site.archive(&wanted, &[], &mut KnownLayers::default())?];
    check_exclusions(std::iter::once(&wanted.settings))?;
    let making = Making {
        plan: &Arc::new(Plan::of_archives(archives)?),
        commands: &[],
        records: None,
        ledger: Ledger::default(),
        format: config::message_format(options.build.contents.message_format)?,
        shell,
    };
    if options.build.packaging.dry_run {
        return making.show();
    }
    making.run(|| Ok(()))
}

impl Job<'_> {
    fn make_layers(&self, layers: &[Wanted<'_>], outside: &[Layer; 2]) -> Result<()> {
        let root = self.root_manifest()?;
        let candidates = layers.iter().flat_map(Wanted::candidates);
        let packages: Vec<_> = candidates.map(|candidate| candidate.package).collect();
        if !packages.is_empty() {
            features::check(&packages, &self.cli.cargo.features)?;
        }
        let choices = plan::choose(self, plan::configured(layers)?)?;
        let site = Site {
            default_output: self.default_output(),
            profile: Some(self.cli.cargo.compilation.profile()),
        };
        let mut known = KnownLayers::default();
        let archives = layers
            .iter()
            .map(|layer| site.archive(layer, &choices, &mut known));
        let archives: Vec<_> = archives.collect::<Result<_>>()?;
        check_exclusions(layers.iter().map(|layer| &layer.settings))?;
        let [environment, _] = outside;
        plan::check_functions(self, &archives, &site, &root, environment)?;
        self.make(&choices, archives, &plan::targets_of(&choices), &root)
    }
}
