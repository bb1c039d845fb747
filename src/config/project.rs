//! The settings that hold in a folder, for commands that do not run Cargo. Manifests are found as
//! Cargo finds them, and read only if they may have a table for this tool.

use camino::{Utf8Path, Utf8PathBuf};
use toml::Spanned;
use toml::de::DeValue;

use super::manifest::{ManifestFile, Owner, find};
use super::report_path::ReportPath;
use super::settings_table::PartialSettings;
use crate::error::{Error, Result};
use crate::paths::normalized;

/// The name of manifests.
const NAME: &str = "Cargo.toml";

/// The settings of the workspace and the package of `folder`, or of the manifest that is named, the
/// lowest precedence first. Outside of a project there are none.
///
/// # Errors
/// [`Error::Manifest`] for a wrong table, and [`Error::MissingFile`] or [`Error::Io`] if the named
/// manifest cannot be read.
pub(crate) fn settings_in(
    folder: &Utf8Path,
    named: Option<&Utf8Path>,
) -> Result<Vec<PartialSettings>> {
    let manifest = match named {
        Some(path) => Some(named_manifest(&normalized(&folder.join(path)))?),
        None => manifest_in(folder.ancestors())?,
    };
    let Some(manifest) = manifest else {
        return Ok(Vec::new());
    };
    let mut sources = Vec::new();
    if manifest.workspace().is_some() {
        sources.push(manifest.common(Owner::Workspace)?);
    } else if let Some(root) = root_of(&manifest)? {
        sources.push(root.common(Owner::Workspace)?);
    }
    sources.push(manifest.common(Owner::Package)?);
    Ok(sources)
}

/// The path of the report in the manifest at the root of the workspace of `folder`, or of the
/// manifest that is named. A manifest that cannot be read names none: its error is that of the run.
pub(crate) fn report_in(folder: &Utf8Path, named: Option<&Utf8Path>) -> Option<Utf8PathBuf> {
    let manifest = match named {
        Some(path) => ManifestFile::read(&normalized(&folder.join(path))).ok(),
        None => manifest_in(folder.ancestors()).ok()?,
    }?;
    let root = match manifest.workspace() {
        Some(_) => manifest,
        None => root_of(&manifest).ok()?.unwrap_or(manifest),
    };
    if !root.text.contains("report") {
        return None;
    }
    let report = |owner| root.common(owner).ok()?.report;
    let report = report(Owner::Package).or_else(|| report(Owner::Workspace));
    report.map(ReportPath::into_path)
}

/// The report that `sources` name, or the manifest of the workspace as in [`report_in`].
pub(crate) fn report_of(
    sources: &[PartialSettings],
    folder: &Utf8Path,
    named: Option<&Utf8Path>,
) -> Option<Utf8PathBuf> {
    let of_sources = sources
        .iter()
        .rev()
        .find_map(|source| source.report.clone());
    let path = of_sources.map(ReportPath::into_path);
    path.or_else(|| report_in(folder, named))
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

/// The manifest of the workspace that a package belongs to; `None` if it belongs to none.
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

/// `true` if a workspace at `root` excludes the package in `folder`.
fn excludes(workspace: &toml::Table, root: &Utf8Path, folder: &Utf8Path) -> bool {
    let names = |key: &str| {
        let paths = workspace.get(key).and_then(toml::Value::as_array);
        let mut paths = paths.into_iter().flatten().filter_map(toml::Value::as_str);
        paths.any(|path| folder.starts_with(normalized(&root.join(path))))
    };
    names("exclude") && !names("members")
}

impl ManifestFile {
    /// The settings for all binaries in the owner's `metadata.lambda-zip`. A manifest that does not
    /// mention this tool is not parsed: it may be broken.
    fn common(&self, owner: Owner) -> Result<PartialSettings> {
        if !self.text.contains("lambda-zip") {
            if let Ok(document) = self.parse() {
                self.check_name(document.get_ref(), owner)?;
            }
            return Ok(PartialSettings::default());
        }
        let document = self.parse()?;
        self.check_name(document.get_ref(), owner)?;
        let Some(found) = find(document.get_ref(), owner) else {
            return Ok(PartialSettings::default());
        };
        let mut table = self.own_table(found)?;
        let keys = ["bin", "layer"];
        for key in keys {
            table.remove(key);
        }
        let table = Spanned::new(found.span(), DeValue::Table(table));
        self.settings(&table, &keys)
    }

    /// The `[workspace]` table; `None` also if Cargo could not read the manifest.
    pub(crate) fn workspace(&self) -> Option<toml::Table> {
        let document: toml::Table = toml::from_str(&self.text).ok()?;
        document.get("workspace")?.as_table().cloned()
    }

    /// The path of the root in `package.workspace`.
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

    /// For each table, the lowest precedence first: `true` if it gives a runtime.
    fn runtimes(files: &[(&str, &str)], folder: &str) -> Vec<bool> {
        let root = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(root.path()).unwrap();
        for (name, text) in files {
            fs::create_dir_all(path.join(name).parent().unwrap()).unwrap();
            fs::write(path.join(name), text).unwrap();
        }
        fs::create_dir_all(path.join(folder)).unwrap();
        let sources = settings_in(&path.join(folder), None).unwrap();
        let runtimes = sources.iter().map(|source| source.runtime.is_some());
        runtimes.collect()
    }

    const ROOT: &str = "[workspace]\nmembers = ['a']\nexclude = ['out']\n\
         [workspace.metadata.lambda-zip]\nruntime = 'provided.al2'\n";
    const MEMBER: &str = "[package]\nname = 'a'\n[package.metadata.lambda-zip]\n\
                          runtime = 'provided.al2'\n[package.metadata.lambda-zip.bin.b]\nx = 1\n";
    const BARE: &str = "[package]\nname = 'a'\n";

    #[test]
    fn manifests_are_found_as_cargo_finds_them() {
        assert!(runtimes(&[], "a").is_empty());
        assert_eq!(runtimes(&[("Cargo.toml", ROOT)], ""), [true, false]);
        let both = [("Cargo.toml", ROOT), ("a/Cargo.toml", MEMBER)];
        assert_eq!(runtimes(&both, "a/src"), [true, true]);
        let excluded = [("Cargo.toml", ROOT), ("out/Cargo.toml", MEMBER)];
        assert_eq!(runtimes(&excluded, "out"), [true]);
        let pointer = "[package]\nname = 'x'\nworkspace = '../root'\n";
        let apart = [("root/Cargo.toml", ROOT), ("x/Cargo.toml", pointer)];
        assert_eq!(runtimes(&apart, "x"), [true, false]);
        let alone = [("Cargo.toml", BARE), ("a/Cargo.toml", BARE)];
        assert_eq!(runtimes(&alone, "a"), [false]);
    }

    #[test]
    fn the_report_is_named_by_the_manifest_at_the_root() {
        let root = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(root.path()).unwrap();
        let report = "report = 'out/r.json'\n";
        let write = |name: &str, text: &str| {
            fs::create_dir_all(path.join(name).parent().unwrap()).unwrap();
            fs::write(path.join(name), text).unwrap();
        };
        write("Cargo.toml", &format!("{ROOT}{report}"));
        write("a/Cargo.toml", BARE);
        write("out/Cargo.toml", BARE);
        let expected = Some(path.join("out/r.json"));
        assert_eq!(report_in(path, None), expected);
        assert_eq!(report_in(&path.join("a/src"), None), expected);
        let named = report_in(Utf8Path::new("/"), Some(&path.join("a/Cargo.toml")));
        assert_eq!(named, expected);
        assert_eq!(report_in(&path.join("out"), None), None);
        let table = format!("[package.metadata.lambda-zip]\n{report}");
        write("out/Cargo.toml", &format!("{BARE}{table}"));
        assert_eq!(
            report_in(&path.join("out"), None),
            Some(path.join("out/out/r.json"))
        );
        write("a/Cargo.toml", &format!("{BARE}{table}"));
        write("Cargo.toml", ROOT);
        assert_eq!(report_in(&path.join("a"), None), None);
        assert_eq!(report_in(path, Some(Utf8Path::new("none.toml"))), None);
    }

    #[test]
    fn a_broken_manifest_that_does_not_mention_the_tool_is_ignored() {
        assert_eq!(runtimes(&[("Cargo.toml", "[package\n")], ""), [false]);
    }
}
