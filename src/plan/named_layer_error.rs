//! Errors about layers that packages take by their names.

use cargo_metadata::Package;

use super::model::Plan;
use super::package::{OutputSpec, PackagePlan};
use crate::cargo::Project;
use crate::config::{LayerName, ManifestFile};
use crate::error::{Error, Result};
use crate::text;

/// The error for a name that none of the `known` layers has, with a caret where it is written.
pub(super) fn unknown<'a>(
    project: &Project<'_>,
    taker: Option<&PackagePlan>,
    name: &LayerName,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Error {
    let mut message = text::unknown("layer", name.as_str(), known.clone());
    if known.into_iter().next().is_none() {
        message.push_str(": this workspace makes no layer or extension");
    }
    let is_owner = |package: &&Package| {
        let name = taker.and_then(|taker| Some(taker.owner.as_ref()?.name.as_str()));
        name == Some(package.name.as_str())
    };
    let members = project.workspace.metadata.workspace_packages();
    let manifests = members.into_iter().filter(is_owner);
    let manifests = manifests.map(|package| package.manifest_path.clone());
    let mut manifests = manifests.chain(std::iter::once(project.workspace.root_manifest()));
    let at_caret = manifests.find_map(|path| {
        let manifest = ManifestFile::read(&path).ok()?;
        manifest.layer_error(name, &message)
    });
    at_caret.unwrap_or_else(|| {
        Error::usage(
            message,
            "a name is that of a layer or extension of this workspace; the path of a zip has a `/` \
             or ends in `.zip`",
        )
    })
}

/// The error for a name that several layers have.
pub(super) fn ambiguous(name: &LayerName, one: &str, other: &str) -> Error {
    Error::usage(
        format!("there are several layers called `{name}`: {one} and {other}"),
        "give them different names",
    )
}

/// The error for a layer that is not made for the architecture of a function.
pub(super) fn not_for(taker: &PackagePlan, output: &OutputSpec, layer: &PackagePlan) -> Error {
    let made = layer.outputs.iter();
    let made = made.filter_map(|output| output.architecture);
    let made: Vec<String> = made.map(|a| a.to_string()).collect();
    Error::usage(
        format!(
            "{} takes the layer `{}`, which is made for {} only",
            taker.described(output),
            layer.name,
            made.join(" and ")
        ),
        "name the same `architectures` for both",
    )
}

/// Refuses layers that take each other.
///
/// # Errors
/// [`Error::Usage`] with the names of the layers.
pub(super) fn refuse_cycles(plan: &Plan) -> Result<()> {
    let mut done = vec![false; plan.packages.len()];
    (0..plan.packages.len()).try_for_each(|position| visit(plan, position, &mut vec![], &mut done))
}

/// Visits a package and the layers that it takes; `path` are the packages on the way to it.
fn visit(plan: &Plan, position: usize, path: &mut Vec<usize>, done: &mut [bool]) -> Result<()> {
    if let Some(start) = path.iter().position(|other| *other == position) {
        let names = path[start..].iter().chain(std::iter::once(&position));
        let names: Vec<String> = names
            .map(|position| format!("`{}`", plan.packages[*position].name))
            .collect();
        return Err(Error::usage(
            format!("layers take each other: {}", names.join(" → ")),
            "remove one of them from the key `layers` of another",
        ));
    }
    if done[position] {
        return Ok(());
    }
    path.push(position);
    let outputs = plan.packages[position].outputs.iter();
    let layers = outputs.flat_map(|output| &output.layers);
    for made in layers.filter_map(|layer| layer.made.as_ref()) {
        visit(plan, made.package, path, done)?;
    }
    path.pop();
    done[position] = true;
    Ok(())
}
