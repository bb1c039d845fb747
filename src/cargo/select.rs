//! The packages and binaries that a selection means to Cargo.

use std::collections::BTreeSet;

use cargo_metadata::{Package, PackageId};
use fs_err as fs;

use super::candidate::{Candidate, is_example, is_executable};
use super::features;
use super::options::{CargoOptions, PackageOptions, TargetOptions};
use super::spec::{Spec, glob};
use super::workspace::Workspace;
use crate::error::{Error, Result};
use crate::globs::Matcher;
use crate::text;

/// The binaries and examples that `options` and `targets` select, in the workspace's order.
///
/// # Errors
/// [`Error::Usage`] if a package, binary, example or feature does not exist, or if nothing that
/// could be packaged is selected.
pub(crate) fn select<'a>(
    workspace: &'a Workspace,
    options: &CargoOptions,
    targets: &TargetOptions,
) -> Result<Vec<Candidate<'a>>> {
    let packages = packages(workspace, &options.packages)?;
    features::check(&packages, &options.features)?;
    for package in &packages {
        refuse_own_target(package)?;
    }
    let filters = Filters::new(targets)?;
    let mut candidates = Vec::new();
    for package in &packages {
        let enabled = features::enabled(package, &options.features);
        for target in package
            .targets
            .iter()
            .filter(|target| is_executable(target))
        {
            if filters.select(target) {
                candidates.push(Candidate {
                    package,
                    target,
                    expected: target
                        .required_features
                        .iter()
                        .all(|feature| enabled.contains(feature)),
                });
            }
        }
    }
    filters.check_all_used(workspace, &packages, &candidates)?;
    if candidates.is_empty() {
        return Err(nothing_to_package(&packages, targets));
    }
    let members = workspace.metadata.workspace_packages();
    if candidates
        .iter()
        .all(|candidate| candidate.is_off(&members))
    {
        return Err(nothing_enabled(&candidates));
    }
    Ok(candidates)
}

/// Refuses a package that chooses its target (`-Z per-package-target`): Cargo would build it for
/// another than it is packaged for.
fn refuse_own_target(package: &Package) -> Result<()> {
    let text = fs::read_to_string(&package.manifest_path).unwrap_or_default();
    let key = ["forced-target", "default-target"].into_iter().find(|key| {
        text.contains(key)
            && toml::from_str(&text).is_ok_and(|manifest: toml::Table| {
                let package = manifest.get("package");
                package.is_some_and(|package| package.get(key).is_some())
            })
    });
    match key {
        Some(key) => Err(Error::usage(
            format!("`{}` has the unstable key `{key}`", package.manifest_path),
            "remove it, and choose the target with `targets` in [package.metadata.lambda-zip]",
        )),
        None => Ok(()),
    }
}

/// The packages that `options` select, in the workspace's order.
///
/// # Errors
/// [`Error::Usage`] if one does not exist.
pub(crate) fn packages<'a>(
    workspace: &'a Workspace,
    options: &PackageOptions,
) -> Result<Vec<&'a Package>> {
    let members = workspace.metadata.workspace_packages();
    let PackageOptions {
        package,
        workspace: all,
        exclude,
    } = options;
    if !package.is_empty() && !*all {
        let ids = resolve_specs(package, &members)?;
        return Ok(members
            .into_iter()
            .filter(|p| ids.contains(&p.id))
            .collect());
    }
    if *all {
        let excluded = exclude
            .iter()
            .map(|spec| Ok(Spec::parse(spec)?.select(&members)))
            .collect::<Result<Vec<_>>>()? // Cargo warns if one does not exist
            .concat();
        return Ok(members
            .into_iter()
            .filter(|p| !excluded.iter().any(|other| other.id == p.id))
            .collect());
    }
    Ok(workspace.metadata.workspace_default_packages())
}

fn resolve_specs<'a>(specs: &[String], members: &[&'a Package]) -> Result<BTreeSet<&'a PackageId>> {
    let mut ids = BTreeSet::new();
    for spec in specs {
        let found: Vec<&Package> = Spec::parse(spec)?.select(members);
        if found.is_empty() {
            return Err(no_such_package(spec, members));
        }
        ids.extend(found.into_iter().map(|package| &package.id));
    }
    Ok(ids)
}

fn no_such_package(spec: &str, members: &[&Package]) -> Error {
    let name = spec.split(['@', ':']).next().unwrap_or(spec);
    let named: Vec<String> = members
        .iter()
        .filter(|member| member.name.as_str() == name)
        .map(|member| format!("`{}@{}`", member.name, member.version))
        .collect();
    if named.is_empty() {
        let known = members.iter().map(|member| member.name.as_str());
        let is_path = spec.contains(['/', '\\']) && !spec.contains("://");
        let help = is_path.then_some("a folder is named by its URL: `-p file:///path/to/package`");
        Error::usage(text::unknown("package", spec, known), help)
    } else {
        let message = format!(
            "no package `{spec}`; the workspace has {}",
            named.join(", ")
        );
        Error::usage(message, None)
    }
}

/// `--bin`, `--bins`, `--example` and `--examples`.
struct Filters {
    all_bins: bool,
    all_examples: bool,
    bins: Vec<Pattern>,
    examples: Vec<Pattern>,
}

struct Pattern {
    text: String,
    glob: Matcher,
}

impl Filters {
    fn new(options: &TargetOptions) -> Result<Self> {
        let patterns = |list: &[String]| -> Result<Vec<Pattern>> {
            list.iter()
                .map(|text| {
                    Ok(Pattern {
                        text: text.clone(),
                        glob: glob(text)?,
                    })
                })
                .collect()
        };
        // To Cargo, too, names say nothing beside all.
        let names = |all: bool, list: &[String]| {
            if all { Ok(Vec::new()) } else { patterns(list) }
        };
        Ok(Self {
            all_bins: options.wants_all_bins(),
            all_examples: options.examples,
            bins: names(options.bins, &options.bin)?,
            examples: names(options.examples, &options.example)?,
        })
    }

    fn select(&self, target: &cargo_metadata::Target) -> bool {
        let (all, patterns) = if is_example(target) {
            (self.all_examples, &self.examples)
        } else {
            (self.all_bins, &self.bins)
        };
        all || patterns
            .iter()
            .any(|pattern| pattern.glob.is_match(&target.name))
    }

    fn check_all_used(
        &self,
        workspace: &Workspace,
        packages: &[&Package],
        candidates: &[Candidate<'_>],
    ) -> Result<()> {
        for (what, example, patterns) in [
            ("binary", false, &self.bins),
            ("example", true, &self.examples),
        ] {
            let unused = patterns.iter().find(|pattern| {
                !candidates.iter().any(|candidate| {
                    is_example(candidate.target) == example
                        && pattern.glob.is_match(&candidate.target.name)
                })
            });
            if let Some(pattern) = unused {
                if let Some(error) = elsewhere(what, example, pattern, workspace) {
                    return Err(error);
                }
                let known: Vec<&str> = packages
                    .iter()
                    .flat_map(|package| &package.targets)
                    .filter(|target| is_executable(target) && is_example(target) == example)
                    .map(|target| target.name.as_str())
                    .collect();
                let message = text::unknown(what, &pattern.text, known.iter().copied());
                return Err(Error::usage(
                    format!("{message} (in the selected packages)"),
                    None,
                ));
            }
        }
        Ok(())
    }
}

/// The error for a binary that only packages have which are not selected.
fn elsewhere(what: &str, example: bool, pattern: &Pattern, workspace: &Workspace) -> Option<Error> {
    let is_it = |target: &cargo_metadata::Target| {
        is_executable(target)
            && is_example(target) == example
            && pattern.glob.is_match(&target.name)
    };
    let members = workspace.metadata.workspace_packages();
    let owners = members
        .iter()
        .filter(|member| member.targets.iter().any(is_it));
    let owners: Vec<&str> = owners.map(|owner| owner.name.as_str()).collect();
    let help = owners
        .iter()
        .map(|owner| format!("add `-p {owner}`, which has it"));
    let help: Vec<String> = help.collect();
    (!help.is_empty()).then(|| Error::Usage {
        message: format!("the selected packages have no {what} `{}`", pattern.text),
        help,
    })
}

fn nothing_to_package(packages: &[&Package], options: &TargetOptions) -> Error {
    let names: Vec<String> = packages.iter().map(|p| format!("`{}`", p.name)).collect();
    let what = if options.examples && !options.wants_all_bins() {
        "example"
    } else {
        "binary"
    };
    if packages.is_empty() {
        return Error::usage("the workspace has no package to build", None);
    }
    Error::usage(
        format!("no {what} to package in {}", names.join(", ")),
        "a function is a binary: add `src/main.rs`, or select another package with `-p`",
    )
}

fn nothing_enabled(candidates: &[Candidate<'_>]) -> Error {
    let lines: Vec<String> = candidates
        .iter()
        .map(|candidate| {
            let features = candidate.target.required_features.join(",");
            format!(
                "`{}` requires `--features {features}`",
                candidate.target.name
            )
        })
        .collect();
    Error::Usage {
        message: "every selected binary requires features that are not enabled".to_owned(),
        help: lines,
    }
}
