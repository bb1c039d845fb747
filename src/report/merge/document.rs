//! A report that is read from a file.

use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde_json::{Map, Value};

use super::paths;
use super::schema::Schema;
use crate::cargo::Partition;
use crate::error::{Error, Result};
use crate::paths::normalized;
use crate::report::file::real_folder;
use crate::report::model::VERSION;

/// A report with absolute paths. It may have keys that this version does not know.
pub(super) struct Document {
    /// The path of the file, as the user names it.
    pub(super) source: Utf8PathBuf,
    /// The path of the file by its one name.
    pub(super) real_path: Utf8PathBuf,
    /// The share of the packages that the report is about; `None` for a run for all of them.
    pub(super) partition: Option<Partition>,
    pub(super) keys: Map<String, Value>,
}

impl Document {
    /// Reads the report at `source`, which is relative to `current_folder`.
    ///
    /// # Errors
    /// [`Error::MissingFile`], [`Error::Io`], or [`Error::Usage`] for anything but a report of this
    /// version that the `schema` takes.
    pub(super) fn read(
        source: &Utf8Path,
        current_folder: &Utf8Path,
        schema: &Schema,
    ) -> Result<Self> {
        let path = current_folder.join(source);
        let no_report = |why: &str| refused(source, &format!("is not a report: {why}"));
        let value = serde_json::from_slice(&read(source, &path)?);
        let value: Value = value.map_err(|why| no_report(&why.to_string()))?;
        check_version(&value, source)?;
        schema
            .check(&value)
            .map_err(|difference| no_report(&difference.to_string()))?;
        let Value::Object(mut keys) = value else {
            return Err(no_report("it is no JSON object"));
        };
        let partition = keys.shift_remove("partition");
        let partition = partition.as_ref().and_then(Value::as_str);
        let partition = partition.map(|text| text.parse().map_err(|why: String| no_report(&why)));
        let partition = partition.transpose()?;
        let real_path = path.canonicalize_utf8().unwrap_or(path);
        let folder = real_folder(real_path.parent().unwrap_or(&real_path));
        paths::change(&mut keys, |path| normalized(&folder.join(path)));
        Ok(Self {
            source: source.to_owned(),
            real_path,
            partition,
            keys,
        })
    }

    /// The items of a key that is a list; none if there is no such key.
    pub(super) fn list(&self, key: &str) -> &[Value] {
        list(&self.keys, key)
    }
}

/// The items of a key of `keys` that is a list; none if there is no such key.
pub(super) fn list<'a>(keys: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    let list = keys.get(key).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// The contents of a file. A pipe, which may never end, is no file.
fn read(source: &Utf8Path, path: &Utf8Path) -> Result<Vec<u8>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(_) if !Path::new(path).exists() => {
            return Err(Error::MissingFile {
                what: "the report",
                path: source.to_string(),
            });
        }
        Err(why) => return Err(Error::io("could not read a report")(why)),
    };
    if metadata.is_dir() {
        return Err(refused(source, "is a folder"));
    }
    if !metadata.is_file() {
        return Err(refused(source, "is not a regular file"));
    }
    fs::read(path).map_err(Error::io("could not read a report"))
}

/// Refuses a document of another version.
fn check_version(report: &Value, source: &Utf8Path) -> Result<()> {
    let Some(version) = report["version"].as_u64() else {
        return Err(refused(
            source,
            "is not a report: it has no number as `version`",
        ));
    };
    if version != u64::from(VERSION) {
        return Err(Error::usage(
            format!(
                "`{source}` is a report of version {version}; this tool reads version {VERSION}"
            ),
            "merge the reports with the version of the tool that wrote them",
        ));
    }
    Ok(())
}

fn refused(source: &Utf8Path, why: &str) -> Error {
    Error::usage(
        format!("`{source}` {why}"),
        "name files that `--report FILE` or `--message-format json` has written",
    )
}
