//! `schema`: the JSON Schema of the report.

use serde_json::{Value, json};

use crate::support::project::Project;

/// The schema that is printed, and a report of the tool's.
fn schema_and_report() -> (Value, Value) {
    let project = Project::package("orders", "");
    let printed = project.run(&["schema"]);
    let schema = serde_json::from_str(&printed.exits(0).stdout).unwrap();
    (schema, project.report(&[]))
}

#[test]
fn is_a_schema_that_accepts_keys_of_later_versions() {
    let (schema, mut report) = schema_and_report();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&report));
    report["new"] = json!(1);
    report["archives"][0]["new"] = json!(1);
    assert!(validator.is_valid(&report));
}

#[test]
fn refuses_what_is_not_a_report() {
    let (schema, report) = schema_and_report();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (key, value) in [
        ("/version", json!(2)),
        ("/archives", json!({})),
        ("/archives/0/kind", json!("lambda")),
        ("/archives/0/architecture", json!("aarch64")),
        ("/archives/0/architectures", json!(["aarch64"])),
        (
            "/archives/0/code_sha256",
            report["archives"][0]["sha256"].clone(),
        ),
        (
            "/archives/0/sha256",
            report["archives"][0]["code_sha256"].clone(),
        ),
        ("/archives/0/zipped_bytes", json!(-1)),
        ("/archives/0/entries/0/mode", json!(0o755)),
        ("/archives/0/binary/linkage", json!("Static")),
        ("/findings", json!([{ "lint": "stale-zip" }])),
    ] {
        let mut changed = report.clone();
        *changed.pointer_mut(key).unwrap() = value;
        assert!(!validator.is_valid(&changed), "{key}");
    }
    for key in report["archives"][0].as_object().unwrap().keys() {
        let mut changed = report.clone();
        changed["archives"][0].as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&changed), "{key}");
    }
}
