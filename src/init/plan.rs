//! The changes that `init` makes, and its notes.

use std::collections::BTreeMap;
use std::{iter, mem};

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::Metadata;
use toml_edit::{Item, Table};

use super::carry::{Fate, NewTable, Note, Place, carry};
use super::edit::with_table;
use super::source::{Root, Source, sources};
use crate::cargo;
use crate::config::{ManifestFile, Owner};
use crate::error::{Error, Result};
use crate::lambda::{Architecture, Runtime};

/// The line above a table that carries nothing over.
const HINT: &str =
    "\n# The keys are the names of the flags that `cargo lambda-zip --help` lists.\n";

/// The manifests that are written, and what becomes of cargo-lambda's configuration.
pub(crate) struct InitPlan {
    pub(crate) changes: Vec<Change>,
    pub(crate) notes: Vec<Note>,
}

/// A manifest with a new table.
pub(crate) struct Change {
    pub(crate) path: Utf8PathBuf,
    /// The name of the table.
    pub(crate) table: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// The new tables of one manifest.
#[derive(Default)]
struct NewTables {
    all: NewTable,
    bins: BTreeMap<String, NewTable>,
}

/// Plans the configuration of a workspace.
///
/// # Errors
/// [`Error::Usage`] if there is a table already, or if a manifest cannot be edited;
/// [`Error::Io`] if a file cannot be read.
pub(crate) fn plan(metadata: &Metadata) -> Result<InitPlan> {
    refuse_existing(metadata)?;
    let root = root(metadata)?;
    let mut tables: BTreeMap<(Utf8PathBuf, Owner), NewTables> = BTreeMap::new();
    let mut notes: Vec<Note> = Vec::new();
    for source in sources(metadata, &root)? {
        let bins = bins_of(metadata, &source.manifest, source.owner);
        if let Some(bin) = source
            .bin
            .as_ref()
            .filter(|bin| !bins.contains(&bin.as_str()))
        {
            notes.push(Note {
                source: source.name.clone(),
                key: format!("bin.{bin}"),
                fate: Fate::Left("no package has a binary of this name".to_owned()),
            });
            continue;
        }
        let place = Place {
            root: &source.folder,
            folder: source.manifest.parent().unwrap_or(&metadata.workspace_root),
            is_of_one: source.bin.is_some() || (source.owner == Owner::Package && bins.len() == 1),
        };
        let new = tables
            .entry((source.manifest.clone(), source.owner))
            .or_default();
        carry(&source, &place, new.of(&source));
    }
    for note in tables.values_mut().flat_map(NewTables::take_notes) {
        // Two packages can have a binary of one name.
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    tables.retain(|_, new| !new.is_empty());
    if tables.is_empty() {
        let mut new = NewTables::default();
        new.all.table = starter();
        tables.insert((root.manifest, root.owner), new);
    }
    let mut changes: Vec<Change> = Vec::new();
    for ((path, owner), new) in tables {
        // A root can have two tables, one for itself and one for all packages.
        let last = changes.last().filter(|change| change.path == path);
        let (before, text) = match last {
            Some(last) => (last.before.clone(), last.after.clone()),
            None => ManifestFile::read(&path)
                .map(|file| (file.text().to_owned(), file.text().to_owned()))?,
        };
        let mut change = change(&path, owner, new, &text, metadata)?;
        if let Some(last) = changes.pop_if(|change| change.path == path) {
            change.table = format!("{} and {}", last.table, change.table);
        }
        changes.push(Change { before, ..change });
    }
    Ok(InitPlan { changes, notes })
}

impl NewTables {
    fn of(&mut self, source: &Source) -> &mut NewTable {
        match &source.bin {
            None => &mut self.all,
            Some(bin) => self.bins.entry(bin.clone()).or_default(),
        }
    }

    fn take_notes(&mut self) -> Vec<Note> {
        let tables = iter::once(&mut self.all).chain(self.bins.values_mut());
        tables.flat_map(|new| mem::take(&mut new.notes)).collect()
    }

    fn is_empty(&self) -> bool {
        let mut tables = iter::once(&self.all).chain(self.bins.values());
        tables.all(|new| new.table.is_empty())
    }

    fn into_table(self) -> Table {
        let mut all = self.all.table;
        let mut bins = Table::new();
        bins.set_implicit(true);
        bins.extend(self.bins.into_iter().map(|(bin, new)| (bin, new.table)));
        bins.retain(|_, bin| !bin.as_table().is_some_and(Table::is_empty));
        if !bins.is_empty() {
            all.set_implicit(all.is_empty());
            all.insert("bin", Item::Table(bins));
        }
        all
    }
}

/// The manifest with its new table, which this tool reads without an error.
fn change(
    path: &Utf8Path,
    owner: Owner,
    new: NewTables,
    text: &str,
    metadata: &Metadata,
) -> Result<Change> {
    let table = format!("[{}.metadata.lambda-zip]", owner.name());
    let after = with_table(text, owner, new.into_table()).ok_or_else(|| {
        Error::usage(
            format!("could not add `{table}` to `{path}`"),
            "add it by hand",
        )
    })?;
    let edited = ManifestFile::of(path.to_owned(), after.clone());
    edited.table(owner, &bins_of(metadata, path, owner))?;
    Ok(Change {
        path: path.to_owned(),
        table,
        before: text.to_owned(),
        after,
    })
}

/// The table of a project that has no configuration.
fn starter() -> Table {
    let mut table = Table::new();
    let architectures: toml_edit::Array = [Architecture::default().name()].into_iter().collect();
    table["architectures"] = toml_edit::value(architectures);
    table["runtime"] = toml_edit::value(Runtime::default().name());
    table.decor_mut().set_prefix(HINT);
    table
}

/// The names of the binaries that a table may name.
fn bins_of<'m>(metadata: &'m Metadata, manifest: &Utf8Path, owner: Owner) -> Vec<&'m str> {
    let packages = metadata.workspace_packages().into_iter();
    let packages =
        packages.filter(|package| owner == Owner::Workspace || package.manifest_path == manifest);
    let targets = packages.flat_map(|package| &package.targets);
    let bins = targets.filter(|target| cargo::is_executable(target));
    bins.map(|target| target.name.as_str()).collect()
}

/// The manifest of the workspace. Its table is that of the workspace, if there is one.
fn root(metadata: &Metadata) -> Result<Root> {
    let manifest = metadata.workspace_root.join("Cargo.toml");
    let owner = match ManifestFile::read(&manifest)?.workspace() {
        Some(_) => Owner::Workspace,
        None => Owner::Package,
    };
    Ok(Root { manifest, owner })
}

/// Refuses a workspace that has a table for this tool.
fn refuse_existing(metadata: &Metadata) -> Result<()> {
    let root = metadata.workspace_root.join("Cargo.toml");
    let found = if cargo::has_table(&metadata.workspace_metadata) {
        Some((&root, Owner::Workspace))
    } else {
        let packages = metadata.workspace_packages().into_iter();
        let mut packages = packages.filter(|package| cargo::has_metadata(package));
        packages
            .next()
            .map(|package| (&package.manifest_path, Owner::Package))
    };
    match found {
        None => Ok(()),
        Some((path, owner)) => Err(Error::usage(
            format!(
                "`{path}` already has a `[{}.metadata.lambda-zip]`",
                owner.name()
            ),
            "edit it: `init` writes only the first one",
        )),
    }
}
