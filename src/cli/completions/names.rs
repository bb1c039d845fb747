//! The names of the workspace in the current folder that an argument can take.

use std::collections::BTreeSet;
use std::ffi::OsString;

use camino::Utf8PathBuf;
use cargo_metadata::{Metadata, Package, Target};
use clap::{ArgMatches, CommandFactory};

use super::super::{Cli, pages};
use crate::cargo::{self, LAMBDA_PROFILE, ManifestOptions};
use crate::config::ManifestFile;

/// The part of a command line that says which workspace and which packages are meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Selection {
    manifest: Option<Utf8PathBuf>,
    packages: Vec<String>,
    /// The words of the manual page that is asked for; the last one may be incomplete.
    page: Vec<String>,
}

impl Selection {
    /// Reads it from the words of a command line, which may be incomplete.
    pub(super) fn of(words: &[OsString]) -> Self {
        let command = Cli::command().ignore_errors(true);
        let Ok(matches) = command.try_get_matches_from(words) else {
            return Self::default();
        };
        let mut innermost: &ArgMatches = &matches;
        while let Some((_, inner)) = innermost.subcommand() {
            innermost = inner;
        }
        let manifest = innermost.try_get_one::<Utf8PathBuf>("manifest_path");
        let texts = |id| {
            let texts = innermost.try_get_many::<String>(id).ok().flatten();
            texts.into_iter().flatten().cloned().collect()
        };
        Self {
            manifest: manifest.ok().flatten().cloned(),
            packages: texts("package"),
            page: texts("command"),
        }
    }

    /// The workspace as Cargo sees it; `None` outside of a project.
    fn metadata(&self) -> Option<Metadata> {
        let options = ManifestOptions {
            manifest_path: self.manifest.clone(),
            ..ManifestOptions::default()
        };
        cargo::metadata(&options).ok()
    }

    /// The names that `of` finds in each selected package. Without a known package among those that
    /// are selected, all packages are.
    fn names(&self, of: impl Fn(&Package) -> Vec<String>) -> Vec<String> {
        let Some(metadata) = self.metadata() else {
            return Vec::new();
        };
        let is_selected = |package: &Package| self.packages.contains(&package.name.to_string());
        let some = metadata.packages.iter().any(is_selected);
        let packages = metadata.packages.iter();
        let packages = packages.filter(|package| !some || is_selected(package));
        let names: BTreeSet<String> = packages.flat_map(of).collect();
        names.into_iter().collect()
    }

    pub(super) fn packages(&self) -> Vec<String> {
        let every = Self {
            packages: Vec::new(),
            ..self.clone()
        };
        every.names(|package| vec![package.name.to_string()])
    }

    pub(super) fn bins(&self) -> Vec<String> {
        self.targets(Target::is_bin)
    }

    pub(super) fn examples(&self) -> Vec<String> {
        self.targets(Target::is_example)
    }

    fn targets(&self, is_meant: fn(&Target) -> bool) -> Vec<String> {
        self.names(|package| {
            let targets = package.targets.iter().filter(|target| is_meant(target));
            targets.map(|target| target.name.clone()).collect()
        })
    }

    pub(super) fn features(&self) -> Vec<String> {
        self.names(|package| package.features.keys().cloned().collect())
    }

    /// The profiles of the manifest and those that always exist.
    pub(super) fn profiles(&self) -> Vec<String> {
        let root = self.metadata().map(|metadata| metadata.workspace_root);
        let manifest = root.and_then(|root| ManifestFile::read(&root.join("Cargo.toml")).ok());
        let defined = manifest.map(|manifest| manifest.profiles());
        let defined = defined.iter().flat_map(toml::Table::keys).cloned();
        let always = [LAMBDA_PROFILE, "release", "dev"].map(str::to_owned);
        let names: BTreeSet<String> = defined.chain(always).collect();
        names.into_iter().collect()
    }

    /// The words that can stand next in the name of a manual page.
    pub(super) fn pages(&self) -> Vec<String> {
        let before = &self.page[..self.page.len().saturating_sub(1)];
        let pages = pages();
        let next = pages.iter().filter_map(|page| {
            let mut words = page.command.split_whitespace();
            let fits = before.iter().all(|word| words.next() == Some(word));
            words.next().filter(|_| fits).map(str::to_owned)
        });
        let next: BTreeSet<String> = next.collect();
        next.into_iter().collect()
    }

    /// The layers that are configured.
    pub(super) fn layers(&self) -> Vec<String> {
        self.tables("layer", |_| true)
    }

    /// The layers that are configured, and the extensions, which are layers of functions too.
    pub(super) fn layers_of_functions(&self) -> Vec<String> {
        let mut names = self.layers();
        names.extend(self.tables("bin", |table| table["kind"] == "extension"));
        names
    }

    /// The names of the tables below `key` of this tool's tables for which `is_meant` is true.
    fn tables(&self, key: &str, is_meant: fn(&serde_json::Value) -> bool) -> Vec<String> {
        let Some(metadata) = self.metadata() else {
            return Vec::new();
        };
        let packages = metadata.packages.iter().map(|package| &package.metadata);
        let owners = packages.chain([&metadata.workspace_metadata]);
        let tables = owners.filter_map(|owner| owner["lambda-zip"][key].as_object());
        let tables = tables.flatten().filter(|(_, table)| is_meant(table));
        tables.map(|(name, _)| name.clone()).collect()
    }
}
