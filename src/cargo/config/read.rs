//! The tables of Cargo's configuration in files and in `--config`.

use std::borrow::Borrow;
use std::path::{Path, PathBuf};

use camino::Utf8Path;
use fs_err as fs;

use crate::error::{Error, Result};
use crate::paths::is_endless;

/// A configuration file.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    /// The same without links.
    real: PathBuf,
    pub(crate) table: toml::Table,
    /// True if another file includes it.
    pub(crate) is_included: bool,
}

impl Borrow<toml::Table> for File {
    fn borrow(&self) -> &toml::Table {
        &self.table
    }
}

/// Appends a configuration file, and then the files it includes.
pub(crate) fn read_file(path: &Path, is_included: bool, files: &mut Vec<File>) -> Result<()> {
    // Cargo refuses a circle of includes; this only has to end.
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if is_included && files.iter().any(|file| file.real == real) {
        return Ok(());
    }
    if let Some(path) = Utf8Path::from_path(path).filter(|path| is_endless(path)) {
        let message = format!("`{path}` is a named pipe or a device, which may never end");
        let error = Error::usage(message, "let the configuration of Cargo be a file");
        return Err(error.about(path));
    }
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        // An include may be optional. Cargo reports one that is not.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("could not read Cargo's configuration")(error)),
    };
    // Cargo reports a broken file.
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let includes = includes(&table);
    files.push(File {
        path: path.to_owned(),
        real,
        table,
        is_included,
    });
    let folder = path.parent().unwrap_or(Path::new(""));
    read_included(&includes, folder, files)
}

/// Appends files that a file in `folder` includes.
fn read_included(includes: &[String], folder: &Path, files: &mut Vec<File>) -> Result<()> {
    for include in includes {
        read_file(&folder.join(include), true, files)?;
    }
    Ok(())
}

/// `include = "PATH"`, or a list of paths and of tables with a `path`.
fn includes(table: &toml::Table) -> Vec<String> {
    let path = |value: &toml::Value| {
        let path = value.get("path").unwrap_or(value).as_str();
        path.map(str::to_owned)
    };
    match table.get("include") {
        Some(toml::Value::Array(list)) => list.iter().rev().filter_map(path).collect(),
        Some(value) => path(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The table of `KEY=VALUE` or of a configuration file, then those of the files it includes.
pub(crate) fn read_override(text: &str, folder: &Utf8Path) -> Result<Vec<toml::Table>> {
    let mut files = Vec::new();
    let path = folder.join(text);
    if path.is_file() {
        read_file(path.as_std_path(), false, &mut files)?;
        return Ok(tables(files).collect());
    }
    let table = parse_override(text)?;
    read_included(&includes(&table), folder.as_std_path(), &mut files)?;
    Ok(std::iter::once(table).chain(tables(files)).collect())
}

fn tables(files: Vec<File>) -> impl Iterator<Item = toml::Table> {
    files.into_iter().map(|file| file.table)
}

fn parse_override(text: &str) -> Result<toml::Table> {
    toml::from_str(text).map_err(|error| {
        Error::usage(
            format!(
                "`--config {text}` is neither a file nor KEY=VALUE in TOML: {}",
                error.message()
            ),
            "strings need quotes of their own: --config 'build.target-dir=\"out\"'",
        )
    })
}
