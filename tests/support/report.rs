//! Every report that a test reads is held against the schema.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

const REPORT: &str = include_str!("../../docs/report.schema.json");
const SIZE: &str = include_str!("../../docs/size.schema.json");

/// The schemas with their objects closed: a key that is not documented is an error.
static OF_REPORT: LazyLock<Validator> = LazyLock::new(|| validator(REPORT));
static OF_SIZE: LazyLock<Validator> = LazyLock::new(|| validator(SIZE));

fn validator(schema: &str) -> Validator {
    let mut schema = serde_json::from_str(schema).unwrap();
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

/// Refuses the keys of objects that the schema does not describe.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            if map.get("properties").is_some_and(Value::is_object) {
                map.insert("unevaluatedProperties".to_owned(), json!(false));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// Reads a report, and holds it against the schema.
#[track_caller]
pub(crate) fn read(json: &[u8]) -> Value {
    match serde_json::from_slice(json) {
        Ok(report) => {
            validate(&report);
            report
        }
        Err(error) => panic!("no report, {error}: {}", String::from_utf8_lossy(json)),
    }
}

/// Holds a document against its schema, unless it is SARIF or the document of `invoke`.
#[track_caller]
fn validate(document: &Value) {
    if document.get("runs").is_some() || document.get("invocations").is_some() {
        return;
    }
    let validator = match document.get("sizes") {
        Some(_) => &OF_SIZE,
        None => &OF_REPORT,
    };
    let errors = validator.iter_errors(document);
    let errors: Vec<String> = errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}\n{document:#}", errors.join("\n"));
}
