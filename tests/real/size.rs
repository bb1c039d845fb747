//! `size` of real programs: no byte of them is missing, and their crates are named.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use fs_err as fs;
use serde_json::Value;
use tempfile::TempDir;

use crate::parts::{output, program};
use crate::shop::{fixture, lambda_zip_for, run, shop, target_dir};
use crate::unpack;

/// Programs whose crates are told apart, and the crates that each has.
const BINS: [(&str, &[&str]); 2] = [
    ("heartbeat", &["tokio", "lambda_extension", "hyper"]),
    (
        "invoice",
        &["tokio", "lambda_runtime", "serde_json", "catalog"],
    ),
];

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_else(|| panic!("no {key}"))
}

fn sum(parts: &[Value], key: &str) -> u64 {
    parts.iter().map(|part| number(part, key)).sum()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn unpacked(zip: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    unpack::unpack(zip, folder.path()).unwrap();
    folder
}

/// The sizes that `size` tells of one zip, whose sums are right.
fn size(zip: &Path) -> Value {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    tool.args(["lambda-zip", "size", "--message-format", "json"]);
    let document: Value = serde_json::from_slice(&output(tool.arg(zip))).unwrap();
    let size = document["sizes"][0].clone();
    let entries = array(&size["entries"]);
    assert_eq!(
        number(&size, "zipped_bytes"),
        fs::metadata(zip).unwrap().len()
    );
    assert_eq!(
        number(&size, "zipped_bytes"),
        sum(entries, "compressed_bytes") + number(&size, "overhead_bytes")
    );
    let folder = unpacked(zip);
    for entry in entries {
        let path = folder.path().join(entry["path"].as_str().unwrap());
        assert_eq!(number(entry, "bytes"), fs::metadata(path).unwrap().len());
        let parts = array(&entry["parts"]);
        assert_eq!(parts.is_empty(), entry["symbols"].is_null());
        for key in ["bytes", "compressed_bytes"] {
            if !parts.is_empty() {
                assert_eq!(sum(parts, key), number(entry, key), "{key}");
            }
            for part in parts {
                let functions = sum(array(&part["functions"]), key);
                assert!(functions <= number(part, key), "{}", part["name"]);
            }
        }
    }
    size
}

/// The entry of the program.
fn program_entry(size: &Value) -> &Value {
    let mut entries = array(&size["entries"]).iter();
    entries.find(|entry| !entry["symbols"].is_null()).unwrap()
}

/// Bytes of each crate in the program of one zip.
fn crates(size: &Value) -> BTreeMap<&str, u64> {
    let parts = array(&program_entry(size)["parts"]).iter();
    let parts = parts.filter(|part| part["kind"] == "crate" || part["kind"] == "std");
    let bytes = parts.map(|part| (part["name"].as_str().unwrap(), number(part, "bytes")));
    bytes.collect()
}

#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn crates_are_named_from_the_debug_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut tool = lambda_zip_for("x86_64", &fixture(), &target_dir());
    tool.args(BINS.map(|(bin, _)| format!("--bin={bin}")))
        .args(["--debug-file", "--output"])
        .arg(folder.path().join("{bin}.zip"));
    let report = run(&mut tool);
    assert_eq!(report.archives.len(), BINS.len());
    for (bin, names) in BINS {
        let size = size(&folder.path().join(format!("{bin}.zip")));
        assert_eq!(program_entry(&size)["symbols"], "debug-file", "{bin}");
        let found = crates(&size);
        for name in names.iter().chain(&["std"]) {
            let bytes = found.get(name).copied().unwrap_or_default();
            // `catalog` has a few hundred bytes.
            assert!(bytes > 100, "{bin}: {name} has {bytes} bytes");
        }
        // Crates and the standard library are most of the code.
        let code = found.values().sum::<u64>();
        let text = section_bytes(&size, ".text");
        assert!(code > 9 * text, "{bin}: {code} bytes, and {text} in .text");
    }
}

fn section_bytes(size: &Value, name: &str) -> u64 {
    let mut parts = array(&program_entry(size)["parts"]).iter();
    let section = parts.find(|part| part["kind"] == "section" && part["name"] == name);
    section.map_or(0, |section| number(section, "bytes"))
}

#[test]
#[ignore = "needs the musl targets, binutils: run tests/run"]
fn without_symbols_the_sections_are_those_that_readelf_shows() {
    for archive in &shop().archives {
        let size = size(&archive.path);
        let entry = program_entry(&size);
        assert_eq!(entry["symbols"], "none", "{}", archive.bin);
        let folder = unpacked(&archive.path);
        let binary = folder.path().join(entry["path"].as_str().unwrap());
        let mut readelf = Command::new(program("readelf"));
        let sections = output(readelf.args(["--wide", "--section-headers"]).arg(binary));
        let sections = String::from_utf8(sections).unwrap();
        // `[ 1] .text PROGBITS 0000000000001000 001000 0a1b2c 00 AX …`
        let fields = sections.lines().filter_map(|line| line.split_once("] "));
        let fields = fields.map(|(_, fields)| fields.split_whitespace().collect::<Vec<_>>());
        let in_file = fields.filter(|fields| fields.len() > 6 && fields[0].starts_with('.'));
        let in_file = in_file.filter(|fields| fields[1] != "NOBITS");
        let mut compared = 0;
        for fields in in_file {
            let bytes = u64::from_str_radix(fields[4], 16).unwrap();
            assert_eq!(section_bytes(&size, fields[0]), bytes, "{}", fields[0]);
            compared += 1;
        }
        assert!(compared > 5, "{sections}");
    }
}
