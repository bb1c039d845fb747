//! Which packages and binaries a selection means, as Cargo takes it.

use std::collections::BTreeSet;

use cargo_metadata::{Package, PackageId};
use globset::{Glob, GlobMatcher};

use super::{Candidate, Workspace, features, is_example, is_executable};
use crate::cli::{CargoOptions, PackageOptions, TargetOptions};
use crate::error::{Error, Result};
use crate::names;
use crate::process;

/// The binaries and examples that `options` select, in the workspace's order.
///
/// # Errors
/// [`Error::Usage`] for a package, binary, example or feature that is not there, or if nothing is
/// selected that could be packaged.
pub(crate) fn select<'a>(
    workspace: &'a Workspace,
    options: &CargoOptions,
) -> Result<Vec<Candidate<'a>>> {
    let packages = packages(workspace, options)?;
    features::check(&packages, &options.features)?;
    let filters = Filters::new(&options.targets)?;
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
                        .all(|feature| enabled.contains(feature.as_str())),
                });
            }
        }
    }
    filters.check_all_used(&packages, &candidates)?;
    if candidates.is_empty() {
        return Err(nothing_to_package(&packages, &options.targets));
    }
    if candidates.iter().all(|candidate| !candidate.expected) {
        return Err(nothing_enabled(&candidates));
    }
    Ok(candidates)
}

fn packages<'a>(workspace: &'a Workspace, options: &CargoOptions) -> Result<Vec<&'a Package>> {
    let members = workspace.metadata.workspace_packages();
    let PackageOptions {
        package,
        workspace: all,
        exclude,
    } = &options.packages;
    if !package.is_empty() && !*all {
        let ids = resolve_specs(package, &members, options)?;
        return Ok(members
            .into_iter()
            .filter(|p| ids.contains(&p.id))
            .collect());
    }
    if *all {
        let excluded = resolve_specs(exclude, &members, options)?;
        return Ok(members
            .into_iter()
            .filter(|p| !excluded.contains(&p.id))
            .collect());
    }
    Ok(workspace.metadata.workspace_default_packages())
}

fn resolve_specs<'a>(
    specs: &[String],
    members: &[&'a Package],
    options: &CargoOptions,
) -> Result<BTreeSet<&'a PackageId>> {
    let mut ids = BTreeSet::new();
    for spec in specs {
        let found = resolve_spec(spec, members, options)?;
        if found.is_empty() {
            let known = members.iter().map(|member| member.name.as_str());
            let name = spec.split('@').next().unwrap_or(spec);
            return Err(Error::usage(names::unknown("package", name, known), None));
        }
        ids.extend(found);
    }
    Ok(ids)
}

fn resolve_spec<'a>(
    spec: &str,
    members: &[&'a Package],
    options: &CargoOptions,
) -> Result<Vec<&'a PackageId>> {
    let those = |fits: &dyn Fn(&Package) -> bool| {
        members
            .iter()
            .filter(|member| fits(member))
            .map(|member| &member.id)
            .collect()
    };
    if spec.contains(['/', '#']) {
        let id = package_id(spec, options)?;
        return Ok(those(&|member| member.id.repr == id));
    }
    if is_glob(spec) {
        let glob = glob(spec)?;
        return Ok(those(&|member| glob.is_match(member.name.as_str())));
    }
    Ok(match spec.split_once(['@', ':']) {
        Some((name, version)) => those(&|member| {
            member.name.as_str() == name && is_version(&member.version.to_string(), version)
        }),
        None => those(&|member| member.name.as_str() == spec),
    })
}

/// Whether `version` is `wanted`, which may leave out its end: `1.2` means any `1.2.x`.
fn is_version(version: &str, wanted: &str) -> bool {
    version
        .strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
}

/// Asks Cargo which package a URL means.
fn package_id(spec: &str, options: &CargoOptions) -> Result<String> {
    let process = process::cargo()
        .arg("pkgid")
        .args(options.manifest.arguments())
        .args(options.compilation.settings())
        .args(["--package", spec]);
    let output = process.output("install Rust from https://rustup.rs")?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Error::usage(
        format!(
            "`{spec}` is no package of this workspace\n{}",
            stderr.trim_end()
        ),
        None,
    ))
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
    glob: GlobMatcher,
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
        Ok(Self {
            all_bins: options.wants_all_bins(),
            all_examples: options.examples,
            bins: patterns(&options.bin)?,
            examples: patterns(&options.example)?,
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

    fn check_all_used(&self, packages: &[&Package], candidates: &[Candidate<'_>]) -> Result<()> {
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
                let known: Vec<&str> = packages
                    .iter()
                    .flat_map(|package| &package.targets)
                    .filter(|target| is_executable(target) && is_example(target) == example)
                    .map(|target| target.name.as_str())
                    .collect();
                let message = names::unknown(what, &pattern.text, known.iter().copied());
                return Err(Error::usage(
                    format!("{message} (in the selected packages)"),
                    None,
                ));
            }
        }
        Ok(())
    }
}

fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', ']'])
}

fn glob(text: &str) -> Result<GlobMatcher> {
    Glob::new(text)
        .map(|glob| glob.compile_matcher())
        .map_err(|error| Error::usage(error.to_string(), None))
}

fn nothing_to_package(packages: &[&Package], options: &TargetOptions) -> Error {
    let names: Vec<String> = packages.iter().map(|p| format!("`{}`", p.name)).collect();
    let what = if options.examples && !options.wants_all_bins() {
        "example"
    } else {
        "binary"
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_may_be_given_in_part() {
        for wanted in ["1", "1.2", "1.2.3"] {
            assert!(is_version("1.2.3", wanted), "{wanted}");
        }
        assert!(is_version("1.2.3-rc.1", "1.2.3"));
        for wanted in ["1.2.30", "2", "1.", "1.2.3.4"] {
            assert!(!is_version("1.2.3", wanted), "{wanted}");
        }
        assert!(!is_version("1.20.0", "1.2"));
    }
}
