//! The parts of programs: crates, functions and sections.

use std::path::Path;

use forge::elf::noise;
use forge::{Elf, Forged, Forgery, Machine};
use serde_json::json;

use super::{MAIN, PARSE, elf, folder, number, part, size, sizes, zip};
use crate::support::project::Project;

#[test]
fn symbols_of_both_manglings_tell_crates_apart() {
    let zip = sizes(&folder(), &["f.zip"]).remove(0);
    let entry = &zip["entries"][0];
    assert_eq!(entry["symbols"], "program");
    for (name, kind, bytes, function) in [
        ("serde_json", "crate", 3000, "serde_json::de::from_slice"),
        ("orders", "crate", 2000, "orders::main"),
        ("std", "std", 1000, "core::fmt::write"),
        ("other languages", "native", 500, "memcpy"),
    ] {
        let part = part(entry, name);
        assert_eq!(
            (&part["kind"], number(part, "bytes")),
            (&json!(kind), bytes)
        );
        assert_eq!(part["functions"][0]["name"], function);
        assert_eq!(part["functions"][0]["bytes"], bytes);
    }
    let text = part(entry, ".text");
    assert_eq!(
        (&text["kind"], number(text, "bytes")),
        (&json!("section"), 21)
    );
    assert_eq!(part(entry, ".symtab")["kind"], "section");
    assert_eq!(part(entry, "headers")["kind"], "other");
    // The largest is the first.
    assert_eq!(entry["parts"][0]["name"], "serde_json");
    let plain = &zip["entries"][1];
    assert_eq!(
        (&plain["symbols"], &plain["parts"]),
        (&json!(null), &json!([]))
    );
}

#[test]
fn the_share_of_the_zip_follows_the_compressed_stream() {
    let zip = sizes(&folder(), &["f.zip"]).remove(0);
    let entry = &zip["entries"][0];
    let packed = |name: &str| number(part(entry, name), "compressed_bytes");
    assert!(
        packed("serde_json").abs_diff(3000) < 150,
        "{}",
        packed("serde_json")
    );
    assert!(packed("orders") < 100, "{}", packed("orders"));
    // These bytes repeat those of `serde_json`.
    assert!(packed("std") < 100, "{}", packed("std"));
    // What is stored takes as much as it has.
    let folder = Project::empty();
    folder.write(
        "f.zip",
        Forgery::of([Forged::file("bootstrap", 0o755, elf().bytes())]).bytes(),
    );
    let zip = sizes(&folder, &["f.zip"]).remove(0);
    for part in zip["entries"][0]["parts"].as_array().unwrap() {
        assert_eq!(part["bytes"], part["compressed_bytes"]);
    }
}

#[test]
fn a_stripped_program_is_told_apart_by_sections_and_there_is_a_way_to_more() {
    let folder = Project::empty();
    folder.write("f.zip", zip(&elf().stripped()));
    let found = sizes(&folder, &["f.zip"]).remove(0);
    let entry = &found["entries"][0];
    assert_eq!(entry["symbols"], "none");
    assert_eq!(number(part(entry, ".text"), "bytes"), 6521);
    let outcome = size(&folder, &["f.zip"]);
    outcome
        .exits(0)
        .prints(".text")
        .says("`bootstrap` of f.zip has no symbols");
    outcome.says("--debug-file").says("profile.NAME.strip");
    size(&folder, &["f.zip", "-q"])
        .exits(0)
        .never_says("no symbols");
    // Without headers of sections, there are segments.
    folder.write("f.zip", zip(&elf().without_section_headers()));
    let found = sizes(&folder, &["f.zip"]).remove(0);
    assert_eq!(found["entries"][0]["parts"][0]["name"], "code");
}

#[test]
fn the_debug_file_beside_the_zip_has_the_symbols() {
    let build = |id| elf().with_build_id([id; 20]);
    let folder = Project::empty();
    folder.write("f.zip", zip(&build(1).stripped()));
    folder.write("f.debug", build(1).with_debug_info(100_000).bytes());
    let found = sizes(&folder, &["f.zip"]).remove(0);
    let entry = &found["entries"][0];
    assert_eq!(entry["symbols"], "debug-file");
    let path = entry["debug_file"].as_str().unwrap();
    assert_eq!(Path::new(path), folder.path("f.debug"));
    assert_eq!(number(part(entry, "serde_json"), "bytes"), 3000);

    // One of another build says nothing about this program.
    folder.write("f.debug", build(2).bytes());
    let found = sizes(&folder, &["f.zip"]).remove(0);
    assert_eq!(found["entries"][0]["symbols"], "none");
    // It may be anywhere.
    folder.write("symbols/other", build(1).bytes());
    let found = sizes(&folder, &["f.zip", "--symbols", "symbols/other"]).remove(0);
    assert_eq!(found["entries"][0]["symbols"], "debug-file");
    size(&folder, &["f.zip", "--symbols", "none"])
        .exits(3)
        .says("the file with symbols `none` does not exist");
}

#[test]
fn a_file_with_symbols_that_fits_no_program_is_named() {
    let build = |id| elf().with_build_id([id; 20]);
    let folder = Project::empty().file("text", "text");
    folder.write("f.zip", zip(&build(1).stripped()));
    folder.write("old.zip", zip(&build(3).stripped()));
    for (name, id) in [("one", 1), ("copy", 1), ("two", 2), ("three", 3)] {
        folder.write(name, build(id).bytes());
    }
    let note = |name: &str| format!("`{name}` fits no program of the zips");
    let args = |names: &[&'static str]| {
        let symbols = names.iter().flat_map(|name| ["--symbols", name]);
        ["f.zip", "--against", "old.zip"]
            .into_iter()
            .chain(symbols)
            .collect::<Vec<_>>()
    };
    let outcome = size(&folder, &args(&["two", "one", "text", "copy", "three"]));
    outcome.exits(0).says(&note("two")).says(&note("text"));
    for name in ["one", "copy", "three"] {
        outcome.never_says(&note(name));
    }
    // It may fit the zip that cannot be read.
    let outcome = size(&folder, &["f.zip", "text", "--symbols", "two"]);
    outcome.exits(4).never_says(&note("two"));
}

#[cfg(unix)]
#[test]
fn a_program_of_the_main_job_finds_its_debug_file() {
    let orders = elf().with_build_id([3; 20]);
    let project = Project::package("orders", "").compiles_to("orders/orders", &orders);
    project.run(&["--debug-file"]).exits(0);
    let found = sizes(&project, &["target/lambda-zip/orders-x86_64.zip"]).remove(0);
    let entry = &found["entries"][0];
    assert_eq!(entry["symbols"], "debug-file");
    assert_eq!(number(part(entry, "orders"), "bytes"), 2000);
}

#[test]
fn programs_and_libraries_of_layers_are_taken_apart_too() {
    let folder = Project::empty();
    let library = Elf::static_pie(Machine::Aarch64)
        .soname("libx.so")
        .function("x_parse", noise(900));
    let layer = Forgery::of([
        Forged::file("lib/libx.so", 0o755, library.bytes()).deflated(),
        Forged::file("extensions/agent", 0o755, elf().bytes()).deflated(),
        Forged::link("lib/libx.so.1", "libx.so"),
        Forged::folder("empty/"),
    ]);
    folder.write("layer.zip", layer.bytes());
    let found = sizes(&folder, &["layer.zip"]).remove(0);
    let library = part(&found["entries"][0], "other languages");
    assert_eq!(library["functions"][0]["name"], "x_parse");
    assert_eq!(number(part(&found["entries"][1], "orders"), "bytes"), 2000);
}

#[test]
fn functions_of_one_name_are_one_and_overlaps_count_once() {
    let folder = Project::empty();
    let other_hash = PARSE.replace("0123", "4567");
    let elf = Elf::fixed(Machine::X86_64)
        .function(PARSE, noise(100))
        .function(&other_hash, noise(50))
        .function(MAIN, noise(10));
    folder.write("f.zip", zip(&elf));
    let found = sizes(&folder, &["f.zip"]).remove(0);
    let functions = part(&found["entries"][0], "serde_json")["functions"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(functions.len(), 1);
    assert_eq!(functions[0]["bytes"], 150);
}

/// Damaged tables of symbols and sections change nothing but who owns the bytes.
#[test]
fn every_byte_is_counted_once_whatever_the_headers_say() {
    let folder = Project::empty();
    let good = elf().bytes();
    let mut seed = 1_u64;
    for _ in 0..60 {
        let mut bad = good.clone();
        for _ in 0..20 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(seed >> 33).unwrap() % (bad.len() - 64);
            // The beginning and the end have the headers and the tables.
            let at = if seed & 1 == 0 {
                64 + at % 600
            } else {
                bad.len() - 1 - at % 1500
            };
            bad[at] = u8::try_from(seed >> 25 & 0xff).unwrap();
        }
        folder.write(
            "f.zip",
            Forgery::of([Forged::file("bootstrap", 0o755, bad).deflated()]).bytes(),
        );
        sizes(&folder, &["f.zip"]);
    }
}
