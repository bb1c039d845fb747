//! The keys of cargo-lambda, one by one: carried over, or left with a reason.

use std::collections::BTreeSet;

use camino::Utf8Path;
use serde_json::Value;
use toml_edit::{Array, Item, Table};

use super::edit::with_table;
use super::source::Source;
use super::{advice, paths};
use crate::cargo::builders::Builder;
use crate::config::{LayerSource, ManifestFile};
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

/// A table of a manifest, and the fates of the keys that it was made of.
#[derive(Default)]
pub(super) struct NewTable {
    pub(super) table: Table,
    pub(super) notes: Vec<Note>,
}

/// The folders that paths are relative to, and the number of functions of a name.
pub(super) struct Place<'a> {
    pub(super) root: &'a Utf8Path,
    /// The folder of the manifest with the new table.
    pub(super) folder: &'a Utf8Path,
    /// True if the new table is about one binary.
    pub(super) is_of_one: bool,
}

/// Adds what `source` says to a new table.
pub(super) fn carry(source: &Source, place: &Place<'_>, new: &mut NewTable) {
    let mut carry = Carry { source, place, new };
    if let Value::Object(sections) = &source.config {
        for (name, section) in sections {
            carry.section(name, section);
        }
    } else {
        let key = match &source.bin {
            Some(bin) => format!("bin.{bin}"),
            None => "lambda".to_owned(),
        };
        carry.leave(key, NO_TABLE);
    }
    let place_of = |key: &str| ORDER.iter().position(|known| *known == key);
    let table = &mut new.table;
    table.sort_values_by(|a, _, b, _| place_of(a.get()).cmp(&place_of(b.get())));
}

struct Carry<'a> {
    source: &'a Source,
    place: &'a Place<'a>,
    new: &'a mut NewTable,
}

impl Carry<'_> {
    fn note(&mut self, key: String, fate: Fate) {
        self.new.notes.push(Note {
            source: self.source.name.clone(),
            key,
            fate,
        });
    }

    fn leave(&mut self, key: String, reason: &str) {
        self.note(key, Fate::Left(reason.to_owned()));
    }

    fn section(&mut self, name: &str, section: &Value) {
        let reason = match (name, section) {
            ("build" | "deploy", Value::Object(keys)) => {
                for (key, value) in keys {
                    self.key(name, key, value);
                }
                return;
            }
            // In manifests, the tables of binaries are sources of their own.
            ("bin", _) if self.source.is_file() => {
                "cargo-lambda reads no tables of binaries there: they belong in a manifest"
            }
            ("bin", _) if self.source.bin.is_some() => "the table of a binary has no binaries",
            ("build" | "deploy" | "bin", _) => NO_TABLE,
            ("env", _) => advice::ENV,
            ("watch", _) => advice::WATCH,
            (_, Value::Object(_)) if self.source.is_file() => advice::CONTEXT,
            _ => advice::UNKNOWN,
        };
        self.leave(name.to_owned(), reason);
    }

    fn key(&mut self, section: &str, key: &str, value: &Value) {
        let name = key.replace('-', "_");
        let path = format!("{section}.{key}");
        let fate = match (section, name.as_str()) {
            ("build", "arm64" | "x86_64") | (_, "extension") if !value.is_boolean() => {
                Fate::Left("it is neither `true` nor `false`".to_owned())
            }
            // As if it were not there.
            ("build", "arm64" | "x86_64") | (_, "extension") if value == false => return,
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
                Fate::Left(advice::LAYER.to_owned())
            }
            (_, "extension") => self.set("kind", "extension"),
            ("deploy", "runtime") => self.text("runtime", value),
            ("deploy", "layer" | "layers") => self.list(&path, "layers", value, arn),
            ("deploy", "name") if self.place.is_of_one => self.text("name", value),
            _ => match advice::for_key(section, &name) {
                advice if value == false && advice != advice::UNKNOWN => return,
                advice => Fate::Left(advice.to_owned()),
            },
        };
        self.note(path, fate);
    }

    /// Changes the table, unless this tool does not read it then.
    fn change(&mut self, change: impl FnOnce(&mut Table)) -> Result<(), String> {
        let before = self.new.table.clone();
        change(&mut self.new.table);
        self.problem().map_or(Ok(()), |problem| {
            self.new.table = before;
            Err(problem)
        })
    }

    /// The reason why this tool does not read the table.
    fn problem(&self) -> Option<String> {
        let text = with_table("", self.source.owner, self.new.table.clone())?;
        let manifest = ManifestFile::of(self.source.manifest.clone(), text);
        match manifest.table(self.source.owner, &[]) {
            Ok(table) => {
                let mut includes = table.settings.include.iter();
                let of_include = includes.find_map(Include::glob_problem);
                of_include.or_else(|| twice(&table.settings.layers))
            }
            Err(Error::Manifest(error)) => Some(error.message),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Sets a key, and takes back what a source of lower precedence has carried there.
    fn set(&mut self, key: &'static str, value: &str) -> Fate {
        let before = self.new.table.get(key).and_then(Item::as_str);
        let is_replaced = before.is_some_and(|before| before != value);
        if let Err(problem) = self.change(|table| table[key] = toml_edit::value(value)) {
            return Fate::Left(problem);
        }
        if is_replaced {
            let counts = format!("the `{key}` of {} counts", self.source.name);
            let earlier = self.new.notes.iter_mut();
            for note in earlier.filter(|note| note.fate == Fate::Carried(key)) {
                note.fate = Fate::Left(counts.clone());
            }
        }
        Fate::Carried(key)
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
        let keys = value.as_object().into_iter().flat_map(|table| table.keys());
        for key in keys.filter(|key| *key != "type") {
            let advice = advice::for_key("build", &format!("compiler.{key}"));
            self.leave(format!("build.compiler.{key}"), advice);
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

/// The reason why no function takes the layers: two are versions of one.
fn twice(layers: &[LayerSource]) -> Option<String> {
    let mut names = BTreeSet::new();
    let facts = layers.iter().filter_map(LayerSource::facts);
    let twice = facts
        .map(|layer| layer.name)
        .find(|name| !names.insert(name.clone()))?;
    Some(format!(
        "a function takes only one version of the layer {}",
        quoted_name(&twice)
    ))
}

/// The ARN of a layer: other texts are layers of another kind here.
fn arn(text: &str) -> Result<toml_edit::Value, String> {
    if text.starts_with("arn:") && !text.contains(['=', '{']) {
        return Ok(text.into());
    }
    Err(format!("{} is no ARN of a layer", quoted_name(text)))
}
