//! A workspace as a value, and the files that it is.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::package::Package;
use super::random::Random;

#[derive(Clone)]
pub(super) struct Workspace {
    pub(super) packages: Vec<Package>,
    /// The first package lies in the folder of the workspace.
    has_root: bool,
    resolver: &'static str,
    default_members: Vec<String>,
    /// Paths in the folder of the workspace, which every package includes.
    pub(super) includes: Vec<String>,
    pub(super) compression: Option<&'static str>,
}

/// Whether packages may have binaries of equal names.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Names {
    Shared,
    Unique,
}

/// By their paths in the workspace, the texts of files.
pub(super) type Files = BTreeMap<String, String>;

const PACKAGES: [&str; 4] = ["api", "billing", "mail", "order-events"];
impl Workspace {
    pub(super) fn random(random: &mut Random, names: Names) -> Self {
        let count = 1 + random.below(PACKAGES.len());
        let mut packages: Vec<Package> = Vec::new();
        for name in &PACKAGES[..count] {
            packages.push(Package::random(random, name, &packages, names));
        }
        for index in 0..count {
            let name = packages[index].name.clone();
            let mut dependents = packages.iter().flat_map(|p| &p.dependencies);
            let is_used = dependents.any(|dependency| dependency.on == name);
            packages[index].has_library |= is_used;
        }
        let mut workspace = Self {
            packages,
            has_root: random.one_in(4),
            resolver: random.pick(&["1", "2", "2", "3"]),
            default_members: Vec::new(),
            includes: Vec::new(),
            compression: None,
        };
        if random.one_in(3) {
            let folders: Vec<String> = workspace.folders().collect();
            workspace.default_members = random.some(&folders, 2);
        }
        if random.one_in(2) {
            workspace.includes.push("gen".to_owned());
        }
        workspace
    }

    /// The folder of a package, from that of the workspace; empty for the same.
    pub(super) fn folder(&self, package: &Package) -> String {
        if self.has_root && package.name == self.packages[0].name {
            String::new()
        } else {
            format!("crates/{}", package.name)
        }
    }

    pub(super) fn folders(&self) -> impl Iterator<Item = String> {
        self.packages.iter().map(|package| self.folder(package))
    }

    pub(super) fn package(&self, name: &str) -> &Package {
        let mut packages = self.packages.iter();
        packages.find(|package| package.name == name).unwrap()
    }

    pub(super) fn files(&self) -> Files {
        let mut files = Files::new();
        for package in &self.packages {
            let folder = self.folder(package);
            for (path, text) in package.files() {
                let path = format!("{folder}/{path}");
                let text = self.with_paths(&folder, text);
                files.insert(path.trim_start_matches('/').to_owned(), text);
            }
        }
        let manifest = files.entry("Cargo.toml".to_owned()).or_default();
        manifest.push_str(&self.table());
        files
    }

    /// The text of a file in `folder`, with the folder of NAME in place of `@NAME`.
    fn with_paths(&self, folder: &str, text: String) -> String {
        let up = if folder.is_empty() { "." } else { "../.." };
        self.packages.iter().fold(text, |text, other| {
            let path = format!("\"{up}/{}\"", self.folder(other));
            text.replace(&format!("\"@{}\"", other.name), &path)
        })
    }

    fn table(&self) -> String {
        let members = self.folders().filter(|folder| !folder.is_empty());
        let members: Vec<String> = members.collect();
        let defaults = self.default_members.iter();
        let defaults: Vec<&str> = defaults
            .map(|f| if f.is_empty() { "." } else { f })
            .collect();
        let mut table = format!(
            "\n[workspace]\nresolver = \"{}\"\nmembers = {members:?}\n",
            self.resolver
        );
        if !defaults.is_empty() {
            writeln!(table, "default-members = {defaults:?}").unwrap();
        }
        table.push_str("[workspace.metadata.lambda-zip]\n");
        if !self.includes.is_empty() {
            writeln!(table, "include = {:?}", self.includes).unwrap();
        }
        if let Some(level) = self.compression {
            writeln!(table, "compression = \"{level}\"").unwrap();
        }
        table
    }

    /// What the compiler gives out, by the name that the stage knows it by: build scripts, and
    /// errors.
    pub(super) fn prepared(&self) -> Files {
        let mut prepared = Files::new();
        for package in &self.packages {
            if package.input.is_some() {
                let up = if self.folder(package).is_empty() {
                    "."
                } else {
                    "../.."
                };
                let script = format!(
                    "#!/bin/sh\nset -e\ncp in.txt {up}/gen/{}.txt\n\
                     echo cargo:rerun-if-changed=in.txt\n\
                     echo \"cargo:rustc-env=BUILD_MARK=$(cat in.txt)\"\n",
                    package.name
                );
                prepared.insert(format!("{}/build_script_build", package.name), script);
            }
            for program in package.programs.iter().filter(|p| p.is_broken) {
                let name = program.name.replace('-', "_");
                let error = "{\"$message_type\":\"diagnostic\",\"message\":\"broken\",\
                             \"code\":null,\"level\":\"error\",\"spans\":[],\"children\":[],\
                             \"rendered\":\"error: broken\\n\"}\n";
                prepared.insert(format!("{}/{name}.error", package.name), error.to_owned());
            }
        }
        prepared
    }
}
