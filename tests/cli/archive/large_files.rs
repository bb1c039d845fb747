//! Large files: right to the last byte where they fit, and refused before any work where not.

use std::thread;
use std::time::{Duration, Instant};

use forge::elf::{Elf, Machine, noise};
use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::{Outcome, Run};
use crate::support::zip::Zip;

const MIB: u64 = 1 << 20;
const BEFORE: &str = "from before";

/// A folder with an executable, and a zip from an earlier run.
fn folder() -> Project {
    let folder = Project::empty().file("handler.zip", BEFORE);
    folder.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    folder
}

fn pack<'a>(folder: &'a Project, args: &[&str]) -> Run<'a> {
    folder.command(&[&["pack", "handler", "--message-format", "json"], args].concat())
}

/// Sizes at which the way of compressing changes, by itself and by what comes before.
#[test]
fn files_around_32_mib_come_out_whole_whatever_the_number_of_threads() {
    const SIZES: [u64; 6] = [
        20 * MIB,
        12 * MIB,
        12 * MIB + 1,
        32 * MIB - 1,
        32 * MIB,
        32 * MIB + 1,
    ];
    let folder = folder();
    for (nth, size) in SIZES.iter().enumerate() {
        folder.add_hole(&format!("data/{nth}"), *size);
    }
    let zips = ["1", "3"].map(|threads| {
        let run = pack(&folder, &["data", "--compression", "fast"]);
        run.env("RAYON_NUM_THREADS", threads).run().exits(0);
        folder.read("handler.zip")
    });
    assert!(zips[0] == zips[1], "one zip");

    let zip = Zip::parse(&zips[0]);
    assert_eq!(zip.entries.len(), 1 + SIZES.len());
    for (nth, size) in SIZES.iter().enumerate() {
        let data = &zip.entry(&format!("data/{nth}")).data;
        assert_eq!(data.len() as u64, *size);
        assert!(data.iter().all(|byte| *byte == 0), "{size} zeros");
    }
}

#[test]
fn a_large_file_that_does_not_shrink_is_stored() {
    let folder = folder();
    // The end of the second one is too short for a chunk of its own.
    for (size, level) in [(33 << 20, "6"), ((32 << 20) + 300_000, "fast")] {
        let bytes = noise(size);
        folder.write("photos", &bytes);
        let run = pack(&folder, &["photos", "--compression", level]);
        run.run().exits(0);
        let zip = Zip::parse(&folder.read("handler.zip"));
        let entry = zip.entry("photos");
        assert!(entry.data == bytes);
        assert_eq!((entry.method, entry.compressed), (0, bytes.len()));
    }
}

#[cfg(unix)] // needs a limit of the system
#[test]
fn a_zip_beyond_the_limit_of_files_is_an_error() {
    let folder = folder();
    folder.write("photos", noise(2 << 20));
    let outcome = pack(&folder, &["photos"]).largest_file("1000").run();
    outcome
        .exits(4)
        .says("handler.zip`: File too large")
        .never_says(".lambda-zip-");
    assert_eq!(folder.files("."), ["handler", "handler.zip", "photos"]);
    assert_eq!(folder.read("handler.zip"), BEFORE.as_bytes());
}

#[test]
fn a_large_file_comes_out_whole_at_every_level() {
    let folder = folder();
    let mut bytes = vec![0; 34 << 20];
    bytes[13 << 20..][..9 << 20].copy_from_slice(&noise(9 << 20));
    folder.write("model", &bytes);
    for level in ["0", "1", "2", "6", "9", "12", "fast", "default", "best"] {
        let run = pack(&folder, &["model", "--compression", level]);
        run.run().exits(0);
        let zip = Zip::parse(&folder.read("handler.zip"));
        assert!(zip.entry("model").data == bytes, "level {level}");
    }
}

/// Rejected for its size, and no byte of it compressed: nothing is new in the folder, and nothing
/// has a compressed size.
#[track_caller]
fn rejects(folder: &Project, run: Run<'_>, files: &[String]) -> Outcome {
    let outcome = run.run();
    outcome
        .exits(1)
        .says("unzipped-too-large")
        .says("262144000");
    assert_eq!(folder.files(""), files, "no zip, and no part of one");
    let archive = &outcome.json()["archives"][0];
    assert_eq!(archive["zipped_bytes"], Value::Null);
    for entry in archive["entries"].as_array().unwrap() {
        assert_eq!(entry["compressed_bytes"], Value::Null, "{entry}");
    }
    outcome
}

#[test]
fn an_include_of_300_mb_is_rejected_and_the_largest_entries_are_named() {
    let folder = folder().file("assets/small", "small");
    folder.add_hole("assets/model.bin", 300 * MIB);
    folder.add_hole("assets/words.bin", 40 * MIB);
    let files = folder.files("");

    let outcome = rejects(&folder, pack(&folder, &["assets"]), &files);

    let finding = outcome
        .says("`assets/model.bin` 300.0 MiB")
        .says("`assets/words.bin` 40.0 MiB");
    let at = |name| finding.stderr.find(name).unwrap();
    finding.promise(at("model.bin") < at("words.bin"), "the largest first");
    assert_eq!(folder.read("handler.zip"), BEFORE.as_bytes());
}

#[cfg(unix)]
#[test]
fn an_include_of_300_mb_is_rejected_by_the_main_job_too() {
    const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";
    let project = Project::package("orders", "").file(ZIP, BEFORE);
    project.add_hole("assets/model.bin", 300 * MIB);

    let outcome = project.run(&["--include", "assets"]);

    outcome
        .exits(1)
        .says("unzipped-too-large")
        .says("`assets/model.bin` 300.0 MiB");
    assert_eq!(project.zips(), ["orders-x86_64.zip"], "and no part of one");
    assert_eq!(project.read(ZIP), BEFORE.as_bytes());
}

/// A terabyte takes an hour to compress, and minutes only to read.
#[test]
fn what_is_too_large_is_not_even_read() {
    let folder = folder();
    folder.add_hole("model.bin", 1 << 40);
    let mut child = pack(&folder, &["model.bin"]).start();
    let start = Instant::now();
    let exit = loop {
        let exit = child.try_wait().unwrap();
        if exit.is_some() || start.elapsed() > Duration::from_secs(20) {
            break exit;
        }
        thread::sleep(Duration::from_millis(20));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    let exit = exit.expect("an answer before the file can have been read");
    assert_eq!(exit.code(), Some(1));
    assert_eq!(folder.read("handler.zip"), BEFORE.as_bytes());
}
