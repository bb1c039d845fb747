//! The archives of several reports as those of one.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::document::Document;
use super::paths::{self, STANDARD};
use crate::error::{Error, Result};
use crate::lambda::{Kind, Target};
use crate::paths::lower;

/// The archives of all reports, in the order in which one run has them. Layers that several reports
/// have are there once.
///
/// # Errors
/// [`Error::Usage`] if two reports have an archive of the same name or at the same path, unless it
/// is the same layer.
pub(super) fn merged(documents: &[Document]) -> Result<Vec<Value>> {
    let mut all: Vec<Found<'_>> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    // The zips that are left out, and the equal ones that stay.
    let mut replaced: HashMap<&str, &str> = HashMap::new();
    for document in documents {
        let before = all.len();
        for value in document.list("archives") {
            let archive = Found { document, value };
            let keys = [Some(archive.name_key()), archive.path_key()];
            let mut others = keys.iter().flatten().filter_map(|key| positions.get(key));
            // Two archives of one report are no mistake of the merge.
            let other = others.find(|position| {
                **position < before && !archive.is_of_one_run_with(&all[**position])
            });
            if let Some(&position) = other {
                let other = &all[position];
                if !archive.is_same_layer(other) {
                    return Err(archive.clash(other));
                }
                let (left_out, kept) = if other.is_skipped() {
                    (other.text("path"), archive.text("path"))
                } else {
                    (archive.text("path"), other.text("path"))
                };
                replaced.insert(left_out, kept);
                if other.is_skipped() {
                    all[position] = archive;
                }
                continue;
            }
            for key in keys.into_iter().flatten() {
                positions.entry(key).or_insert(all.len());
            }
            all.push(archive);
        }
    }
    all.sort_by(|one, other| one.order().cmp(&other.order()));
    let archives = all.into_iter().map(|archive| {
        let mut archive = archive.value.clone();
        paths::change_layers(&mut archive, |path| {
            let same = replaced.get(path.as_str());
            same.map_or_else(|| path.to_owned(), |path| Utf8PathBuf::from(*path))
        });
        archive
    });
    Ok(archives.collect())
}

/// An archive of a report.
struct Found<'a> {
    document: &'a Document,
    value: &'a Value,
}

impl<'a> Found<'a> {
    fn text(&self, key: &str) -> &'a str {
        self.value[key].as_str().unwrap_or_default()
    }

    fn is_function(&self) -> bool {
        self.text("kind") == Kind::Function.name()
    }

    /// The thing that it is deployed as.
    fn name_key(&self) -> String {
        let kind = if self.is_function() {
            "function"
        } else {
            "layer"
        };
        let (name, architecture) = (self.text("name"), self.text("architecture"));
        format!("{kind} {name} {architecture}")
    }

    /// Its place. Names that differ only in case are one place on many systems.
    fn path_key(&self) -> Option<String> {
        let path = self.text("path");
        (path != STANDARD).then(|| format!("path {}", lower(Utf8Path::new(path))))
    }

    /// True if one run makes both: zips of different binaries may be deployed by the same name.
    fn is_of_one_run_with(&self, other: &Self) -> bool {
        let are_partitions =
            self.document.partition.is_some() && other.document.partition.is_some();
        let identity =
            |found: &Self| ["package", "bin", "kind"].map(|key| found.value[key].clone());
        are_partitions && identity(self) != identity(other) && self.path_key() != other.path_key()
    }

    /// True if no zip was made of it, because another package of its run was rejected.
    fn is_skipped(&self) -> bool {
        self.text("sha256").is_empty() && self.value["rejected"] != true
    }

    /// True if both are one layer with the same contents, as far as it was made.
    fn is_same_layer(&self, other: &Self) -> bool {
        let contents = |found: &Self| {
            let mut value = found.value.clone();
            if let Value::Object(keys) = &mut value {
                // They follow from the place, and from what was there before.
                for key in ["path", "folder", "debug_file", "layers", "fresh"] {
                    keys.shift_remove(key);
                }
            }
            value
        };
        let one_is_skipped = self.is_skipped() != other.is_skipped();
        !self.is_function() && (one_is_skipped || contents(self) == contents(other))
    }

    /// The order of archives in the report of a run.
    fn order(&self) -> impl Ord + use<'a> {
        let target = self.value["target"].as_str();
        let target: Option<Target> = target.and_then(|target| target.parse().ok());
        let package = self.value["package"].as_str();
        let (bin, kind, path) = (self.text("bin"), self.text("kind"), self.text("path"));
        (package, bin, target, kind, path)
    }

    fn clash(&self, other: &Self) -> Error {
        let kind = if self.text("kind").is_empty() {
            "archive"
        } else {
            self.text("kind")
        };
        let architecture = match self.text("architecture") {
            "" => String::new(),
            architecture => format!(" for {architecture}"),
        };
        let subject = format!("the {kind} `{}`{architecture}", self.text("name"));
        let (first, second) = (&other.document.source, &self.document.source);
        if self.is_function() || self.name_key() != other.name_key() {
            let place = if self.name_key() == other.name_key() {
                String::new()
            } else {
                let name = other.text("name");
                format!(
                    "; there, `{name}` is at the same path `{}`",
                    other.text("path")
                )
            };
            return Error::usage(
                format!("{subject} of `{second}` is in `{first}` too{place}"),
                "merge reports of runs for different packages, such as the partitions of one run",
            );
        }
        if !self.text("sha256").is_empty() && self.text("sha256") == other.text("sha256") {
            return Error::usage(
                format!(
                    "{subject} has the same contents in `{first}` and `{second}`, but other findings, \
                     settings or metadata"
                ),
                "run all parts with the same configuration, lint levels and limits",
            );
        }
        let digest = |found: &Self| match found.text("sha256") {
            "" => "not packaged".to_owned(),
            digest => format!("SHA-256 {digest}"),
        };
        Error::usage(
            format!(
                "{subject} differs between `{first}` ({}) and `{second}` ({})",
                digest(other),
                digest(self)
            ),
            "make all partitions of the same sources with the same toolchain; `--reproducible` \
             leaves the paths of the machine out of programs",
        )
    }
}
