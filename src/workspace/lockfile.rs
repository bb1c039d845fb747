//! Cargo.lock: what depends on what.

use std::collections::BTreeSet;

use camino::Utf8Path;
use cargo_metadata::Package;
use fs_err as fs;
use serde::Deserialize;

/// The lockfile of a workspace.
pub(super) struct Lockfile {
    pub(super) text: String,
    pub(super) packages: Vec<LockedPackage>,
}

#[derive(Deserialize)]
pub(super) struct LockedPackage {
    name: String,
    /// Where it is from, unless it is a folder.
    source: Option<String>,
    /// `name`, `name version` or `name version (source)`
    #[serde(default)]
    dependencies: Vec<String>,
}

impl LockedPackage {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The names of what it depends on, for whatever system.
    pub(super) fn dependencies(&self) -> impl Iterator<Item = &str> {
        let names = self.dependencies.iter();
        names.map(|name| name.split(' ').next().unwrap_or(name))
    }
}

impl Lockfile {
    /// None if there is none, or none that can be read: Cargo is the one to judge it.
    pub(super) fn read(workspace_root: &Utf8Path) -> Option<Self> {
        Self::parse(fs::read_to_string(workspace_root.join("Cargo.lock")).ok()?)
    }

    pub(super) fn parse(text: String) -> Option<Self> {
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

    /// Whether no manifest of `members` has got a dependency since.
    pub(super) fn knows_dependencies_of(&self, members: &[Package]) -> bool {
        let known: BTreeSet<&str> = self.packages.iter().map(LockedPackage::name).collect();
        let mut dependencies = members.iter().flat_map(|package| &package.dependencies);
        dependencies.all(|dependency| known.contains(dependency.name.as_str()))
    }

    /// Whether all that it has of folders are `members`.
    pub(super) fn has_no_folder_but_those_of(&self, members: &[Package]) -> bool {
        let members: BTreeSet<&str> = members.iter().map(|p| p.name.as_str()).collect();
        let mut folders = self.packages.iter().filter(|p| p.source.is_none());
        folders.all(|package| members.contains(package.name()))
    }
}
