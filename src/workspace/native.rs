//! Which crates compile C for the target.

use std::collections::BTreeSet;
use std::ffi::OsString;

use cargo_metadata::Package;
use fs_err as fs;
use serde::Deserialize;

use super::Workspace;
use super::tree::Tree;
use crate::cli::CargoOptions;
use crate::error::{Error, Result};
use crate::process;
use crate::target::Target;

/// What a build script depends on if it compiles C, C++ or assembly, or reads their headers.
const COMPILERS: [&str; 9] = [
    "autotools",
    "bindgen",
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
/// platforms as Cargo resolves them for a build of what `selection` selects.
///
/// # Errors
/// [`Error::Metadata`] if Cargo cannot resolve the workspace.
pub(crate) fn find(
    packages: &[&Package],
    target: Target,
    selection: Vec<OsString>,
    options: &CargoOptions,
) -> Result<Option<NativeCrate>> {
    // `cargo metadata` would unify the features of all members and of tests.
    let process = process::cargo()
        .args(["tree", "--quiet", "--edges=normal,build,no-proc-macro"])
        .args(["--prefix=indent", "--charset=ascii", "--format={p}"])
        .args(["--target", target.triple()])
        .args(options.manifest.arguments())
        .args(selection)
        .args(options.compilation.settings());
    let output = process.output(process::INSTALL_RUST)?;
    if !output.status.success() {
        return Err(Error::metadata(&output));
    }
    let tree = Tree::parse(&String::from_utf8_lossy(&output.stdout));
    let root = |package: &&Package| format!("{} v{}", package.name, package.version);
    let roots: Vec<String> = packages.iter().map(root).collect();
    let path = tree.path(&roots, compiles);
    Ok(path.map(|path| NativeCrate { path }))
}

/// Whether the build script of `krate`, which depends on `helpers`, compiles C.
fn compiles(krate: &str, helpers: &[String]) -> bool {
    !NOT_ON_LINUX.contains(&name(krate))
        && helpers
            .iter()
            .any(|helper| COMPILERS.contains(&name(helper)))
}

/// `ring` of `ring v0.17.14`
fn name(krate: &str) -> &str {
    krate.split(' ').next().unwrap_or(krate)
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
            && package
                .dependencies
                .iter()
                .any(|dependency| COMPILERS.contains(&name(dependency)))
    })
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
