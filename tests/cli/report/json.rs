//! `--message-format json`: exactly one document on stdout, with every field of the contract.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use forge::{Elf, Machine};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::cargo::X86_64;
use crate::support::packing;
use crate::support::project::Project;

const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[test]
fn has_every_field_of_the_contract_and_no_other() {
    let report = Project::package("orders", "").report(&[]);
    assert_eq!(
        keys(&report),
        ["archives", "findings", "tool_version", "version"]
    );
    assert_eq!(report["tool_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        keys(&report["archives"][0]),
        [
            "architecture",
            "architectures",
            "bin",
            "binary",
            "builder",
            "code_sha256",
            "debug_file",
            "direct_upload",
            "entries",
            "findings",
            "folder",
            "fresh",
            "handler",
            "kind",
            "layers",
            "name",
            "package",
            "package_version",
            "path",
            "profile",
            "rejected",
            "runtime",
            "sha256",
            "target",
            "template",
            "unzipped_bytes",
            "zipped_bytes",
        ]
    );
}

#[test]
fn says_what_was_packaged() {
    let project = Project::package("orders", "").bin("", "import");
    let report = project.report(&["--bin", "import"]);
    assert_eq!(report["version"], 1);
    assert_eq!(report["archives"].as_array().unwrap().len(), 1);
    let archive = &report["archives"][0];
    for (field, value) in [
        ("package", json!("orders")),
        ("package_version", json!("0.1.0")),
        ("bin", json!("import")),
        ("name", json!("import")),
        ("kind", json!("function")),
        ("architecture", json!("x86_64")),
        ("architectures", json!(["x86_64"])),
        ("target", json!(X86_64)),
        ("profile", json!("lambda")),
        ("runtime", json!("provided.al2023")),
        ("handler", json!("bootstrap")),
        ("direct_upload", json!(true)),
        ("fresh", json!(false)),
        ("layers", json!([])),
        ("rejected", json!(false)),
        ("findings", json!([])),
    ] {
        assert_eq!(archive[field], value, "{field}");
    }
}

#[test]
fn gives_sizes_and_digests_of_the_very_file() {
    let project = Project::package("orders", "");
    let report = project.report(&[]);
    let archive = &report["archives"][0];
    let bytes = project.read(ZIP);
    let digest = Sha256::digest(&bytes);
    let hex = digest
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(archive["sha256"], hex);
    assert_eq!(archive["code_sha256"], STANDARD.encode(digest));
    assert_eq!(archive["zipped_bytes"], bytes.len());
    let zip = project.zip("orders-x86_64.zip");
    let entry = zip.only_entry();
    assert_eq!(archive["unzipped_bytes"], entry.data.len());
    assert_eq!(archive["entries"].as_array().unwrap().len(), 1);
    let listed = &archive["entries"][0];
    assert_eq!(listed["path"], "bootstrap");
    assert_eq!(listed["bytes"], entry.data.len());
    assert_eq!(listed["compressed_bytes"], entry.compressed);
    assert_eq!(keys(listed), ["bytes", "compressed_bytes", "mode", "path"]);
}

#[test]
fn gives_a_path_that_holds_from_any_folder() {
    let project = Project::package("orders", "");
    let report = project.report(&[]);
    let path = report["archives"][0]["path"].as_str().unwrap();
    assert_eq!(std::path::Path::new(path), project.path(ZIP));
}

#[test]
fn lists_every_archive_in_a_settled_order() {
    let project = Project::workspace("")
        .member("stock", "")
        .member("orders", "");
    let names = |report: Value| -> Vec<String> {
        let archives = report["archives"].as_array().unwrap();
        let name = |one: &Value| format!("{}/{}", one["bin"], one["architecture"]).replace('"', "");
        archives.iter().map(name).collect()
    };
    let first = names(project.report(&["--arch", "arm64,x86_64"]));
    let mut sorted = first.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "orders/arm64",
            "orders/x86_64",
            "stock/arm64",
            "stock/x86_64"
        ]
    );
    for _ in 0..3 {
        assert_eq!(names(project.report(&["--arch", "arm64,x86_64"])), first);
    }
}

#[test]
fn carries_each_finding_with_level_message_and_help() {
    let report = Project::package("orders", "").report(&["--runtime", "provided.al2"]);
    let finding = &report["archives"][0]["findings"][0];
    assert_eq!(finding["lint"], "deprecated-runtime");
    assert_eq!(finding["level"], "warn");
    assert_eq!(keys(finding), ["help", "level", "lint", "message", "names"]);
    assert_eq!(finding["names"], json!([]));
}

#[test]
fn reports_a_rejected_package_too_and_still_exits_1() {
    let project =
        Project::package("orders", "").compiles_to("orders/orders", &Elf::fixed(Machine::Aarch64));
    let outcome = project.run(&["--message-format", "json"]);
    let archive = &outcome.exits(1).json()["archives"][0];
    assert_eq!(archive["findings"][0]["lint"], "wrong-architecture");
    assert_eq!(archive["findings"][0]["level"], "deny");
    assert_eq!(archive["rejected"], true);
}

#[test]
fn lists_the_layers_of_a_function() {
    let folder = packing::folder().with(&["certs/ca.pem"]);
    folder
        .run(&["layer", "certs", "--include", "certs"])
        .exits(0);
    let report = |args: &[&str]| {
        let layers = ["--layer", "./certs.zip", "--layer", "2 MiB"];
        let args = [args, &layers, &["--message-format", "json"]].concat();
        folder.run(&args).json()
    };
    let expected = json!([
        { "name": null, "path": folder.path("certs.zip"), "arn": null, "bytes": 12 },
        { "name": null, "path": null, "arn": null, "bytes": 2 << 20 },
    ]);
    for args in [["pack", "handler"], ["check", "handler.zip"]] {
        assert_eq!(report(&args)["archives"][0]["layers"], expected);
    }
    // The contents of a layer that cannot be read are not known.
    folder.write("certs.zip", "not a zip");
    let report = report(&["check", "handler.zip"]);
    assert_eq!(report["archives"][0]["layers"][0]["bytes"], Value::Null);
}

#[test]
fn is_never_anything_else_even_of_a_dry_run() {
    let project = Project::package("orders", "");
    let outcome = project.run(&["--message-format", "json", "--dry-run"]);
    outcome.exits(0).json();
}

#[test]
fn leaves_stderr_to_people() {
    let outcome = Project::package("orders", "").run(&["--message-format=json"]);
    outcome.exits(0).json();
    outcome.says("Packaged");
}
