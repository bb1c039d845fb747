//! Whole outputs of the tool, each in one file beside its case: `snapshots/ROOM/CASE.txt`.
//!
//! After a message is reworded, this records all of them again, for a review of the difference:
//!
//! ```text
//! SNAPSHOTS=overwrite cargo test --test cli snapshots::
//! ```
//!
//! A new case is a file that ends where its output would begin, with the line `-- exit code --`;
//! the same command adds the output. See [`Case`] for what stands before that line.

mod case;
mod normal;
mod setup;

use std::path::PathBuf;

use fs_err as fs;
use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

use case::Case;

/// The folders of cases, each with a test of its own below, so that one room can be run alone.
const ROOMS: [&str; 10] = [
    "archive", "cargo", "cli", "commands", "config", "include", "inspect", "lint", "plan", "report",
];

fn folder(room: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/snapshots")
        .join(room)
}

/// The names in a folder, in order.
fn names(folder: PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Runs every case of a room, and compares each file with what it would be now.
#[track_caller]
fn holds(room: &str) {
    let assert = Assert::new().action_env("SNAPSHOTS").normalize_paths(false);
    let mut failures = Vec::new();
    for path in names(folder(room)) {
        let text = fs::read_to_string(&path).unwrap();
        let actual = Data::text(Case::parse(&text).run());
        let expected = Data::read_from(&path, Some(DataFormat::Text));
        if let Err(difference) = assert.try_eq(None, actual, expected) {
            failures.push(difference.to_string());
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn archive() {
    holds("archive");
}

#[test]
fn cargo() {
    holds("cargo");
}

#[test]
fn cli() {
    holds("cli");
}

#[test]
fn commands() {
    holds("commands");
}

#[test]
fn config() {
    holds("config");
}

#[test]
fn include() {
    holds("include");
}

#[test]
fn inspect() {
    holds("inspect");
}

#[test]
fn lint() {
    holds("lint");
}

#[test]
fn plan() {
    holds("plan");
}

#[test]
fn report() {
    holds("report");
}

#[test]
fn no_folder_of_cases_is_forgotten_and_they_are_at_least_sixty() {
    let folders: Vec<PathBuf> = names(folder(""))
        .into_iter()
        .filter(|path| path.is_dir())
        .collect();
    assert_eq!(folders, ROOMS.map(folder));

    let cases: usize = folders.into_iter().map(|room| names(room).len()).sum();
    assert!(cases >= 60, "{cases} cases");
}

/// A comparison that cannot fail would hold anything.
#[test]
fn another_output_is_a_failure() {
    let text = fs::read_to_string(folder("cli").join("version.txt")).unwrap();
    let actual = Data::text(Case::parse(&text).run());
    let changed = Data::text(text.replace("cargo lambda-zip ", "cargo-lambda-zip "));

    let difference = Assert::new().try_eq(None, actual, changed).unwrap_err();

    assert!(difference.to_string().contains("cargo lambda-zip"));
}
