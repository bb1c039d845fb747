//! Zips that mean harm get a verdict like any other: soon, and without much memory.

use std::process::Command;

use crate::support::elf::{Elf, Machine};
use crate::support::forge::{Forged, Forgery};
use crate::support::project::Project;
use crate::support::run::Outcome;

/// Checks a zip with little time and memory to be had: the system ends what takes more.
#[track_caller]
fn check(zip: &[u8]) -> Outcome {
    /// Seconds of computing, generous for a tool that was not optimised.
    const TIME: &str = "40";
    /// KiB of address space, most of which the threads' stacks take.
    const MEMORY: &str = "1500000";
    let folder = Project::empty();
    folder.write("f.zip", zip);
    let tool = env!("CARGO_BIN_EXE_cargo-lambda-zip");
    let limited = "ulimit -t \"$1\" && ulimit -v \"$2\" && shift 2 && exec \"$@\"";
    let output = Command::new("/bin/sh")
        .args(["-c", limited, "sh", TIME, MEMORY])
        .args([tool, "check", "f.zip"])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let outcome = Outcome::new("check f.zip".to_owned(), output);
    outcome.never_says("panicked");
    outcome
}

fn bootstrap() -> Forged {
    let elf = Elf::static_pie(Machine::X86_64);
    Forged::file("bootstrap", 0o755, elf.bytes())
}

/// More zeros than Lambda would unpack, in a few hundred KiB.
fn bomb(name: &str) -> Forged {
    Forged::file(name, 0o644, vec![0; 300 << 20]).deflated()
}

#[test]
fn a_bomb_is_told_by_what_it_declares() {
    let outcome = check(&Forgery::of([bootstrap(), bomb("bomb")]).bytes());
    outcome
        .exits(1)
        .says("unzipped-too-large")
        .says("`bomb` 300.0 MiB");
}

#[test]
fn a_bomb_that_declares_little_is_told_by_what_it_does() {
    let small = Forged {
        size: Some(200 << 20),
        ..bomb("bomb")
    };
    let outcome = check(&Forgery::of([bootstrap(), small]).bytes());
    outcome.exits(1).says("broken-zip").says("`bomb`");
}

#[test]
fn entries_that_share_one_bomb_are_not_unpacked() {
    const SIZE: u32 = 16 << 20;
    let kernel = Forged::file("0", 0o644, vec![0; SIZE as usize]).deflated();
    let share = |nth: u32| Forged {
        size: Some(SIZE),
        method: 8,
        place: Some(0),
        ..Forged::file(nth.to_string(), 0o644, "")
    };
    let entries = [kernel].into_iter().chain((1..1000).map(share));
    let outcome = check(&Forgery::of(entries).bytes());
    outcome
        .exits(1)
        .says("broken-zip")
        .says("unzipped-too-large");
}

#[test]
fn sizes_that_nobody_has_are_only_numbers() {
    let size = |size| Forged {
        size: Some(size),
        zip64: true,
        ..bootstrap().deflated()
    };
    for declared in [u32::MAX, u32::MAX - 1, 1 << 31] {
        check(&Forgery::of([size(declared)]).bytes()).exits(1);
    }
}

#[test]
fn many_entries_are_just_many() {
    let empty = |nth: u32| Forged::file(format!("d/{nth}"), 0o644, "");
    let entries = [bootstrap()].into_iter().chain((1..65_534).map(empty));
    check(&Forgery::of(entries).bytes()).exits(0);
    let strays = (0..65_534).map(|nth| Forged::file(format!("{nth}~"), 0o600, ""));
    check(&Forgery::of(strays).bytes())
        .exits(1)
        .says("stray-file");
}

#[test]
fn names_may_be_as_long_as_they_can() {
    let name = |fill: &str, nth: u32| format!("{nth:05}{}", fill.repeat(65_000 / fill.len()));
    for fill in ["x", "a/", "../", "\u{1b}["] {
        let long = |nth| Forged::file(name(fill, nth), 0o644, "");
        let entries = [bootstrap()].into_iter().chain((0..100).map(long));
        let outcome = check(&Forgery::of(entries).bytes());
        assert!(outcome.stderr.len() < 20_000, "{}", outcome.stderr.len());
        outcome.promise(!outcome.stderr.contains('\u{1b}'), "no control characters");
    }
}

#[test]
fn links_that_lead_in_circles_lead_nowhere() {
    let link = |nth: u32| Forged::link(&format!("l{nth}"), &format!("l{}/x", (nth + 1) % 1000));
    let entries = [bootstrap()].into_iter().chain((0..1000).map(link));
    check(&Forgery::of(entries).bytes())
        .exits(0)
        .says("dangling-symlink");
}
