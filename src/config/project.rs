//! The tables that hold in a folder, for what can do without Cargo: manifests are found as Cargo
//! finds them, and read only where they say anything to this tool.

use camino::{Utf8Path, Utf8PathBuf};
use toml::Spanned;
use toml::de::DeValue;

use super::manifest::{ManifestFile, Owner, find};
use super::partial_settings::Layer;
use crate::error::{Error, Result};
use crate::paths::normalized;

/// The name of manifests.
const NAME: &str = "Cargo.toml";

/// What the workspace and the package in `folder` say, or those of the manifest that is named: the
/// weakest first, and nothing outside of any project.
///
/// # Errors
/// What is wrong in a table; in a manifest that is named, also what keeps it from being read.
pub(crate) fn layers_in(folder: &Utf8Path, named: Option<&Utf8Path>) -> Result<Vec<Layer>> {
    let manifest = match named {
        Some(path) => Some(named_manifest(&normalized(&folder.join(path)))?),
        None => manifest_in(folder.ancestors())?,
    };
    let Some(manifest) = manifest else {
        return Ok(Vec::new());
    };
    let mut layers = Vec::new();
    if manifest.workspace().is_some() {
        layers.push(manifest.common(Owner::Workspace)?);
    } else if let Some(root) = root_of(&manifest)? {
        layers.push(root.common(Owner::Workspace)?);
    }
    layers.push(manifest.common(Owner::Package)?);
    Ok(layers)
}

fn named_manifest(path: &Utf8Path) -> Result<ManifestFile> {
    if !path.exists() {
        return Err(Error::MissingFile {
            what: "the manifest",
            path: path.to_string(),
        });
    }
    let manifest = ManifestFile::read(path)?;
    manifest.parse()?;
    Ok(manifest)
}

/// The manifest in the first of `folders` that has one.
fn manifest_in<'a>(folders: impl Iterator<Item = &'a Utf8Path>) -> Result<Option<ManifestFile>> {
    let mut paths = folders.map(|folder| folder.join(NAME));
    let path = paths.find(|path| path.is_file());
    path.map(|path| ManifestFile::read(&path)).transpose()
}

/// The manifest of the workspace that a package belongs to, if to any.
///
/// Source: `find_root` and `is_excluded` in Cargo's `core/workspace.rs`.
fn root_of(member: &ManifestFile) -> Result<Option<ManifestFile>> {
    let folder = member.path.parent().unwrap_or(Utf8Path::new(""));
    if let Some(root) = member.named_root() {
        return ManifestFile::read(&normalized(&folder.join(root)).join(NAME)).map(Some);
    }
    for outer in folder.ancestors().skip(1) {
        let Some(manifest) = manifest_in(std::iter::once(outer))? else {
            continue;
        };
        match manifest.workspace() {
            Some(workspace) if !excludes(&workspace, outer, folder) => return Ok(Some(manifest)),
            _ => {}
        }
    }
    Ok(None)
}

/// Whether a workspace at `root` leaves out what is in `folder`.
fn excludes(workspace: &toml::Table, root: &Utf8Path, folder: &Utf8Path) -> bool {
    let names = |key: &str| {
        let paths = workspace.get(key).and_then(toml::Value::as_array);
        let mut paths = paths.into_iter().flatten().filter_map(toml::Value::as_str);
        paths.any(|path| folder.starts_with(normalized(&root.join(path))))
    };
    names("exclude") && !names("members")
}

impl ManifestFile {
    /// What the owner's `metadata.lambda-zip` says of all binaries, paths in it relative to this
    /// manifest. One that says nothing to this tool may be as broken as it likes.
    fn common(&self, owner: Owner) -> Result<Layer> {
        if !self.text.contains("lambda-zip") {
            return Ok(Layer::default());
        }
        let document = self.parse()?;
        let Some(found) = find(document.get_ref(), owner) else {
            return Ok(Layer::default());
        };
        let mut table = self.own_table(found)?;
        let keys = ["bin", "layer"];
        for key in keys {
            table.remove(key);
        }
        let table = Spanned::new(found.span(), DeValue::Table(table));
        self.layer(&table, &keys)
    }

    /// The `[workspace]` of a root. A manifest that Cargo could not read is none.
    fn workspace(&self) -> Option<toml::Table> {
        let document: toml::Table = toml::from_str(&self.text).ok()?;
        document.get("workspace")?.as_table().cloned()
    }

    /// Where `package.workspace` says that the root is.
    fn named_root(&self) -> Option<Utf8PathBuf> {
        let document: toml::Table = toml::from_str(&self.text).ok()?;
        let root = document.get("package")?.get("workspace")?.as_str()?;
        Some(root.into())
    }
}

#[cfg(test)]
mod tests {
    use fs_err as fs;

    use super::*;

    /// The runtimes that the tables say, the weakest first.
    fn layers(files: &[(&str, &str)], folder: &str) -> Vec<bool> {
        let root = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(root.path()).unwrap();
        for (name, text) in files {
            fs::create_dir_all(path.join(name).parent().unwrap()).unwrap();
            fs::write(path.join(name), text).unwrap();
        }
        fs::create_dir_all(path.join(folder)).unwrap();
        let layers = layers_in(&path.join(folder), None).unwrap();
        layers.iter().map(|layer| layer.runtime.is_some()).collect()
    }

    const ROOT: &str = "[workspace]\nmembers = ['a']\nexclude = ['out']\n\
         [workspace.metadata.lambda-zip]\nruntime = 'provided.al2'\n";
    const MEMBER: &str = "[package]\nname = 'a'\n[package.metadata.lambda-zip]\n\
                          runtime = 'provided.al2'\n[package.metadata.lambda-zip.bin.b]\nx = 1\n";
    const BARE: &str = "[package]\nname = 'a'\n";

    #[test]
    fn manifests_are_found_as_cargo_finds_them() {
        assert!(layers(&[], "a").is_empty());
        assert_eq!(layers(&[("Cargo.toml", ROOT)], ""), [true, false]);
        let both = [("Cargo.toml", ROOT), ("a/Cargo.toml", MEMBER)];
        assert_eq!(layers(&both, "a/src"), [true, true]);
        let excluded = [("Cargo.toml", ROOT), ("out/Cargo.toml", MEMBER)];
        assert_eq!(layers(&excluded, "out"), [true]);
        let pointer = "[package]\nname = 'x'\nworkspace = '../root'\n";
        let apart = [("root/Cargo.toml", ROOT), ("x/Cargo.toml", pointer)];
        assert_eq!(layers(&apart, "x"), [true, false]);
        let alone = [("Cargo.toml", BARE), ("a/Cargo.toml", BARE)];
        assert_eq!(layers(&alone, "a"), [false]);
    }

    #[test]
    fn what_is_broken_without_a_table_is_none_of_our_business() {
        assert_eq!(layers(&[("Cargo.toml", "[package\n")], ""), [false]);
    }
}
