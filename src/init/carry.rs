//! The keys of cargo-lambda, one by one: carried over, or left with a reason.

use std::collections::BTreeSet;

use camino::Utf8Path;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml_edit::{Array, Item, Table};

use super::source::{Source, contexts};
use super::{advice, paths};
use crate::cargo::builders::Builder;
use crate::config::{DeployName, LayerSource};
use crate::include::Include;
use crate::lambda::{Runtime, Target};

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
    for section in ["build", "deploy"] {
        let keys = source.config.get(section).and_then(Value::as_object);
        for (key, value) in keys.into_iter().flatten() {
            carry.key(section, key, value);
        }
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
        let fate = match (section, name.as_str()) {
            // As if it were not there.
            (_, "arm64" | "x86_64" | "extension" | "internal") if value == false => return,
            ("build", "arm64") => self.architecture("arm64"),
            ("build", "x86_64") => self.architecture("x86_64"),
            ("build", "target") => self.list::<Target>("targets", value, |text| text.into()),
            ("build", "compiler") => self.builder(value),
            ("build", "lambda_dir") => self.lambda_dir(value),
            (_, "include") => {
                let (root, folder) = (self.place.root, self.place.folder);
                let value_of = |text: &str| paths::include(text, root, folder);
                self.list::<Include>("include", value, value_of)
            }
            // What is started by the function itself is a file of a layer.
            (_, "extension") if self.source.config[section]["internal"] == true => {
                Fate::Left(advice::for_key(section, "internal").to_owned())
            }
            (_, "extension") => self.set("kind", "extension"),
            ("deploy", "runtime") => self.checked::<Runtime>("runtime", value),
            ("deploy", "layer" | "layers") => {
                self.list::<LayerSource>("layers", value, |text| text.into())
            }
            ("deploy", "name") if self.place.is_of_one => self.checked::<DeployName>("name", value),
            _ => Fate::Left(advice::for_key(section, &name).to_owned()),
        };
        self.note(format!("{section}.{key}"), fate);
    }

    fn set(&mut self, key: &'static str, value: &str) -> Fate {
        self.table[key] = toml_edit::value(value);
        Fate::Carried(key)
    }

    fn architecture(&mut self, name: &str) -> Fate {
        if self.source.config["build"].get("target").is_some() {
            let reason = "`build.target` says the architecture; cargo-lambda refuses both together";
            return Fate::Left(reason.to_owned());
        }
        self.add("architectures", name.into());
        Fate::Carried("architectures")
    }

    /// Adds a value to a list that does not have it.
    fn add(&mut self, key: &'static str, value: toml_edit::Value) {
        let list = self
            .table
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

    /// Sets a text, if this tool reads it as a `T`.
    fn checked<T: DeserializeOwned>(&mut self, key: &'static str, value: &Value) -> Fate {
        match (value.as_str(), problem::<T>(value)) {
            (Some(text), None) => self.set(key, text),
            (_, problem) => Fate::Left(problem.unwrap_or_else(|| "it is not a text".to_owned())),
        }
    }

    /// Adds a text or a list of texts, if this tool reads each as a `T`.
    fn list<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        value: &Value,
        value_of: impl Fn(&str) -> toml_edit::Value,
    ) -> Fate {
        let texts: Option<Vec<&str>> = match value {
            Value::String(text) => Some(vec![text]),
            Value::Array(list) => list.iter().map(Value::as_str).collect(),
            _ => None,
        };
        let Some(texts) = texts else {
            return Fate::Left("it is not a list of texts".to_owned());
        };
        let values: Vec<toml_edit::Value> = texts.into_iter().map(value_of).collect();
        let mut read = values.iter().map(|value| {
            let json: Result<Value, _> = toml::from_str(&format!("x = {value}"));
            problem::<T>(
                &json
                    .map(|json: Value| json["x"].clone())
                    .unwrap_or_default(),
            )
        });
        if let Some(problem) = read.find_map(|problem| problem) {
            return Fate::Left(problem);
        }
        for value in values {
            self.add(key, value);
        }
        Fate::Carried(key)
    }

    fn builder(&mut self, value: &Value) -> Fate {
        let kind = value
            .get("type")
            .unwrap_or(value)
            .as_str()
            .unwrap_or_default();
        let kind = kind.to_lowercase().replace('-', "_");
        let builder = match kind.as_str() {
            "cargo" => Builder::Cargo,
            "cross" => Builder::Cross,
            _ => Builder::Zigbuild,
        };
        let fate = self.set("builder", builder.name());
        let more = ["subcommand", "extra_args"]
            .iter()
            .filter(|key| value.get(**key).is_some());
        for key in more {
            let advice = "the builder is always called with the arguments of this tool".to_owned();
            self.note(format!("build.compiler.{key}"), Fate::Left(advice));
        }
        fate
    }

    fn lambda_dir(&mut self, value: &Value) -> Fate {
        let Some(folder) = value.as_str() else {
            return Fate::Left("it is not a text".to_owned());
        };
        let folder = folder
            .trim_end_matches('/')
            .replace('{', "{{")
            .replace('}', "}}");
        let folder = paths::from_root(&folder, self.place.root, self.place.folder);
        let format = self.source.config["build"]
            .get("output_format")
            .and_then(Value::as_str);
        if format.is_some_and(|format| format.eq_ignore_ascii_case("zip")) {
            self.set("output", &format!("{folder}/{{bin}}.zip"))
        } else {
            self.set("folder", &format!("{folder}/{{bin}}"))
        }
    }
}

/// The reason why this tool does not read `value` as a `T`.
fn problem<T: DeserializeOwned>(value: &Value) -> Option<String> {
    serde_json::from_value::<T>(value.clone())
        .err()
        .map(|error| error.to_string())
}
