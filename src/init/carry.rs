//! The keys of cargo-lambda, one by one: carried over, or left with a reason.

use std::collections::BTreeSet;

use camino::Utf8Path;
use serde_json::Value;
use toml_edit::{Array, Item, Table};

use super::edit::with_table;
use super::source::{Source, contexts};
use super::{advice, paths};
use crate::cargo::builders::Builder;
use crate::config::ManifestFile;
use crate::error::Error;
use crate::include::Include;
use crate::text::quoted_name;

const NO_TEXT: &str = "it is not a text";
const NO_TABLE: &str = "it is not a table";

/// The keys of a table, in the order in which they are written.
const ORDER: [&str; 10] = [
    "name",
    "kind",
    "architectures",
    "targets",
    "runtime",
    "builder",
    "include",
    "layers",
    "output",
    "folder",
];

/// A key of cargo-lambda, and its fate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// The configuration that has it.
    pub(crate) source: String,
    /// `build.include`, for instance.
    pub(crate) key: String,
    pub(crate) fate: Fate,
}

/// The fate of a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is in the new table under this key.
    Carried(&'static str),
    /// It is not, for this reason or with this way out.
    Left(String),
}

/// The folders that paths are relative to, and the number of functions of a name.
pub(super) struct Place<'a> {
    pub(super) root: &'a Utf8Path,
    /// The folder of the manifest with the new table.
    pub(super) folder: &'a Utf8Path,
    /// True if the new table is about one binary.
    pub(super) is_of_one: bool,
}

/// Adds what `source` says to the keys of a new table.
pub(super) fn carry(source: &Source, place: &Place<'_>, table: &mut Table, notes: &mut Vec<Note>) {
    let mut carry = Carry {
        source,
        place,
        table,
        notes,
    };
    if !source.config.is_object() {
        let key = match &source.bin {
            Some(bin) => format!("bin.{bin}"),
            None => "lambda".to_owned(),
        };
        carry.note(key, Fate::Left(NO_TABLE.to_owned()));
    }
    for section in ["build", "deploy"] {
        match source.config.get(section) {
            Some(Value::Object(keys)) => {
                for (key, value) in keys {
                    carry.key(section, key, value);
                }
            }
            Some(_) => carry.note(section.to_owned(), Fate::Left(NO_TABLE.to_owned())),
            None => {}
        }
    }
    // The tables of binaries are sources of their own.
    if source.config.get("bin").is_some() {
        let reason = match source.bin {
            Some(_) => "the table of a binary has no binaries",
            None => NO_TABLE,
        };
        carry.note("bin".to_owned(), Fate::Left(reason.to_owned()));
    }
    for section in ["env", "watch"]
        .map(str::to_owned)
        .into_iter()
        .chain(contexts(&source.config))
    {
        if source.config.get(&section).is_some() {
            let advice = advice::for_section(&section).to_owned();
            carry.note(section, Fate::Left(advice));
        }
    }
    let place_of = |key: &str| ORDER.iter().position(|known| *known == key);
    table.sort_values_by(|a, _, b, _| place_of(a.get()).cmp(&place_of(b.get())));
}

struct Carry<'a> {
    source: &'a Source,
    place: &'a Place<'a>,
    table: &'a mut Table,
    notes: &'a mut Vec<Note>,
}

impl Carry<'_> {
    fn note(&mut self, key: String, fate: Fate) {
        self.notes.push(Note {
            source: self.source.name.clone(),
            key,
            fate,
        });
    }

    fn key(&mut self, section: &str, key: &str, value: &Value) {
        let name = key.replace('-', "_");
        let path = format!("{section}.{key}");
        let fate = match (section, name.as_str()) {
            // As if it were not there.
            (_, "arm64" | "x86_64" | "extension" | "internal") if value == false => return,
            (_, "arm64" | "x86_64" | "extension") if value != true => {
                Fate::Left("it is neither `true` nor `false`".to_owned())
            }
            ("build", "arm64") => self.architecture("arm64"),
            ("build", "x86_64") => self.architecture("x86_64"),
            ("build", "target") => self.list(&path, "targets", value, |text| Ok(text.into())),
            ("build", "compiler") => self.builder(value),
            ("build", "lambda_dir") => self.lambda_dir(value),
            (_, "include") => {
                let (root, folder) = (self.place.root, self.place.folder);
                self.list(&path, "include", value, |text| {
                    Ok(paths::include(text, root, folder))
                })
            }
            // What is started by the function itself is a file of a layer.
            (_, "extension") if self.source.config[section]["internal"] == true => {
                Fate::Left(advice::for_key(section, "internal").to_owned())
            }
            (_, "extension") => self.set("kind", "extension"),
            ("deploy", "runtime") => self.text("runtime", value),
            ("deploy", "layer" | "layers") => self.list(&path, "layers", value, arn),
            ("deploy", "name") if self.place.is_of_one => self.text("name", value),
            _ => Fate::Left(advice::for_key(section, &name).to_owned()),
        };
        self.note(path, fate);
    }

    /// Changes the table, unless this tool does not read it then.
    fn change(&mut self, change: impl FnOnce(&mut Table)) -> Result<(), String> {
        let before = self.table.clone();
        change(self.table);
        self.problem().map_or(Ok(()), |problem| {
            *self.table = before;
            Err(problem)
        })
    }

    /// The reason why this tool does not read the table.
    fn problem(&self) -> Option<String> {
        let text = with_table("", self.source.owner, self.table.clone())?;
        let manifest = ManifestFile::of(self.source.manifest.clone(), text);
        match manifest.table(self.source.owner, &[]) {
            Ok(table) => table
                .settings
                .include
                .iter()
                .find_map(Include::glob_problem),
            Err(Error::Manifest(error)) => Some(error.message),
            Err(error) => Some(error.to_string()),
        }
    }

    fn set(&mut self, key: &'static str, value: &str) -> Fate {
        let changed = self.change(|table| table[key] = toml_edit::value(value));
        changed.map_or_else(Fate::Left, |()| Fate::Carried(key))
    }

    fn architecture(&mut self, name: &str) -> Fate {
        if self.source.config["build"].get("target").is_some() {
            let reason = "`build.target` says the architecture; cargo-lambda refuses both together";
            return Fate::Left(reason.to_owned());
        }
        let key = "architectures";
        let changed = self.change(|table| add(table, key, name.into()));
        changed.map_or_else(Fate::Left, |()| Fate::Carried(key))
    }

    fn text(&mut self, key: &'static str, value: &Value) -> Fate {
        match value.as_str() {
            Some(text) => self.set(key, text),
            None => Fate::Left(NO_TEXT.to_owned()),
        }
    }

    /// Adds a text or a list of texts, each as the value that `value_of` makes of it. Those that are
    /// wrong are left, each with its reason, in a note about the key `path`.
    fn list(
        &mut self,
        path: &str,
        key: &'static str,
        value: &Value,
        value_of: impl Fn(&str) -> Result<toml_edit::Value, String>,
    ) -> Fate {
        let elements = match value {
            Value::String(_) => std::slice::from_ref(value),
            Value::Array(list) if !list.is_empty() => list,
            _ => return Fate::Left("it is not a list with texts".to_owned()),
        };
        let mut problems: Vec<String> = Vec::new();
        let mut is_carried = false;
        for element in elements {
            let added = match element.as_str() {
                Some(text) => value_of(text)
                    .and_then(|value| self.change(|table| add(table, key, value)))
                    .map_err(|problem| about(text, problem)),
                None => Err(format!(
                    "{} is not a text",
                    quoted_name(&element.to_string())
                )),
            };
            match added {
                Ok(()) => is_carried = true,
                Err(problem) if problems.contains(&problem) => {}
                Err(problem) => problems.push(problem),
            }
        }
        let left = Fate::Left(problems.join("; "));
        if !is_carried {
            return left;
        }
        if !problems.is_empty() {
            self.note(path.to_owned(), left);
        }
        Fate::Carried(key)
    }

    fn builder(&mut self, value: &Value) -> Fate {
        let Some(kind) = value.get("type").unwrap_or(value).as_str() else {
            return Fate::Left(NO_TEXT.to_owned());
        };
        let builder = match kind.to_lowercase().replace('-', "_").as_str() {
            "cargo" => Builder::Cargo,
            "cross" => Builder::Cross,
            "cargo_zigbuild" => Builder::Zigbuild,
            _ => {
                let known = "`cargo-zigbuild`, `cargo` and `cross`";
                return Fate::Left(format!(
                    "{} is no compiler of cargo-lambda, which are {known}",
                    quoted_name(kind)
                ));
            }
        };
        let more = ["subcommand", "extra_args"]
            .iter()
            .filter(|key| value.get(**key).is_some());
        for key in more {
            let advice = "the builder is always called with the arguments of this tool".to_owned();
            self.note(format!("build.compiler.{key}"), Fate::Left(advice));
        }
        self.set("builder", builder.name())
    }

    fn lambda_dir(&mut self, value: &Value) -> Fate {
        let folder = value.as_str().filter(|folder| !folder.is_empty());
        let Some(folder) = folder else {
            return Fate::Left("it names no folder".to_owned());
        };
        let folder = folder
            .trim_end_matches('/')
            .replace('{', "{{")
            .replace('}', "}}");
        let folder = paths::from_root(&folder, self.place.root, self.place.folder);
        let format = self.source.config["build"].get("output_format");
        let format = format.map_or(Some("binary"), Value::as_str);
        match format.map(str::to_lowercase).as_deref() {
            Some("binary") => self.set("folder", &format!("{folder}/{{bin}}")),
            Some("zip") => self.set("output", &format!("{folder}/{{bin}}.zip")),
            _ => Fate::Left("`build.output_format` is neither `binary` nor `zip`".to_owned()),
        }
    }
}

/// Adds a value to a list that does not have it.
fn add(table: &mut Table, key: &str, value: toml_edit::Value) {
    let list = table
        .entry(key)
        .or_insert_with(|| Item::Value(toml_edit::Value::Array(Array::new())));
    let Some(list) = list.as_array_mut() else {
        return;
    };
    let texts: BTreeSet<String> = list
        .iter()
        .map(|v| v.to_string().trim().to_owned())
        .collect();
    if !texts.contains(value.to_string().trim()) {
        list.push(value);
    }
}

/// The problem of an element of a list, with its text.
fn about(text: &str, problem: String) -> String {
    if problem.contains(text) {
        return problem;
    }
    format!("{}: {problem}", quoted_name(text))
}

/// The ARN of a layer: other texts are layers of another kind here.
fn arn(text: &str) -> Result<toml_edit::Value, String> {
    if text.starts_with("arn:") && !text.contains(['=', '{']) {
        return Ok(text.into());
    }
    Err(format!("{} is no ARN of a layer", quoted_name(text)))
}
