//! One report of several, such as those of the partitions of a run.
//!
//! Reports are merged as JSON values: the keys that a newer version of the tool has added stay.

mod archives;
mod document;
mod partitions;
mod paths;
mod schema;

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value, json};

use self::document::{Document, list};
use self::schema::Schema;
use super::failure::Failure;
use super::file::ReportFile;
use super::json::write_json;
use crate::error::{Error, Result};
use crate::lint::Level;

/// The keys of a report, in their order. Others come behind.
const KEYS: [&str; 8] = [
    "version",
    "tool_version",
    "commands",
    "archives",
    "findings",
    "pruned",
    "unchecked",
    "errors",
];

/// A report of several runs, with absolute paths.
pub(crate) struct MergedReport {
    keys: Map<String, Value>,
    /// The number of the reports that it is made of.
    pub(crate) count: usize,
}

impl MergedReport {
    /// Merges the reports at `sources`, which are relative to `current_folder`, for the `file`.
    ///
    /// # Errors
    /// [`Error::Usage`] if a file is not a report, or if reports contradict each other;
    /// [`Error::ReportPlace`] if the `file` is one of them; [`Error::MissingFile`], [`Error::Io`].
    pub(crate) fn of(
        sources: &[Utf8PathBuf],
        current_folder: &Utf8Path,
        file: Option<&ReportFile>,
    ) -> Result<Self> {
        let schema = Schema::of_report();
        let documents = sources.iter();
        let documents = documents.map(|source| Document::read(source, current_folder, &schema));
        let documents: Vec<Document> = documents.collect::<Result<_>>()?;
        refuse_equal_files(&documents, file)?;
        let missing = partitions::missing(&documents)?;
        refuse_dry_runs_beside_others(&documents)?;
        partitions::refuse_other_runs(&documents)?;
        let archives = archives::merged(&documents)?;
        let mut keys = other_keys(&documents)?;
        keys.insert("archives".to_owned(), archives.into());
        // The merged report is of all partitions.
        keys.shift_remove("selection");
        if let Some(error) = missing {
            let errors = keys.entry("errors").or_insert_with(|| json!([]));
            let error = serde_json::to_value(Failure::from(error));
            let error =
                error.map_err(|why| Error::io("could not merge the reports")(why.into()))?;
            errors
                .as_array_mut()
                .into_iter()
                .for_each(|list| list.push(error.clone()));
        }
        Ok(Self {
            keys: in_order(keys),
            count: documents.len(),
        })
    }

    /// The number of its packages.
    pub(crate) fn packages(&self) -> usize {
        self.list("archives").len()
    }

    /// Writes it to its `file`, with paths relative to the folder of the file, else to `out`.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::BrokenPipe`].
    pub(crate) fn write(&mut self, file: Option<&ReportFile>, out: impl Write) -> Result<()> {
        let Some(file) = file else {
            return write_json(&self.keys, out).map_err(Error::output);
        };
        paths::change(&mut self.keys, |path| file.way_to(path));
        file.write(|out| write_json(&self.keys, out))
    }

    /// The errors of all runs and the verdict on their packages.
    pub(crate) fn errors(&self) -> Vec<Error> {
        let errors = self.list("errors").iter().map(|error| {
            let help = error["help"].as_str().unwrap_or_default();
            Error::Merged {
                code: error["code"]
                    .as_u64()
                    .and_then(|code| code.try_into().ok())
                    .unwrap_or(1),
                message: error["message"].as_str().unwrap_or_default().to_owned(),
                help: help.lines().map(str::to_owned).collect(),
            }
        });
        self.verdict().into_iter().chain(errors).collect()
    }

    /// The error that packages are rejected.
    fn verdict(&self) -> Option<Error> {
        let archives = self.list("archives");
        let rejected = archives.iter().filter(|a| a["rejected"] == true).count();
        let deny = Level::Deny.name();
        let is_denied = self.list("findings").iter().any(|f| f["level"] == deny);
        let verdict = match rejected {
            0 if is_denied => Error::Denied,
            0 => return None,
            _ => Error::Rejected {
                rejected,
                of: archives.len(),
            },
        };
        Some(Error::Merged {
            code: verdict.code(),
            message: verdict.to_string(),
            help: Vec::new(),
        })
    }

    fn list(&self, key: &str) -> &[Value] {
        list(&self.keys, key)
    }
}

/// Refuses a file that is named twice, and one that would be replaced by the merged report.
fn refuse_equal_files(documents: &[Document], file: Option<&ReportFile>) -> Result<()> {
    let real = file.and_then(|file| file.path().canonicalize_utf8().ok());
    for (position, document) in documents.iter().enumerate() {
        let same = |other: &&Document| other.real_path == document.real_path;
        if let Some(other) = documents[..position].iter().find(same) {
            return Err(Error::usage(
                format!(
                    "`{}` and `{}` are the same file",
                    other.source, document.source
                ),
                "name each report once",
            ));
        }
        if real.as_ref() == Some(&document.real_path) {
            return Err(Error::ReportPlace {
                message: format!(
                    "the report would replace `{}`, which is merged",
                    document.source
                ),
                help: "name another file, for instance `--report report.json`",
                path: document.real_path.clone(),
            });
        }
    }
    Ok(())
}

/// Refuses reports of dry runs together with others.
fn refuse_dry_runs_beside_others(documents: &[Document]) -> Result<()> {
    let is_dry = |document: &&Document| document.keys.contains_key("commands");
    let planned = documents.iter().find(is_dry);
    // A run that failed has no package, and says nothing about the others.
    let is_real = |document: &&Document| !is_dry(document) && !document.list("archives").is_empty();
    match (planned, documents.iter().find(is_real)) {
        (Some(planned), Some(real)) => Err(Error::usage(
            format!(
                "`{}` is of a dry run and `{}` is not: the zips of the first do not exist",
                planned.source, real.source
            ),
            "merge reports of runs without `--dry-run`",
        )),
        _ => Ok(()),
    }
}

/// All keys but the archives. Lists have the items of all reports, equal ones once.
///
/// # Errors
/// [`Error::Usage`] if a value that is not a list differs.
fn other_keys(documents: &[Document]) -> Result<Map<String, Value>> {
    let mut merged: Map<String, Value> = Map::new();
    let mut origins: Map<String, Value> = Map::new();
    for document in documents {
        for (key, value) in document.keys.iter().filter(|(key, _)| *key != "archives") {
            match (merged.get_mut(key), value) {
                (None, _) => {
                    merged.insert(key.clone(), value.clone());
                    origins.insert(key.clone(), document.source.as_str().into());
                }
                (Some(Value::Array(list)), Value::Array(items)) => {
                    for item in items {
                        if !list.contains(item) {
                            list.push(item.clone());
                        }
                    }
                }
                (Some(known), _) if known == value => {}
                (Some(_), _) => {
                    let first = origins[key].as_str().unwrap_or_default();
                    return Err(Error::usage(
                        format!(
                            "`{key}` differs between `{first}` and `{}`",
                            document.source
                        ),
                        "merge reports of one run; if a newer version of the tool wrote them, \
                         merge them with it",
                    ));
                }
            }
        }
    }
    Ok(merged)
}

/// The keys in the order of the report of one run.
fn in_order(mut keys: Map<String, Value>) -> Map<String, Value> {
    let known = KEYS.iter().filter_map(|key| keys.shift_remove_entry(*key));
    let mut ordered: Map<String, Value> = known.collect();
    ordered.append(&mut keys);
    ordered
}
