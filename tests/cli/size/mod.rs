//! `size`: what takes the room in zips.

mod against;
mod bad_input;
mod page;
mod parts;
mod table;

use forge::elf::noise;
use forge::{Elf, Forged, Forgery, Machine};
use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::Outcome;

/// A function of `serde_json` in the legacy mangling.
const PARSE: &str = "_ZN10serde_json2de10from_slice17h0123456789abcdefE";
/// A function of `orders` in the `v0` mangling.
const MAIN: &str = "_RNvCsabc_6orders4main";
/// A function of the standard library.
const WRITE: &str = "_ZN4core3fmt5write17h0123456789abcdefE";

/// A program with 3000 bytes of `serde_json` that do not compress, 2000 of `orders` that do, 1000 of
/// the standard library and 500 of C, which repeat those of `serde_json`.
fn elf() -> Elf {
    Elf::fixed(Machine::X86_64)
        .payload("code without a symbol")
        .function(PARSE, noise(3000))
        .function(MAIN, vec![7; 2000])
        .function(WRITE, noise(1000))
        .function("memcpy", noise(500))
}

/// A deflated zip of a program.
fn zip(elf: &Elf) -> Vec<u8> {
    let files = [
        Forged::file("bootstrap", 0o755, elf.bytes()).deflated(),
        Forged::file("config.toml", 0o644, "a = 1\n"),
    ];
    Forgery::of(files).bytes()
}

fn folder() -> Project {
    let folder = Project::empty();
    folder.write("f.zip", zip(&elf()));
    folder
}

fn size(folder: &Project, args: &[&str]) -> Outcome {
    folder.run(&[&["size"], args].concat())
}

#[track_caller]
fn sizes(folder: &Project, args: &[&str]) -> Vec<Value> {
    let outcome = size(folder, &[args, &["--message-format", "json"]].concat());
    let document = outcome.exits(0).json();
    let sizes = document["sizes"].as_array().unwrap();
    sizes.iter().for_each(assert_complete);
    sizes.clone()
}

fn number(value: &Value, key: &str) -> u64 {
    value[key]
        .as_u64()
        .unwrap_or_else(|| panic!("{key} of {value:#}"))
}

fn sum(list: &Value, key: &str) -> u64 {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| number(item, key))
        .sum()
}

/// The parts are together the whole, on every level.
#[track_caller]
fn assert_complete(zip: &Value) {
    let packed = sum(&zip["entries"], "compressed_bytes");
    assert_eq!(
        packed + number(zip, "overhead_bytes"),
        number(zip, "zipped_bytes")
    );
    assert_eq!(sum(&zip["entries"], "bytes"), number(zip, "unzipped_bytes"));
    for entry in zip["entries"].as_array().unwrap() {
        let parts = entry["parts"].as_array().unwrap();
        for key in ["bytes", "compressed_bytes"] {
            if !parts.is_empty() {
                assert_eq!(sum(&entry["parts"], key), number(entry, key), "{entry:#}");
            }
            for part in parts {
                let functions = sum(&part["functions"], key);
                assert!(functions == 0 || functions == number(part, key), "{part:#}");
            }
        }
    }
}

fn part<'a>(entry: &'a Value, name: &str) -> &'a Value {
    let parts = entry["parts"].as_array().unwrap();
    let found = parts.iter().find(|part| part["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {entry:#}"))
}
