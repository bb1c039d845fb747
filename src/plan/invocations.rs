//! The runs of the builders.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use camino::Utf8Path;
use cargo_metadata::{Package, PackageId};

use super::binary::BinaryPlan;
use crate::cargo::builders::{Driver, ExtraFlags, Invocation};
use crate::cargo::{self, Project, TargetOptions, is_example};
use crate::config::{self, LayerName};
use crate::error::Result;
use crate::include::Include;
use crate::lambda::Target;

/// One invocation for all binaries that the same builder builds for the same targets with the same
/// flags.
///
/// The user's package and feature arguments always reach Cargo unchanged, since they decide which
/// features are unified. The exception are packages with a binary of the same name: Cargo would
/// build both at one path, so that each of these packages has an invocation of its own.
pub(super) fn invocations(
    project: &Project<'_>,
    binaries: &[BinaryPlan<'_>],
    selected: &TargetOptions,
    extra_flags: &dyn Fn(&BinaryPlan<'_>, Target) -> Result<ExtraFlags>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Invocation>> {
    let alone = packages_with_equal_names(binaries);
    warnings.extend(warning_of_equal_names(binaries, &alone));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for binary in binaries.iter().filter(|binary| binary.is_wanted()) {
        let package = &binary.candidate.package.id;
        let alone = alone.contains(package).then_some(package);
        for (targets, flags) in binary.runs(extra_flags)? {
            let mine = groups.iter_mut().find(|group| {
                *group.driver == binary.driver
                    && group.targets == targets
                    && group.flags == flags
                    && group.alone == alone
            });
            match mine {
                Some(group) => group.binaries.push(binary),
                None => groups.push(Group {
                    driver: &binary.driver,
                    targets,
                    flags,
                    alone,
                    binaries: vec![binary],
                }),
            }
        }
    }
    let libraries = selected.wants_all_bins() && needs_libraries(project, binaries)?;
    let invocations = groups.into_iter().map(|group| {
        let mut selection = group.packages(project, binaries);
        selection.extend(group.targets(project, binaries, selected));
        if libraries && group.alone.is_none() {
            selection.push("--lib".into());
        }
        Invocation {
            selection,
            programs: group.binaries.iter().map(|b| b.candidate.id()).collect(),
            driver: group.driver.clone(),
            targets: group.targets,
            flags: group.flags,
        }
    });
    Ok(invocations.collect())
}

/// The binaries of one invocation.
struct Group<'a> {
    driver: &'a Driver,
    targets: Vec<Target>,
    flags: ExtraFlags,
    /// The only package of the invocation, if it has a binary of the same name as another.
    alone: Option<&'a PackageId>,
    binaries: Vec<&'a BinaryPlan<'a>>,
}

impl Group<'_> {
    /// The arguments that select packages and features.
    fn packages(&self, project: &Project<'_>, all: &[BinaryPlan<'_>]) -> Vec<OsString> {
        let options = project.options;
        // cross runs in the folder of the workspace, where the default packages are others.
        let is_named = options.packages.workspace || !options.packages.package.is_empty();
        if self.alone.is_none() && (is_named || self.driver.uses_local_toolchain()) {
            let mut arguments = options.packages.arguments();
            arguments.extend(options.features.arguments());
            return arguments;
        }
        let selected: Vec<_> = all.iter().map(|b| b.candidate.package).collect();
        let here = match self.alone {
            Some(_) => self.binaries.iter().map(|b| b.candidate.package).collect(),
            None => selected.clone(),
        };
        cargo::arguments_for(&here, &selected, &options.features)
    }

    /// The arguments that select binaries and examples.
    fn targets(
        &self,
        project: &Project<'_>,
        all: &[BinaryPlan<'_>],
        selected: &TargetOptions,
    ) -> Vec<OsString> {
        // Of a library among the examples, a musl target builds nothing.
        if self.binaries.len() == all.len() && !selected.wants_examples() {
            return selected.arguments();
        }
        let mut narrowed = TargetOptions::default();
        for binary in &self.binaries {
            let candidate = &binary.candidate;
            let name = candidate.target.name.clone();
            // Cargo alone knows whether the features are on, and refuses a name if they are not.
            let is_open = !candidate.is_certain() && !selected.names(candidate.target);
            match (is_example(candidate.target), is_open) {
                (false, false) => narrowed.bin.push(name),
                (false, true) => narrowed.bins = true,
                (true, false) => narrowed.example.push(name),
                (true, true) => narrowed.examples = true,
            }
        }
        let has_examples = narrowed.wants_examples();
        if selected.wants_examples() && !has_examples && project.workspace.has_dev_dependencies() {
            self.add_example(all, selected, &mut narrowed);
        }
        narrowed.arguments()
    }

    /// Adds an example of those that are selected. Cargo unifies the features of dev-dependencies
    /// if it builds any, and binaries get the same if all examples are skipped or are built with
    /// other flags.
    fn add_example(
        &self,
        all: &[BinaryPlan<'_>],
        selected: &TargetOptions,
        narrowed: &mut TargetOptions,
    ) {
        let is_here = |binary: &&BinaryPlan<'_>| {
            let package = &binary.candidate.package.id;
            is_example(binary.candidate.target) && self.alone.is_none_or(|alone| alone == package)
        };
        let examples: Vec<_> = all.iter().filter(is_here).collect();
        let is_certain = |binary: &&&BinaryPlan<'_>| {
            let target = binary.candidate.target;
            let namesakes = examples.iter().map(|other| other.candidate.target);
            let namesakes = namesakes.filter(|other| other.name == target.name);
            binary.candidate.is_certain() && (selected.names(target) || namesakes.count() == 1)
        };
        let example = examples.iter().filter(is_certain);
        match example.min_by_key(|binary| binary.settings.skip) {
            Some(binary) => narrowed.example.push(binary.candidate.target.name.clone()),
            None => narrowed.examples = selected.examples,
        }
    }
}

/// True if Cargo has to build libraries too: an include of a binary, or of a layer that it takes by
/// name, takes files from a selected package whose build script may make them, and which has no
/// binary to package. Cargo runs the build script of a package only if it builds something of it.
fn needs_libraries(project: &Project<'_>, binaries: &[BinaryPlan<'_>]) -> Result<bool> {
    let wanted = || binaries.iter().filter(|binary| binary.is_wanted());
    let own = wanted().flat_map(|binary| &binary.settings.include);
    let mut includes: Vec<Include> = own.cloned().collect();
    let taken = wanted().flat_map(|binary| &binary.settings.layers);
    let taken: BTreeSet<&LayerName> = taken.filter_map(|layer| layer.name()).collect();
    if !taken.is_empty() {
        includes.extend(includes_of_layers(project, &taken)?);
    }
    if includes.is_empty() {
        return Ok(false);
    }
    let packages = cargo::packages(project.workspace, &project.options.packages)?;
    let has_binary = |package: &Package| wanted().any(|b| b.candidate.package.id == package.id);
    let left_out = packages
        .into_iter()
        .filter(|package| cargo::has_build_script_of_library(package) && !has_binary(package));
    let folders: Vec<&Utf8Path> = left_out
        .filter_map(|package| package.manifest_path.parent())
        .collect();
    let begins_there = |include: &Include| folders.iter().any(|folder| include.begins_in(folder));
    Ok(includes.iter().any(begins_there))
}

/// The includes of all layers in the tables of the workspace that have one of the `names`.
fn includes_of_layers(project: &Project<'_>, names: &BTreeSet<&LayerName>) -> Result<Vec<Include>> {
    let root = config::root_manifest(project)?;
    let mut tables = vec![config::workspace_table(project, &root)?];
    for package in project.workspace.metadata.workspace_packages() {
        tables.push(config::package_table(package)?);
    }
    let layers = tables.into_iter().flat_map(|table| table.layers);
    let meant = layers.filter(|(name, _)| names.contains(name));
    Ok(meant
        .flat_map(|(_, layer)| layer.settings.include)
        .collect())
}

/// The packages that have a binary, or an example, of the same name as another package.
fn packages_with_equal_names(binaries: &[BinaryPlan<'_>]) -> BTreeSet<PackageId> {
    let packages = by_name(binaries).into_values();
    let clashing = packages.filter(|(_, packages)| packages.len() > 1);
    clashing
        .flat_map(|(_, packages)| packages)
        .cloned()
        .collect()
}

/// The binaries by their names, each with its packages. Names that differ only in case are one file
/// on many systems.
fn by_name<'a>(
    binaries: &'a [BinaryPlan<'_>],
) -> BTreeMap<(bool, String), (&'a str, BTreeSet<&'a PackageId>)> {
    let mut names: BTreeMap<_, (&str, BTreeSet<_>)> = BTreeMap::new();
    for binary in binaries {
        let target = binary.candidate.target;
        let key = (is_example(target), target.name.to_lowercase());
        let (_, packages) = names.entry(key).or_insert((&target.name, BTreeSet::new()));
        packages.insert(&binary.candidate.package.id);
    }
    names
}

/// The warning that features are not unified over packages that are built one after the other.
fn warning_of_equal_names(
    binaries: &[BinaryPlan<'_>],
    alone: &BTreeSet<PackageId>,
) -> Option<String> {
    let mut names = by_name(binaries).into_values();
    let (name, _) = names.find(|(_, packages)| packages.len() > 1)?;
    let packages = binaries.iter().map(|binary| binary.candidate.package);
    let packages: BTreeSet<String> = packages
        .filter(|package| alone.contains(&package.id))
        .map(|package| format!("`{}`", package.name))
        .collect();
    let packages: Vec<String> = packages.into_iter().collect();
    Some(format!(
        "the packages {} have binaries with the same name, such as `{name}`: Cargo builds these \
         packages one after the other with `-p`, and unifies features for each of them alone",
        packages.join(", ")
    ))
}
