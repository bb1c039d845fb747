//! The Makefile with which `sam build` builds from the sources.

use super::deployment::{Deployment, Resource};
use super::quote::recipe;

/// A target for each resource. SAM gives the folder for the files in `ARTIFACTS_DIR`; the shell
/// reads it, so that it may have any path.
pub(super) fn text(deployment: &Deployment) -> String {
    let all = || {
        let resources = deployment.layers.iter().chain(&deployment.functions);
        resources.filter(|resource| resource.is_made)
    };
    let targets = all().map(|resource| format!(" build-{}", resource.id));
    let rules = all().map(|Resource { id, command, .. }| {
        let command = recipe(command);
        format!("\nbuild-{id}:\n\t{command} --folder \"$$ARTIFACTS_DIR\"\n")
    });
    format!(
        "# `sam build --build-in-source` runs these targets.\n.PHONY:{}\n{}",
        targets.collect::<String>(),
        rules.collect::<String>()
    )
}
