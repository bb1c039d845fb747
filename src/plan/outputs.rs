//! The places of zips.

use crate::cargo::{Candidate, Project};
use crate::config::{OutputTemplate, Settings, Values};
use crate::error::Result;
use crate::lambda::Target;

use super::package::{OutputSpec, Owner};

/// The template of zips whose settings name none.
pub(super) fn default_template(project: &Project<'_>) -> OutputTemplate {
    OutputTemplate::default_below(&project.workspace.target_folder)
}

/// The outputs of a binary, one for each target.
///
/// # Errors
/// [`Error::Usage`](crate::error::Error::Usage) for a placeholder that has no value.
pub(super) fn of_binary(
    candidate: &Candidate<'_>,
    settings: &Settings,
    default: &OutputTemplate,
    profile: &str,
) -> Result<Vec<OutputSpec>> {
    let owner = Owner::of(candidate.package);
    let template = settings.output.as_ref().unwrap_or(default);
    let output = |target: Target| -> Result<OutputSpec> {
        let values = Values {
            bin: &candidate.target.name,
            package: Some(&owner.name),
            version: Some(&owner.version),
            arch: Some(target.architecture.name()),
            target: Some(target.triple()),
            profile: Some(profile),
        };
        let folder = settings.folder.as_ref();
        Ok(OutputSpec {
            architecture: Some(target.architecture),
            target: Some(target),
            path: template.render(&values)?,
            folder: folder.map(|folder| folder.render(&values)).transpose()?,
        })
    };
    settings.targets.iter().copied().map(output).collect()
}
