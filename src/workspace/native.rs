//! Which crates compile C for the target.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cargo_metadata::{DependencyKind, Metadata, Node, Package, PackageId, TargetKind};
use fs_err as fs;
use serde::Deserialize;

use super::{Workspace, metadata};
use crate::cli::CargoOptions;
use crate::error::Result;
use crate::process;
use crate::target::Target;

/// What a build script depends on if it compiles C, C++ or assembly.
const COMPILERS: [&str; 8] = [
    "autotools",
    "cc",
    "cmake",
    "cpp_build",
    "cxx-build",
    "gcc",
    "meson",
    "openssl-src",
];

/// Crates that depend on one of [`COMPILERS`] for other systems only.
const NOT_ON_LINUX: [&str; 2] = ["backtrace", "iana-time-zone-haiku"];

/// A crate that compiles C for the target, and how it gets into the build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NativeCrate {
    /// From a selected package to the crate, both included: `name vVERSION`.
    pub(crate) path: Vec<String>,
}

impl NativeCrate {
    /// `ring v0.17.14`
    pub(crate) fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// Whether anything that the lockfile knows could compile C for Linux: a look that spares most
/// workspaces the process of [`find`]. A lockfile that is missing or behind the manifests says
/// nothing against it.
pub(crate) fn may_compile_c(workspace: &Workspace) -> bool {
    let lockfile = workspace.metadata.workspace_root.join("Cargo.lock");
    let lockfile = fs::read_to_string(lockfile)
        .ok()
        .and_then(|text| toml::from_str::<Lockfile>(&text).ok());
    lockfile.is_none_or(|lockfile| {
        !lockfile.knows_dependencies_of(&workspace.metadata.packages) || may_compile(&lockfile)
    })
}

/// Finds a crate that compiles C for `target` in what `packages` depend on, with features and
/// platforms as Cargo resolves them.
///
/// # Errors
/// If Cargo cannot resolve the workspace.
pub(crate) fn find(
    packages: &BTreeSet<&PackageId>,
    target: Target,
    options: &CargoOptions,
) -> Result<Option<NativeCrate>> {
    let metadata = resolve(target, options)?;
    Ok(Graph::new(&metadata).search(packages))
}

/// The part of Cargo.lock that says who depends on whom.
#[derive(Deserialize)]
struct Lockfile {
    #[serde(default)]
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    /// `name`, `name version` or `name version (source)`
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lockfile {
    /// Whether no manifest has got a dependency since.
    fn knows_dependencies_of(&self, packages: &[Package]) -> bool {
        let known: BTreeSet<&str> = self.package.iter().map(|p| p.name.as_str()).collect();
        let mut dependencies = packages.iter().flat_map(|package| &package.dependencies);
        dependencies.all(|dependency| known.contains(dependency.name.as_str()))
    }
}

fn may_compile(lockfile: &Lockfile) -> bool {
    lockfile.package.iter().any(|package| {
        !NOT_ON_LINUX.contains(&package.name.as_str())
            && package.dependencies.iter().any(|dependency| {
                let name = dependency.split(' ').next().unwrap_or(dependency);
                COMPILERS.contains(&name)
            })
    })
}

fn resolve(target: Target, options: &CargoOptions) -> Result<Metadata> {
    let process = process::cargo()
        .args(["metadata", "--format-version=1"])
        .args(options.manifest.arguments())
        .args(options.features.arguments())
        .args(options.compilation.settings())
        .args(["--filter-platform", target.triple()]);
    metadata(&process)
}

/// The resolved dependencies.
struct Graph<'a> {
    packages: BTreeMap<&'a PackageId, &'a Package>,
    nodes: BTreeMap<&'a PackageId, &'a Node>,
}

impl<'a> Graph<'a> {
    fn new(metadata: &'a Metadata) -> Self {
        let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
        Self {
            packages: metadata.packages.iter().map(|p| (&p.id, p)).collect(),
            nodes: nodes.map(|node| (&node.id, node)).collect(),
        }
    }

    /// Goes breadth-first along the edges that lead to code for the target, so that the path it
    /// gives is a shortest one.
    fn search(&self, roots: &BTreeSet<&PackageId>) -> Option<NativeCrate> {
        let mut came_from: BTreeMap<&PackageId, Option<&PackageId>> = BTreeMap::new();
        let mut pending: VecDeque<&PackageId> = VecDeque::new();
        for (&id, _) in self.nodes.iter().filter(|(id, _)| roots.contains(**id)) {
            came_from.insert(id, None);
            pending.push_back(id);
        }
        while let Some(id) = pending.pop_front() {
            if self.compiles(id) {
                return Some(self.described(id, &came_from));
            }
            for next in self.linked_into(id) {
                came_from.entry(next).or_insert_with(|| {
                    pending.push_back(next);
                    Some(id)
                });
            }
        }
        None
    }

    /// The dependencies whose code runs on the target: normal ones but procedural macros, which
    /// run in the compiler.
    fn linked_into(&self, id: &PackageId) -> impl Iterator<Item = &'a PackageId> {
        self.dependencies(id, DependencyKind::Normal)
            .filter(|id| !self.packages.get(id).is_some_and(|p| is_proc_macro(p)))
    }

    fn dependencies(
        &self,
        id: &PackageId,
        kind: DependencyKind,
    ) -> impl Iterator<Item = &'a PackageId> {
        let dependencies = self.nodes.get(id).into_iter().flat_map(|node| &node.deps);
        dependencies
            .filter(move |dependency| dependency.dep_kinds.iter().any(|info| info.kind == kind))
            .map(|dependency| &dependency.pkg)
    }

    /// Whether the build script of `id` compiles C.
    fn compiles(&self, id: &PackageId) -> bool {
        let harmless = self
            .packages
            .get(id)
            .is_some_and(|package| NOT_ON_LINUX.contains(&package.name.as_str()));
        !harmless
            && self
                .dependencies(id, DependencyKind::Build)
                .filter_map(|id| self.packages.get(id))
                .any(|package| COMPILERS.contains(&package.name.as_str()))
    }

    fn described(
        &self,
        id: &'a PackageId,
        came_from: &BTreeMap<&PackageId, Option<&'a PackageId>>,
    ) -> NativeCrate {
        let mut path = Vec::new();
        let mut current = Some(id);
        while let Some(id) = current {
            path.extend(
                self.packages
                    .get(id)
                    .map(|p| format!("{} v{}", p.name, p.version)),
            );
            current = came_from.get(id).copied().flatten();
        }
        path.reverse();
        NativeCrate { path }
    }
}

fn is_proc_macro(package: &Package) -> bool {
    let mut targets = package.targets.iter();
    targets.any(|target| target.kind.contains(&TargetKind::ProcMacro))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lockfile(text: &str) -> Lockfile {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_lockfile_without_compilers_needs_no_closer_look() {
        assert!(!may_compile(&lockfile("version = 4")));
        assert!(!may_compile(&lockfile(
            "[[package]]\nname = 'iana-time-zone-haiku'\ndependencies = ['cc']\n\
             [[package]]\nname = 'cc'\n[[package]]\nname = 'a'\ndependencies = ['cc-like']"
        )));
    }

    #[test]
    fn a_lockfile_with_a_crate_that_may_compile_c_does() {
        for dependency in ["cc", "cc 1.2.3", "cmake 0.1.5 (registry+https://example)"] {
            let text = format!("[[package]]\nname = 'ring'\ndependencies = ['{dependency}']");
            assert!(may_compile(&lockfile(&text)), "{dependency}");
        }
    }
}
