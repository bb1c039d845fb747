//! The crates that compile C for the target, or link a library of the system.

use std::collections::BTreeSet;
use std::ffi::OsString;

use cargo_metadata::Package;

use super::cache_key::CacheKey;
use super::config::CargoConfig;
use super::lockfile::Lockfile;
use super::options::CargoOptions;
use super::process;
use super::system_library::SystemLibrary;
use super::tree::Tree;
use super::workspace::Workspace;
use crate::error::Result;
use crate::lambda::Target;

/// The helpers of build scripts that compile C, C++ or assembly, or read their headers.
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

/// Crates that depend on one of [`COMPILERS`] on other systems only.
const NOT_ON_LINUX: [&str; 2] = ["backtrace", "iana-time-zone-haiku"];

/// A crate that compiles C for the target, or links a library of the system, and its way into the
/// build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NativeCrate {
    /// The path from a selected package to the crate, both included: `name vVERSION`.
    pub(crate) path: Vec<String>,
    /// The library that it links and that the user has not named; `None` if it compiles C.
    pub(crate) library: Option<&'static SystemLibrary>,
}

impl NativeCrate {
    /// `ring v0.17.14`
    pub(crate) fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// Looks for crates that compile C.
pub(crate) struct NativeSearch<'a> {
    workspace: &'a Workspace,
    options: &'a CargoOptions,
    config: &'a CargoConfig,
}

impl<'a> NativeSearch<'a> {
    /// `None` if the lockfile has no crate to look for: most workspaces need no search. A lockfile
    /// that is missing, or older than a manifest, does not tell that.
    pub(crate) fn begin(
        workspace: &'a Workspace,
        options: &'a CargoOptions,
        config: &'a CargoConfig,
    ) -> Option<Self> {
        let lockfile = Lockfile::read(&workspace.metadata.workspace_root);
        let is_needless = lockfile.is_some_and(|lockfile| {
            !may_be_native(&lockfile) && workspace.has_resolved(&lockfile, config)
        });
        (!is_needless).then_some(Self {
            workspace,
            options,
            config,
        })
    }

    /// The key of what Cargo says about the dependencies at this moment.
    fn key(&self) -> Option<CacheKey> {
        let metadata = &self.workspace.metadata;
        let lockfile = Lockfile::read(&metadata.workspace_root)?;
        CacheKey::of_dependencies(metadata, &lockfile, self.config)
    }

    /// Finds a crate that compiles C for `target`, and one that links a library of the system, in the
    /// dependencies of `packages`, with features and platforms as Cargo resolves them for a build of
    /// `selection`.
    ///
    /// # Errors
    /// [`Error::Metadata`](crate::error::Error::Metadata) if Cargo cannot resolve the workspace.
    pub(crate) fn find(
        &self,
        packages: &[&Package],
        target: Target,
        selection: Vec<OsString>,
    ) -> Result<Vec<NativeCrate>> {
        // `cargo metadata` would unify the features of all members and of tests.
        let command = process::cargo()
            .args(["tree", "--quiet", "--edges=normal,build,no-proc-macro"])
            .args(["--prefix=indent", "--charset=ascii", "--format={p} <{f}>"])
            .args(["--target", target.triple()])
            .args(self.options.manifest.arguments())
            .args(selection)
            .args(self.options.compilation.settings())
            .with_given(&self.config.environment);
        let output = self.workspace.cached(&command, || self.key())?;
        let tree = Tree::parse(&output);
        let root = |package: &&Package| format!("{} v{}", package.name, package.version);
        let roots: Vec<String> = packages.iter().map(root).collect();
        let compiling = tree.path(&roots, |krate, helpers, _| compiles(krate, helpers));
        let environment = &self.config.environment;
        let library = |krate: &str, features: &BTreeSet<String>| {
            let library = SystemLibrary::of(name(krate), features, environment);
            library.filter(|library| !library.is_given(target, environment))
        };
        let linking = tree.path(&roots, |krate, _, features| {
            library(krate, features).is_some()
        });
        let linking = linking.map(|path| {
            let krate = path.last().map_or("", String::as_str);
            let features = tree.features(krate);
            let library = features.and_then(|features| library(krate, features));
            NativeCrate { path, library }
        });
        let compiling = compiling.map(|path| NativeCrate {
            path,
            library: None,
        });
        Ok(compiling.into_iter().chain(linking).collect())
    }
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

fn may_be_native(lockfile: &Lockfile) -> bool {
    lockfile.packages.iter().any(|package| {
        SystemLibrary::is_known(package.name())
            || !NOT_ON_LINUX.contains(&package.name())
                && package
                    .dependencies()
                    .any(|dependency| COMPILERS.contains(&dependency))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lockfile(text: &str) -> Lockfile {
        Lockfile::parse(text.to_owned()).unwrap()
    }

    #[test]
    fn a_lockfile_without_compilers_needs_no_closer_look() {
        assert!(!may_be_native(&lockfile("version = 4")));
        assert!(!may_be_native(&lockfile(
            "[[package]]\nname = 'iana-time-zone-haiku'\ndependencies = ['cc']\n\
             [[package]]\nname = 'cc'\n[[package]]\nname = 'a'\ndependencies = ['cc-like']"
        )));
    }

    #[test]
    fn a_lockfile_with_a_crate_that_may_compile_c_does() {
        for dependency in ["cc", "cc 1.2.3", "cmake 0.1.5 (registry+https://example)"] {
            let text = format!("[[package]]\nname = 'ring'\ndependencies = ['{dependency}']");
            assert!(may_be_native(&lockfile(&text)), "{dependency}");
        }
    }
}
