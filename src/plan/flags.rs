//! The flags that rustc gets beyond the user's own.

use std::collections::BTreeSet;

use super::binary::BinaryPlan;
use crate::cargo::Project;
use crate::cargo::builders::{self, ExtraFlags, Remaps};
use crate::error::Result;
use crate::lambda::{Cpu, Target};

/// The names that folders of this machine get in the programs. Adds to `warnings` what they do not
/// reach.
pub(super) fn remaps(project: &Project<'_>, warnings: &mut Vec<String>) -> Result<Remaps> {
    let Project {
        config, workspace, ..
    } = project;
    let cargo_home = builders::cargo_home();
    let external = workspace.external_packages(cargo_home.as_deref(), project.options, config)?;
    // Cargo hashes their folders into the names of what is compiled (`stable_hash` of its
    // `SourceId`), where no flag of rustc reaches.
    if let Some(package) = external.first() {
        warnings.push(format!(
            "`{}` lies outside of the workspace: the zip is the same elsewhere only if this \
             folder has the same path",
            package.folder
        ));
    }
    let external = external
        .into_iter()
        .map(|package| (package.folder, format!("/dependencies/{}", package.name)));
    let root = &workspace.metadata.workspace_root;
    builders::remaps(root, project.build_folders().compiled(), external, config)
}

/// Refuses CPUs that rustc does not know. The other names of the setting are those of every rustc.
pub(super) fn check_cpus(project: &Project<'_>, binaries: &[BinaryPlan<'_>]) -> Result<()> {
    let built = binaries.iter().filter(|binary| binary.is_wanted());
    let named = built.flat_map(|binary| {
        let targets = binary.settings.targets.iter();
        targets.filter_map(
            |target| match binary.settings.cpus.get(target.architecture) {
                Some(Cpu::Named(name)) => Some((*target, name)),
                _ => None,
            },
        )
    });
    let named: BTreeSet<_> = named.collect();
    let mut named = named.into_iter();
    named.try_for_each(|(target, cpu)| builders::check_cpu(project, target, cpu))
}

/// The extra flags of a binary for one target. `debug_settings` are those of a profile that keeps
/// debug information.
pub(super) fn extra(
    project: &Project<'_>,
    binary: &BinaryPlan<'_>,
    target: Target,
    remaps: &Remaps,
    debug_settings: &[String],
) -> Result<ExtraFlags> {
    let mut flags = ExtraFlags::default();
    if let Some(cpu) = binary.rustc_cpu(target) {
        let builder = binary.driver.builder();
        flags.add_cpu(cpu, builder, &project.workspace.own_folder());
    }
    if project.build_std {
        flags.add_foreign_libc();
    }
    if binary.settings.reproducible {
        flags.add_remaps(remaps);
    }
    if binary.settings.debug_file {
        let builder = binary.driver.builder();
        flags.add_debug_information(debug_settings, target, builder, project.config)?;
    }
    flags.after_own(target, project.config)
}
