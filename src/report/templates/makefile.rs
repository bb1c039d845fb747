//! The Makefile with which `sam build` builds from the sources.

use super::deployment::{Deployment, Resource};
use super::quote::recipe;
use crate::error::{Error, Result};
use crate::text::quoted_name;

/// A target for each resource. SAM gives the folder for the files in `ARTIFACTS_DIR`; the shell
/// reads it, so that it may have any path.
///
/// # Errors
/// [`Error::Usage`] if an argument has a line break, which no line of a recipe can have.
pub(super) fn text(deployment: &Deployment) -> Result<String> {
    let all = || {
        let resources = deployment.layers.iter().chain(&deployment.functions);
        resources.filter(|resource| resource.is_made)
    };
    let mut words = all().flat_map(|resource| &resource.command);
    if let Some(word) = words.find(|word| word.contains(['\n', '\r'])) {
        return Err(Error::usage(
            format!(
                "a Makefile cannot have the argument {}: it has a line break",
                quoted_name(word)
            ),
            "set it in .cargo/config.toml or in the environment of `sam build`",
        ));
    }
    let targets = all().map(|resource| format!(" build-{}", resource.id));
    let rules = all().map(|Resource { id, command, .. }| {
        let command = recipe(command);
        format!("\nbuild-{id}:\n\t{command} --folder \"$$ARTIFACTS_DIR\"\n")
    });
    Ok(format!(
        "# `sam build --build-in-source` runs these targets. The commands say all that they depend on.
unexport $(filter CARGO_LAMBDA_ZIP_%,$(.VARIABLES))
.PHONY:{}\n{}",
        targets.collect::<String>(),
        rules.collect::<String>()
    ))
}
