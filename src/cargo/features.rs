//! The features of a package that a selection enables.

use std::collections::BTreeSet;
use std::ffi::OsString;

use cargo_metadata::{Dependency, DependencyKind, Package};

use super::options::FeatureOptions;
use crate::error::{Error, Result};
use crate::text;

/// The features of `package` that `options` enable, read from its manifest only: its own by name,
/// those of its dependencies as `dependency/feature`.
pub(crate) fn enabled(package: &Package, options: &FeatureOptions) -> BTreeSet<String> {
    let mut pending: Vec<String> = if options.all_features {
        package.features.keys().cloned().collect()
    } else {
        options
            .names()
            .map(|name| own_name(package, name).to_owned())
            .collect()
    };
    if !options.no_default_features {
        pending.push("default".to_owned());
    }
    let mut enabled = of_dependencies(package);
    while let Some(name) = pending.pop() {
        let implied = package.features.get(&name).cloned().unwrap_or_default();
        if enabled.insert(name) {
            // `dependency?/feature` stays as it is: it enables nothing by itself.
            pending.extend(implied);
        }
    }
    enabled
}

/// `feature` of `package/feature`, if `package` is this one.
fn own_name<'a>(package: &Package, name: &'a str) -> &'a str {
    match name.split_once('/') {
        Some((owner, feature)) if owner == package.name.as_str() => feature,
        _ => name,
    }
}

/// The features of dependencies that the manifest enables in every build: not for tests only, not
/// for some systems only, not together with an optional dependency only.
fn of_dependencies(package: &Package) -> BTreeSet<String> {
    let mut enabled = BTreeSet::new();
    let always =
        |d: &&Dependency| d.kind == DependencyKind::Normal && d.target.is_none() && !d.optional;
    for dependency in package.dependencies.iter().filter(always) {
        let name = dependency.rename.as_deref().unwrap_or(&dependency.name);
        let default = dependency.uses_default_features.then_some("default");
        let features = dependency
            .features
            .iter()
            .map(String::as_str)
            .chain(default);
        enabled.extend(features.map(|feature| format!("{name}/{feature}")));
    }
    enabled
}

/// The features of `options` that some of `packages` has: Cargo refuses the others in a build of
/// these packages only. `selected` are the packages of the whole run.
fn known_to<'a>(
    packages: &[&Package],
    selected: &[&Package],
    options: &'a FeatureOptions,
) -> Vec<&'a str> {
    let is_here = |name: &str| {
        packages.iter().any(|package| {
            package.name.as_str() == name || package.dependencies.iter().any(|d| d.name == name)
        })
    };
    let is_elsewhere = |name: &str| selected.iter().any(|p| p.name.as_str() == name);
    options
        .names()
        .filter(|name| match name.split_once('/') {
            // A feature of one of these packages, or of a dependency.
            Some((owner, _)) => is_here(owner) || !is_elsewhere(owner),
            None => packages
                .iter()
                .any(|package| package.features.contains_key(*name)),
        })
        .collect()
}

/// Arguments that name each of `packages`, and the features that they have. `selected` are the
/// packages of the whole run.
pub(crate) fn arguments_for(
    packages: &[&Package],
    selected: &[&Package],
    options: &FeatureOptions,
) -> Vec<OsString> {
    let mut names: Vec<String> = packages
        .iter()
        .map(|package| format!("{}@{}", package.name, package.version))
        .collect();
    names.dedup();
    let names = names
        .into_iter()
        .flat_map(|name| ["--package".into(), name.into()]);
    let features = options.arguments_with(&known_to(packages, selected, options));
    names.chain(features).collect()
}

/// Arguments that choose the features of one of several zips, whose programs are of `packages`, as a
/// run for all has them. `selected` are the packages of the whole run. What `is_taken` as a layer has
/// the features only if it has all of them.
pub(crate) fn arguments_for_one(
    packages: &[&Package],
    selected: &[&Package],
    options: &FeatureOptions,
    is_taken: bool,
) -> Vec<OsString> {
    if packages.is_empty() || (is_taken && check(packages, options).is_err()) {
        return Vec::new();
    }
    options.arguments_with(&known_to(packages, selected, options))
}

/// Refuses a feature that no selected package has, with a suggestion.
pub(crate) fn check(selected: &[&Package], options: &FeatureOptions) -> Result<()> {
    for name in options.names() {
        let (owner, feature) = match name.split_once('/') {
            Some((owner, feature)) => (Some(owner), feature),
            None => (None, name),
        };
        let owners = || {
            selected
                .iter()
                .filter(|p| owner.is_none_or(|o| p.name.as_str() == o))
        };
        if owner.is_some() && owners().next().is_none() {
            // A feature of a dependency: Cargo checks it.
            continue;
        }
        let known = || owners().flat_map(|package| package.features.keys());
        if !known().any(|known| known == feature) {
            let known: BTreeSet<&str> = known().map(String::as_str).collect();
            let message = text::unknown("feature", feature, known);
            let of = owner.map_or_else(
                || "the selected packages".to_owned(),
                |owner| format!("package `{owner}`"),
            );
            return Err(Error::usage(format!("{message} (in {of})"), None));
        }
    }
    Ok(())
}
