//! The configuration of cargo-lambda in a workspace.
//!
//! Source: `cargo-lambda-metadata` of cargo-lambda 1.9: the tables `[package.metadata.lambda]` and
//! `[workspace.metadata.lambda]`, and the file `CargoLambda.toml`, each with `build`, `deploy`,
//! `watch`, `env` and, in the tables, `bin.NAME` with the same four.

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::Metadata;
use fs_err as fs;
use serde_json::Value;

use crate::cargo;
use crate::config::Owner;
use crate::error::{Error, Result};

/// The name of cargo-lambda's own file.
const FILE: &str = "CargoLambda.toml";
/// The keys of one configuration.
const SECTIONS: [&str; 5] = ["build", "deploy", "watch", "env", "bin"];

/// One configuration of cargo-lambda, and the table of this tool that takes its place.
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
    /// `build`, `deploy`, `watch` and `env`, and contexts.
    pub(super) config: Value,
}

/// All configurations of cargo-lambda, those of lower precedence first.
///
/// # Errors
/// [`Error::Io`] or [`Error::Usage`] if `CargoLambda.toml` cannot be read.
pub(super) fn sources(metadata: &Metadata, root: &Root) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    if let Some(config) = file(&metadata.workspace_root)? {
        let name = FILE.to_owned();
        sources.extend(with_bins(
            name,
            root,
            &root.manifest,
            root.owner,
            config,
            metadata,
        ));
    }
    let workspace = metadata.workspace_metadata.get("lambda").cloned();
    if let Some(config) = workspace {
        let name = "[workspace.metadata.lambda]".to_owned();
        sources.extend(with_bins(
            name,
            root,
            &root.manifest,
            Owner::Workspace,
            config,
            metadata,
        ));
    }
    for package in metadata.workspace_packages() {
        let manifest = &package.manifest_path;
        let folder = manifest.parent().unwrap_or(&metadata.workspace_root);
        // In the folder of a member, cargo-lambda reads the file there.
        if folder != metadata.workspace_root
            && let Some(config) = file(folder)?
        {
            let name = folder
                .strip_prefix(&metadata.workspace_root)
                .unwrap_or(folder);
            let name = name.join(FILE).to_string();
            let own = with_bins(name, root, manifest, Owner::Package, config, metadata);
            sources.extend(own.into_iter().map(|source| Source {
                folder: folder.to_owned(),
                ..source
            }));
        }
        if let Some(config) = package.metadata.get("lambda").cloned() {
            let name = "[package.metadata.lambda]".to_owned();
            sources.extend(with_bins(
                name,
                root,
                manifest,
                Owner::Package,
                config,
                metadata,
            ));
        }
    }
    Ok(sources)
}

/// The manifest at the root of the workspace, and the section that has the table for all packages.
pub(super) struct Root {
    pub(super) manifest: Utf8PathBuf,
    pub(super) owner: Owner,
}

/// A configuration for all binaries, and those of single binaries in it.
fn with_bins(
    name: String,
    root: &Root,
    manifest: &Utf8Path,
    owner: Owner,
    mut config: Value,
    metadata: &Metadata,
) -> Vec<Source> {
    let bins = config.get("bin").and_then(Value::as_object).cloned();
    if let (Some(_), Some(table)) = (&bins, config.as_object_mut()) {
        table.remove("bin");
    }
    let of_bin = |(bin, config): (String, Value)| {
        let own = || manifest_with(&bin, manifest, owner, metadata);
        Source {
            name: format!("{}.bin.{bin}]", name.trim_end_matches(']')),
            manifest: own().unwrap_or_else(|| root.manifest.clone()),
            owner: Owner::Package,
            folder: metadata.workspace_root.clone(),
            bin: Some(bin),
            config,
        }
    };
    let bins: Vec<Source> = bins.into_iter().flatten().map(of_bin).collect();
    let all = Source {
        name,
        manifest: manifest.to_owned(),
        owner,
        folder: metadata.workspace_root.clone(),
        bin: None,
        config,
    };
    std::iter::once(all).chain(bins).collect()
}

/// The manifest of the package with the binary `bin`: of this one, or of any for a workspace.
fn manifest_with(
    bin: &str,
    manifest: &Utf8Path,
    owner: Owner,
    metadata: &Metadata,
) -> Option<Utf8PathBuf> {
    let packages = metadata.workspace_packages().into_iter();
    let mut packages = packages.filter(|package| {
        let mut targets = package.targets.iter();
        let is_own = owner == Owner::Workspace || package.manifest_path == manifest;
        is_own && targets.any(|target| target.name == bin && cargo::is_executable(target))
    });
    packages.next().map(|package| package.manifest_path.clone())
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

/// The names of contexts: tables beside the known sections.
pub(super) fn contexts(config: &Value) -> Vec<String> {
    let keys = config
        .as_object()
        .into_iter()
        .flat_map(|table| table.keys());
    keys.filter(|key| !SECTIONS.contains(&key.as_str()))
        .cloned()
        .collect()
}
