//! The keys of a report with the types of their values, as the JSON Schema has them.

#![expect(dead_code, reason = "reading a value is the check of its type")]

use std::num::NonZeroU8;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::inspect::Linkage;

/// A value of the type, or `null`. The key is there.
struct Nullable<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let value = serde_json::from_value(value);
        value.map(Self).map_err(D::Error::custom)
    }
}

/// A report. It may have keys that this version does not know.
#[derive(Deserialize)]
pub(super) struct Shape {
    tool_version: String,
    #[serde(default)]
    commands: Vec<String>,
    archives: Vec<Archive>,
    partition: Option<String>,
    selection: Option<String>,
    findings: Vec<RunFinding>,
    #[serde(default)]
    pruned: Vec<String>,
    #[serde(default)]
    unchecked: Vec<Unchecked>,
    #[serde(default)]
    errors: Vec<Failure>,
}

#[derive(Deserialize)]
struct Archive {
    package: Nullable<String>,
    package_version: Nullable<String>,
    bin: String,
    name: String,
    kind: Kind,
    architecture: Nullable<Architecture>,
    architectures: Vec<Architecture>,
    target: Nullable<String>,
    profile: Nullable<String>,
    builder: Nullable<String>,
    runtime: String,
    handler: Nullable<String>,
    path: String,
    folder: Nullable<String>,
    debug_file: Nullable<DebugFile>,
    zipped_bytes: Nullable<u64>,
    unzipped_bytes: Nullable<u64>,
    code_sha256: Nullable<String>,
    sha256: Nullable<String>,
    direct_upload: Nullable<bool>,
    fresh: bool,
    binary: Nullable<Binary>,
    layers: Vec<Layer>,
    entries: Vec<Entry>,
    rejected: bool,
    template: Nullable<Template>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Function,
    Extension,
    Layer,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Architecture {
    #[serde(rename = "x86_64")]
    X86,
    Arm64,
}

#[derive(Deserialize)]
struct DebugFile {
    path: String,
    bytes: u64,
    build_id: Nullable<String>,
}

#[derive(Deserialize)]
struct Binary {
    linkage: Nullable<Linkage>,
    interpreter: Nullable<String>,
    needed: Vec<String>,
    glibc: Nullable<String>,
}

#[derive(Deserialize)]
struct Layer {
    name: Nullable<String>,
    path: Nullable<String>,
    arn: Nullable<String>,
    bytes: Nullable<u64>,
    direct_upload: Option<bool>,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    mode: Nullable<String>,
    bytes: u64,
    compressed_bytes: u64,
}

#[derive(Deserialize)]
struct Template {
    path: String,
    line: usize,
    resource: String,
}

#[derive(Deserialize)]
struct Finding {
    lint: String,
    level: Level,
    message: String,
    help: String,
    names: Vec<String>,
    place: Option<Place>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Warn,
    Deny,
}

#[derive(Deserialize)]
struct Place {
    path: String,
    line: usize,
}

#[derive(Deserialize)]
struct RunFinding {
    #[serde(flatten)]
    finding: Finding,
    paths: Vec<String>,
}

#[derive(Deserialize)]
struct Unchecked {
    template: String,
    line: usize,
    resource: Nullable<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Failure {
    /// Nothing that succeeds has an error.
    code: NonZeroU8,
    message: String,
    help: Nullable<String>,
    path: Nullable<String>,
    line: Option<usize>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::schema::SCHEMA;

    /// A report with a value for each key.
    fn full() -> Value {
        let finding = json!({
            "lint": "stale-zip", "level": "warn", "message": "m", "help": "h", "names": ["n"],
            "place": { "path": "t.yaml", "line": 1 },
        });
        let mut of_run = finding.clone();
        of_run["paths"] = json!(["a.zip"]);
        json!({
            "version": 1, "tool_version": "0.1.0", "commands": ["cargo build"], "partition": "1/2",
            "selection": "a", "findings": [of_run], "pruned": ["old.zip"],
            "unchecked": [{ "template": "t.yaml", "line": 1, "resource": "A", "reason": "r" }],
            "errors": [{ "code": 2, "message": "m", "help": "h", "path": "p", "line": 1 }],
            "archives": [{
                "package": "p", "package_version": "1.0.0", "bin": "b", "name": "n",
                "kind": "function", "architecture": "arm64", "architectures": ["arm64"],
                "target": "t", "profile": "lambda", "builder": "cargo", "runtime": "provided.al2023",
                "handler": "bootstrap", "path": "a.zip", "folder": "f",
                "debug_file": { "path": "a.debug", "bytes": 1, "build_id": "00" },
                "zipped_bytes": 1, "unzipped_bytes": 1, "code_sha256": null, "sha256": null,
                "direct_upload": true, "fresh": false,
                "binary": { "linkage": "static-pie", "interpreter": "i", "needed": ["n"], "glibc": "2.34" },
                "layers": [{ "name": "l", "path": "l.zip", "arn": "a", "bytes": 1, "direct_upload": false }],
                "entries": [{ "path": "bootstrap", "mode": "0755", "bytes": 1, "compressed_bytes": 1 }],
                "rejected": false, "template": { "path": "t.yaml", "line": 1, "resource": "A" },
                "findings": [finding],
            }],
        })
    }

    /// The pointers to all values below one.
    fn pointers(value: &Value, at: &str) -> Vec<String> {
        let below: Vec<(String, &Value)> = match value {
            Value::Object(keys) => keys
                .iter()
                .map(|(key, value)| (key.clone(), value))
                .collect(),
            Value::Array(items) => {
                let numbered = items.iter().enumerate();
                numbered
                    .map(|(nth, value)| (nth.to_string(), value))
                    .collect()
            }
            _ => Vec::new(),
        };
        let below = below.into_iter().flat_map(|(name, value)| {
            let at = format!("{at}/{name}");
            let mut all = pointers(value, &at);
            all.push(at);
            all
        });
        below.collect()
    }

    #[test]
    fn it_takes_what_the_schema_takes() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let schema = jsonschema::validator_for(&schema).unwrap();
        let check = |document: &Value, how: &str| {
            let is_read = serde_json::from_str::<Shape>(&document.to_string()).is_ok();
            assert_eq!(is_read, schema.is_valid(document), "{how}");
            is_read
        };
        assert!(check(&full(), "all keys"));
        let mut refused = 0;
        for pointer in pointers(&full(), "") {
            if pointer == "/version" {
                continue;
            }
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let mut without = full();
            if let Some(keys) = without.pointer_mut(parent).and_then(Value::as_object_mut) {
                keys.shift_remove(name);
                refused += u32::from(!check(&without, &format!("no {pointer}")));
            }
            for other in [
                json!(null),
                json!(true),
                json!("x"),
                json!(7),
                json!([]),
                json!({}),
            ] {
                let has_pattern = ["code_sha256", "sha256", "mode"].contains(&name);
                if other == "x" && has_pattern {
                    continue;
                }
                let mut changed = full();
                *changed.pointer_mut(&pointer).unwrap() = other.clone();
                let how = format!("{pointer}: {other}");
                refused += u32::from(!check(&changed, &how));
            }
        }
        assert!(refused > 300, "{refused}");
    }
}
