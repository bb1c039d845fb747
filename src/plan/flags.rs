//! The flags that rustc gets beyond the user's own.

use super::binary::BinaryPlan;
use crate::cargo::Project;
use crate::cargo::builders::{self, ExtraFlags, Remap};
use crate::error::Result;
use crate::lambda::Target;

/// The names that folders of this machine get in the programs.
pub(super) fn remaps(project: &Project<'_>) -> Result<Vec<Remap>> {
    let Project {
        config, workspace, ..
    } = project;
    let cargo_home = builders::cargo_home();
    let external = workspace.external_packages(cargo_home.as_deref(), project.options, config)?;
    // Cargo hashes their folders into the names of what is compiled (`stable_hash` of its
    // `SourceId`), where no flag of rustc reaches.
    if let Some(package) = external.first() {
        project.shell.warning(format_args!(
            "`{}` lies outside of the workspace: the zip is the same elsewhere only if this \
             folder has the same path",
            package.folder
        ));
    }
    let external = external
        .into_iter()
        .map(|package| (package.folder, format!("/dependencies/{}", package.name)));
    let root = &workspace.metadata.workspace_root;
    let folders = project.build_folders();
    let targets = [&workspace.target_folder, folders.compiled()];
    builders::remaps(root, targets, external, config)
}

/// The extra flags of a binary for one target.
pub(super) fn extra(
    project: &Project<'_>,
    binary: &BinaryPlan<'_>,
    target: Target,
    remaps: &[Remap],
) -> Result<ExtraFlags> {
    let mut flags = ExtraFlags::default();
    if let Some(cpu) = binary.rustc_cpu(target) {
        flags.add_cpu(cpu, &project.workspace.own_folder());
    }
    if project.build_std {
        flags.add_foreign_libc();
    }
    if binary.settings.reproducible {
        flags.add_remaps(remaps);
    }
    flags.after_own(target, project.config)
}
