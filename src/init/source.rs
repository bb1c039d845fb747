//! The configuration of cargo-lambda in a workspace.
//!
//! Source: `cargo-lambda-metadata` of cargo-lambda 1.9: the tables `[package.metadata.lambda]` and
//! `[workspace.metadata.lambda]` with `build`, `deploy`, `watch`, `env`, and `bin.NAME` with the same
//! four; and the file `CargoLambda.toml` with the four, also once more for each context.

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, Package};
use fs_err as fs;
use serde_json::Value;

use crate::cargo;
use crate::config::Owner;
use crate::error::{Error, Result};

/// The name of cargo-lambda's own file.
const FILE: &str = "CargoLambda.toml";

/// One configuration of cargo-lambda, and the table of this tool that takes its place.
#[derive(Clone)]
pub(super) struct Source {
    /// The name in messages: of its table or file.
    pub(super) name: String,
    /// The manifest that the new table belongs to.
    pub(super) manifest: Utf8PathBuf,
    pub(super) owner: Owner,
    /// The folder that its paths are relative to: the current one when cargo-lambda runs.
    pub(super) folder: Utf8PathBuf,
    /// The binary that it is about; `None` if it is about all of them.
    pub(super) bin: Option<String>,
    /// Its sections.
    pub(super) config: Value,
}

impl Source {
    /// True for `CargoLambda.toml`, which can have contexts, and no tables of binaries.
    pub(super) fn is_file(&self) -> bool {
        self.name.ends_with(FILE)
    }
}

/// All configurations of cargo-lambda, those of lower precedence first.
///
/// # Errors
/// [`Error::Io`] or [`Error::Usage`] if `CargoLambda.toml` cannot be read.
pub(super) fn sources(metadata: &Metadata, root: &Root) -> Result<Vec<Source>> {
    let top = &metadata.workspace_root;
    let all = |name: String, manifest: &Utf8Path, owner, folder: &Utf8Path, config| Source {
        name,
        manifest: manifest.to_owned(),
        owner,
        folder: folder.to_owned(),
        bin: None,
        config,
    };
    let in_manifest = |manifest: &Utf8Path, owner: Owner, config: &Value| {
        let name = format!("[{}.metadata.lambda]", owner.name());
        with_bins(
            all(name, manifest, owner, top, config.clone()),
            root,
            metadata,
        )
    };
    let mut sources = Vec::new();
    if let Some(config) = file(top)? {
        sources.push(all(
            FILE.to_owned(),
            &root.manifest,
            root.owner,
            top,
            config,
        ));
    }
    if let Some(config) = metadata.workspace_metadata.get("lambda") {
        sources.extend(in_manifest(&root.manifest, Owner::Workspace, config));
    }
    for package in metadata.workspace_packages() {
        let manifest = &package.manifest_path;
        let folder = manifest.parent().unwrap_or(top);
        // In the folder of a member, cargo-lambda reads the file there.
        if folder != top
            && let Some(config) = file(folder)?
        {
            let name = folder.strip_prefix(top).unwrap_or(folder).join(FILE);
            sources.push(all(name.into(), manifest, Owner::Package, folder, config));
        }
        if let Some(config) = package.metadata.get("lambda") {
            sources.extend(in_manifest(manifest, Owner::Package, config));
        }
    }
    Ok(sources)
}

/// The manifest at the root of the workspace, and the section that has the table for all packages.
pub(super) struct Root {
    pub(super) manifest: Utf8PathBuf,
    pub(super) owner: Owner,
}

/// A table for all binaries, and those of single binaries in it, each once for every package that has
/// a binary of that name.
fn with_bins(mut all: Source, root: &Root, metadata: &Metadata) -> Vec<Source> {
    let Some(Value::Object(bins)) = all.config.get("bin").cloned() else {
        return vec![all];
    };
    all.config.as_object_mut().map(|table| table.remove("bin"));
    let mut sources = vec![all.clone()];
    for (bin, config) in bins {
        let source = Source {
            name: format!("{}.bin.{bin}]", all.name.trim_end_matches(']')),
            bin: Some(bin.clone()),
            config,
            ..all.clone()
        };
        let mut manifests = manifests_with(&bin, &all, metadata);
        if manifests.is_empty() {
            manifests.push(root.manifest.clone());
        }
        sources.extend(manifests.into_iter().map(|manifest| Source {
            manifest,
            owner: Owner::Package,
            ..source.clone()
        }));
    }
    sources
}

/// The manifests of the packages with the binary `bin`: of those that the table is about.
fn manifests_with(bin: &str, table: &Source, metadata: &Metadata) -> Vec<Utf8PathBuf> {
    let has_it = |package: &&Package| {
        let mut targets = package.targets.iter();
        let is_own = table.owner == Owner::Workspace || package.manifest_path == table.manifest;
        is_own && targets.any(|target| target.name == bin && cargo::is_executable(target))
    };
    let packages = metadata.workspace_packages().into_iter();
    let packages = packages.filter(has_it);
    packages
        .map(|package| package.manifest_path.clone())
        .collect()
}

/// The contents of `CargoLambda.toml`, if there is one.
fn file(root: &Utf8Path) -> Result<Option<Value>> {
    let path = root.join(FILE);
    if !path.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(Error::io("could not read a configuration"))?;
    let config: Value = toml::from_str(&text)
        .map_err(|error| Error::usage(format!("could not read `{path}`: {error}"), None))?;
    Ok(Some(config))
}
