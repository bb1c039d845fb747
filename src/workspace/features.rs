//! Which features of a package a selection enables.

use std::collections::BTreeSet;

use cargo_metadata::Package;

use crate::cli::FeatureOptions;
use crate::error::{Error, Result};
use crate::names;

/// The features of `package` that `options` enable, by the package's own feature table.
pub(super) fn enabled<'a>(package: &'a Package, options: &'a FeatureOptions) -> BTreeSet<&'a str> {
    if options.all_features {
        return package.features.keys().map(String::as_str).collect();
    }
    let mut pending: Vec<&str> = options
        .names()
        .filter_map(|name| match name.split_once('/') {
            Some((owner, feature)) => (owner == package.name.as_str()).then_some(feature),
            None => Some(name),
        })
        .collect();
    if !options.no_default_features {
        pending.push("default");
    }
    let mut enabled = BTreeSet::new();
    while let Some(name) = pending.pop() {
        let Some((name, implied)) = package.features.get_key_value(name) else {
            continue;
        };
        if enabled.insert(name.as_str()) {
            pending.extend(implied.iter().map(String::as_str));
        }
    }
    enabled
}

/// Refuses a feature that no selected package has, before Cargo does so in other words.
pub(super) fn check(selected: &[&Package], options: &FeatureOptions) -> Result<()> {
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
            // A feature of a dependency: Cargo knows those.
            continue;
        }
        let known = || owners().flat_map(|package| package.features.keys());
        if !known().any(|known| known == feature) {
            let known: BTreeSet<&str> = known().map(String::as_str).collect();
            let message = names::unknown("feature", feature, known);
            let of = owner.map_or_else(
                || "the selected packages".to_owned(),
                |owner| format!("package `{owner}`"),
            );
            return Err(Error::usage(format!("{message} (in {of})"), None));
        }
    }
    Ok(())
}
