//! Cargo.lock: packages and their dependencies.

use std::collections::BTreeSet;

use camino::Utf8Path;
use cargo_metadata::Package;
use fs_err as fs;
use serde::Deserialize;

/// The lockfile of a workspace.
pub(crate) struct Lockfile {
    pub(crate) text: String,
    pub(crate) packages: Vec<LockedPackage>,
}

#[derive(Deserialize)]
pub(crate) struct LockedPackage {
    name: String,
    version: Option<String>,
    /// A registry or repository; `None` for a folder.
    source: Option<String>,
    /// `name`, `name version` or `name version (source)`
    #[serde(default)]
    dependencies: Vec<String>,
}

impl LockedPackage {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The names of its dependencies, on all systems.
    pub(crate) fn dependencies(&self) -> impl Iterator<Item = &str> {
        let names = self.dependencies.iter();
        names.map(|name| name.split(' ').next().unwrap_or(name))
    }
}

impl Lockfile {
    /// `None` if the file is missing or damaged: Cargo reports that.
    pub(crate) fn read(workspace_root: &Utf8Path) -> Option<Self> {
        Self::parse(fs::read_to_string(workspace_root.join("Cargo.lock")).ok()?)
    }

    pub(crate) fn parse(text: String) -> Option<Self> {
        #[derive(Deserialize)]
        struct Document {
            #[serde(default)]
            package: Vec<LockedPackage>,
        }
        let Document { package } = toml::from_str(&text).ok()?;
        Some(Self {
            text,
            packages: package,
        })
    }

    /// True if all packages in folders are `members`. A package elsewhere may have the name of a
    /// member, but not its version too: Cargo locks no two folders with one name and version.
    pub(crate) fn has_folders_of_members_only(&self, members: &[Package]) -> bool {
        let members: BTreeSet<(&str, String)> = members
            .iter()
            .map(|package| (package.name.as_str(), package.version.to_string()))
            .collect();
        let mut folders = self.packages.iter().filter(|p| p.source.is_none());
        folders.all(|package| {
            let version = package.version.clone().unwrap_or_default();
            members.contains(&(package.name(), version))
        })
    }

    /// True if the package `name` depends on one of `crates`, on any system and with any features. The
    /// dependencies of the crates `through` do not count.
    pub(crate) fn reaches(&self, name: &str, crates: &[&str], through: &[&str]) -> bool {
        let mut seen = BTreeSet::from([name]);
        let mut queue = vec![name];
        while let Some(name) = queue.pop() {
            let packages = self
                .packages
                .iter()
                .filter(|package| package.name() == name);
            for dependency in packages.flat_map(LockedPackage::dependencies) {
                if crates.contains(&dependency) {
                    return true;
                }
                if !through.contains(&dependency) && seen.insert(dependency) {
                    queue.push(dependency);
                }
            }
        }
        false
    }
}
