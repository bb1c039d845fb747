//! The JSON Schema of the report, and the values that it does not take.

use std::collections::BTreeMap;
use std::fmt;

use regex::Regex;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use crate::report::schema::SCHEMA;
use crate::text::quoted_name;

/// A schema, with the keywords that schemars writes for the types of the report.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Schema {
    #[serde(rename = "$defs")]
    definitions: BTreeMap<String, Schema>,
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(rename = "type", deserialize_with = "one_or_several")]
    types: Vec<Value>,
    #[serde(alias = "oneOf")]
    any_of: Vec<Schema>,
    #[serde(rename = "enum", alias = "const", deserialize_with = "one_or_several")]
    values: Vec<Value>,
    #[serde(deserialize_with = "pattern")]
    pattern: Option<Regex>,
    minimum: Option<u64>,
    maximum: Option<u64>,
    items: Option<Box<Schema>>,
    properties: BTreeMap<String, Schema>,
    required: Vec<String>,
}

fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Value>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(several) => several,
        one => vec![one],
    })
}

fn pattern<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Regex>, D::Error> {
    let pattern = String::deserialize(from)?;
    Regex::new(&pattern).map(Some).map_err(de::Error::custom)
}

/// A value that a schema does not take.
pub(super) struct Difference<'v> {
    /// The way to the value, as `jq` takes it.
    place: String,
    /// `None` if the value is missing.
    found: Option<&'v Value>,
    expected: String,
}

impl Schema {
    pub(super) fn of_report() -> Self {
        serde_json::from_str(SCHEMA).unwrap_or_else(|error| unreachable!("{error}"))
    }

    /// Checks a document.
    ///
    /// # Errors
    /// The first value that the schema does not take.
    pub(super) fn check<'v>(&self, document: &'v Value) -> Result<(), Difference<'v>> {
        self.check_value(document, &self.definitions)
    }

    fn check_value<'v>(
        &self,
        value: &'v Value,
        definitions: &BTreeMap<String, Self>,
    ) -> Result<(), Difference<'v>> {
        let definition = self.reference.as_deref().and_then(|reference| {
            let name = reference.strip_prefix("#/$defs/")?;
            definitions.get(name)
        });
        if let Some(definition) = definition {
            return definition.check_value(value, definitions);
        }
        let mut refused: Option<Difference<'v>> = None;
        for schema in &self.any_of {
            match schema.check_value(value, definitions) {
                Ok(()) => return Ok(()),
                Err(other) => refused = Some(other.beside(refused)),
            }
        }
        refused.map_or(Ok(()), Err)?;
        if let Some(expected) = self.expected(value) {
            return Err(Difference {
                place: String::new(),
                found: Some(value),
                expected,
            });
        }
        if let (Some(schema), Value::Array(items)) = (&self.items, value) {
            for (nth, item) in items.iter().enumerate() {
                let checked = schema.check_value(item, definitions);
                checked.map_err(|difference| difference.below(&format!("[{nth}]")))?;
            }
        }
        let Value::Object(keys) = value else {
            return Ok(());
        };
        if let Some(missing) = self.required.iter().find(|key| !keys.contains_key(*key)) {
            return Err(Difference {
                place: format!(".{missing}"),
                found: None,
                expected: String::new(),
            });
        }
        for (key, schema) in &self.properties {
            if let Some(value) = keys.get(key) {
                let checked = schema.check_value(value, definitions);
                checked.map_err(|difference| difference.below(&format!(".{key}")))?;
            }
        }
        Ok(())
    }

    /// The words for the values that the schema takes; `None` if it takes this one, apart from what is
    /// in it.
    fn expected(&self, value: &Value) -> Option<String> {
        let has_type = |name: &Value| name == type_of(value);
        if !self.types.is_empty() && !self.types.iter().any(has_type) {
            return Some(format!("of the type {}", alternatives(&self.types)));
        }
        if !self.values.is_empty() && !self.values.contains(value) {
            return Some(alternatives(&self.values));
        }
        if let (Some(pattern), Some(text)) = (&self.pattern, value.as_str()) {
            return (!pattern.is_match(text)).then(|| format!("a match of `{pattern}`"));
        }
        let number = value.as_u64()?;
        let less = self.minimum.filter(|least| number < *least);
        let more = self.maximum.filter(|most| number > *most);
        let less = less.map(|least| format!("{least} or more"));
        less.or_else(|| more.map(|most| format!("{most} or less")))
    }
}

impl Difference<'_> {
    /// The same difference in the value above, to which `step` leads.
    fn below(mut self, step: &str) -> Self {
        self.place.insert_str(0, step);
        self
    }

    /// The difference from two alternatives: the one inside of the value if there is one.
    fn beside(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if !other.place.is_empty() => other,
            Some(other) if self.place.is_empty() => Self {
                expected: format!("{} or {}", other.expected, self.expected),
                ..self
            },
            _ => self,
        }
    }
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place, expected, ..
        } = self;
        match self.found {
            None => write!(f, "`{place}` is missing"),
            Some(found) => {
                let found = quoted_name(&found.to_string());
                write!(f, "`{place}` is {found}, not {expected}")
            }
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn alternatives(values: &[Value]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    values.join(" or ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
            "selection": "0".repeat(64), "findings": [of_run], "pruned": ["old.zip"],
            "unchecked": [{ "template": "t.yaml", "line": 1, "resource": "A", "reason": "r" }],
            "errors": [{ "code": 2, "message": "m", "help": "h", "path": "p", "line": 1 }],
            "archives": [{
                "package": "p", "package_version": "1.0.0", "bin": "b", "name": "n",
                "kind": "function", "architecture": "arm64", "architectures": ["arm64"],
                "target": "t", "profile": "lambda", "builder": "cargo", "runtime": "provided.al2023",
                "handler": "bootstrap", "path": "a.zip", "folder": "f",
                "debug_file": { "path": "a.debug", "bytes": 1, "build_id": "00" },
                "zipped_bytes": 1, "unzipped_bytes": 1, "code_sha256": format!("{}=", "a".repeat(43)), "sha256": "0".repeat(64),
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
    fn it_takes_what_a_validator_takes() {
        let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        let schema = Schema::of_report();
        let check = |document: &Value, how: &str| {
            let is_taken = schema.check(document).is_ok();
            assert_eq!(is_taken, validator.is_valid(document), "{how}");
            is_taken
        };
        assert!(check(&full(), "all keys"));
        let mut refused = 0;
        for pointer in pointers(&full(), "") {
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
                json!(0),
                json!(7),
                json!(256),
                json!(-1),
                json!(1.5),
                json!([]),
                json!({}),
            ] {
                let mut changed = full();
                *changed.pointer_mut(&pointer).unwrap() = other.clone();
                let how = format!("{pointer}: {other}");
                refused += u32::from(!check(&changed, &how));
            }
        }
        assert!(refused > 600, "{refused}");
    }

    #[test]
    fn a_difference_has_its_place_and_the_reason() {
        for (pointer, other, expected) in [
            (
                "/archives",
                json!("x"),
                r#"`.archives` is `"x"`, not of the type `"array"`"#,
            ),
            (
                "/archives/0/fresh",
                json!("true"),
                r#"`.archives[0].fresh` is `"true"`, not of the type `"boolean"`"#,
            ),
            (
                "/archives/0/target",
                json!([]),
                r#"`.archives[0].target` is `[]`, not of the type `"string"` or `"null"`"#,
            ),
            (
                "/archives/0/kind",
                json!("x"),
                r#"`.archives[0].kind` is `"x"`, not `"function"` or `"extension"` or `"layer"`"#,
            ),
            (
                "/archives/0/sha256",
                json!("xyz"),
                r#"`.archives[0].sha256` is `"xyz"`, not a match of `^[0-9a-f]{64}$`"#,
            ),
            (
                "/archives/0/template",
                json!(7),
                r#"is `7`, not of the type `"object"` or of the type `"null"`"#,
            ),
            (
                "/archives/0/template/line",
                json!(0),
                "`.archives[0].template.line` is `0`, not 1 or more",
            ),
            (
                "/archives/0/binary/linkage",
                json!("x"),
                r#"is `"x"`, not `"static"` or `"static-pie"` or `"dynamic"` or `"shared"` or of the type `"null"`"#,
            ),
            (
                "/errors/0/code",
                json!(256),
                "`.errors[0].code` is `256`, not 255 or less",
            ),
            (
                "/unchecked/0",
                json!({}),
                "`.unchecked[0].template` is missing",
            ),
        ] {
            let mut document = full();
            *document.pointer_mut(pointer).unwrap() = other;
            let difference = Schema::of_report()
                .check(&document)
                .unwrap_err()
                .to_string();
            assert!(difference.contains(expected), "{difference}");
        }
    }
}
