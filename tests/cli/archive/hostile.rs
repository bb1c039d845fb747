//! Zips that mean harm get a verdict like any other: soon, and without much memory.

use std::process::Command;

use forge::{Elf, Forged, Forgery, Machine};

use crate::support::project::Project;
use crate::support::run::Outcome;

/// Checks a zip with little time and memory to be had: Unix ends what takes more.
#[track_caller]
fn check(zip: &[u8]) -> Outcome {
    check_as(&[], zip)
}

#[track_caller]
fn check_as(options: &[&str], zip: &[u8]) -> Outcome {
    /// Seconds of computing, generous for a tool that was not optimised.
    const TIME: &str = "40";
    /// KiB of address space, most of which the threads' stacks take.
    const MEMORY: &str = "1500000";
    let folder = Project::empty();
    folder.write("f.zip", zip);
    let tool = env!("CARGO_BIN_EXE_cargo-lambda-zip");
    let mut command = if cfg!(unix) {
        let limited = "ulimit -t \"$1\" && ulimit -v \"$2\" && shift 2 && exec \"$@\"";
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", limited, "sh", TIME, MEMORY, tool]);
        shell
    } else {
        Command::new(tool)
    };
    let output = command
        .args(["check", "f.zip"])
        .args(options)
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
fn what_was_not_looked_at_is_never_right() {
    let lie = Forged {
        size: Some(300 << 20),
        ..Forged::file("lie", 0o644, "x").deflated()
    };
    let allowed = ["-A", "unzipped-too-large"];
    check_as(&allowed, &Forgery::of([bootstrap(), lie]).bytes())
        .exits(1)
        .says("does not unpack to the size");
    let large = Forgery::of([bootstrap(), bomb("bomb")]).bytes();
    check_as(&allowed, &large)
        .exits(1)
        .says("`bomb` was not checked");
    check(&large).exits(1).never_says("was not checked");
}

#[test]
fn an_offset_that_no_file_has_is_a_verdict() {
    let mut zip = Forgery {
        zip64: true,
        ..Forgery::of([bootstrap()])
    }
    .bytes();
    // In the locator, before the end record: where the record with 64 bits is.
    let offset = zip.len() - 22 - 12;
    zip[offset..offset + 8].fill(0xff);
    check(&zip).exits(1).says("broken-zip");
}

#[test]
fn names_that_are_not_utf8_are_still_different() {
    let file = |name: &[u8]| Forged::file(name, 0o644, "");
    let zip = Forgery::of([bootstrap(), file(b"\x8e.txt"), file(b"\x99.txt")]);
    check(&zip.bytes())
        .exits(0)
        .says("odd-name")
        .never_says("duplicate-entry");
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

/// An ELF file of which all is loaded at the addresses it has in the file: `data`, at [`DATA`], and a
/// dynamic segment with `entries`.
fn elf(data: &[u8], entries: impl IntoIterator<Item = (u64, u64)>) -> Vec<u8> {
    let entries = entries.into_iter().chain([(0, 0)]);
    let dynamic: Vec<u8> = entries
        .flat_map(|(tag, value)| [tag, value])
        .flat_map(u64::to_le_bytes)
        .collect();
    let at = DATA + data.len() as u64;
    let end = at + dynamic.len() as u64;
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0".to_vec();
    elf.extend([DATA, 64, 0].map(u64::to_le_bytes).concat());
    elf.extend([0, 0, 64, 56, 2, 64, 0, 0].map(u16::to_le_bytes).concat());
    for (kind, start, size) in [(1_u32, 0, end), (2, at, end - at)] {
        elf.extend([kind, 5].map(u32::to_le_bytes).concat());
        elf.extend(
            [start, start, start, size, size, 8]
                .map(u64::to_le_bytes)
                .concat(),
        );
    }
    [elf.as_slice(), data, &dynamic].concat()
}

/// Where the data of an [`elf`] is: behind the headers.
const DATA: u64 = 64 + 2 * 56;

const DT_NEEDED: u64 = 1;
const DT_STRTAB: u64 = 5;
const DT_STRSZ: u64 = 10;
const DT_RPATH: u64 = 15;
const DT_RUNPATH: u64 = 29;
const DT_VERNEED: u64 = 0x6fff_fffe;

/// A bootstrap that begins well and names `count` strings, each of a MiB.
#[test]
fn one_long_string_is_not_kept_thousands_of_times() {
    let strings = [vec![b'a'; 1 << 20], vec![0]].concat();
    let table = [(DT_STRTAB, DATA), (DT_STRSZ, strings.len() as u64)];
    for tag in [DT_NEEDED, DT_RPATH, DT_RUNPATH] {
        for start in [0, (1 << 20) - 4000] {
            let named = (0..50_000).map(|_| (tag, start));
            let program = elf(&strings, table.into_iter().chain(named));
            let program = Forged::file("bootstrap", 0o755, program).deflated();
            check(&Forgery::of([program]).bytes())
                .exits(1)
                .says("names more libraries and symbols than any program needs");
        }
    }
}

#[test]
fn lists_that_share_their_records_are_not_read_again_and_again() {
    let record = [
        [1, 1].map(u16::to_le_bytes).concat(),
        [1, 16, 16].map(u32::to_le_bytes).concat(),
    ];
    let records = record.concat().repeat(200_000);
    let program = elf(&records, [(DT_STRTAB, DATA), (DT_VERNEED, DATA)]);
    let program = Forged::file("bootstrap", 0o755, program).deflated();
    check(&Forgery::of([program]).bytes())
        .exits(1)
        .says("names more libraries and symbols than any program needs");
}

/// Libraries that have each other looked for in all folders of all that came before.
#[test]
fn nobody_searches_for_ever() {
    let strings = |nth: u32| {
        let paths = (0..500)
            .map(|path| format!("p{nth}/{path}"))
            .collect::<Vec<_>>();
        format!(
            "\0lib/l{}.so\0nowhere{nth}.so\0{}\0",
            nth + 1,
            paths.join(":")
        )
    };
    let library = |nth: u32| {
        let strings = strings(nth);
        let offset = |part: &str| strings.find(part).unwrap_or(0) as u64;
        let entries = [
            (DT_STRTAB, DATA),
            (DT_STRSZ, strings.len() as u64),
            (DT_NEEDED, offset("lib/")),
            (DT_NEEDED, offset("nowhere")),
            (DT_RPATH, offset(&format!("p{nth}/"))),
        ];
        let padded = strings.clone() + &" ".repeat(100_000);
        elf(padded.as_bytes(), entries)
    };
    let name = |nth: u32| {
        if nth == 0 {
            "bootstrap".to_owned()
        } else {
            format!("lib/l{nth}.so")
        }
    };
    let file = |nth| Forged::file(name(nth), 0o755, library(nth)).deflated();
    check(&Forgery::of((0..600).map(file)).bytes()).exits(1);
}

#[test]
fn links_as_long_as_books_are_too_long() {
    for target in ["a/", "../", "x"] {
        let link = Forged::link("bootstrap", &target.repeat(4 << 20)).deflated();
        check(&Forgery::of([link]).bytes())
            .exits(1)
            .says("longer than Linux allows");
    }
}

#[test]
fn links_through_links_are_followed_as_far_as_need_be() {
    let on = |nth: u32| format!("{}c{nth}", "a/../".repeat(810));
    let chain = (0..38).map(|nth| Forged::link(&format!("c{nth}"), &on(nth + 1)));
    let to_it = (0..60_000).map(|nth| Forged::link(&format!("l{nth}"), "c0"));
    let files = [
        bootstrap(),
        Forged::file("c38", 0o644, "x"),
        Forged::folder("a/"),
    ];
    let entries = files.into_iter().chain(chain).chain(to_it);
    check(&Forgery::of(entries).bytes())
        .exits(1)
        .says("unsafe-path")
        .says("could not be followed");
}

#[test]
fn a_layer_of_many_files_is_looked_at_once() {
    let misplaced = (0..65_000).map(|nth| Forged::file(format!("mylib/lib/{nth}"), 0o644, ""));
    check_as(&["--kind", "layer"], &Forgery::of(misplaced).bytes())
        .exits(0)
        .says("`mylib/lib/`");
}

#[test]
fn debug_information_is_no_larger_than_its_file() {
    const SECTION: usize = 64;
    let mut program = Elf::static_pie(Machine::X86_64)
        .with_debug_info(2 << 20)
        .bytes();
    let number = |at: usize| -> usize {
        let bytes = program[at..at + 8].try_into().unwrap();
        u64::from_le_bytes(bytes).try_into().unwrap()
    };
    // Of each section, the size, if its bytes are those of the debug information.
    let sections = (number(40)..=program.len() - SECTION).step_by(SECTION);
    let sizes: Vec<usize> = sections.map(|section| section + 32).collect();
    let debug = sizes
        .into_iter()
        .find(|size| number(*size) == 2 << 20)
        .unwrap();
    program[debug..debug + 8].copy_from_slice(&(1_u64 << 62).to_le_bytes());
    let program = Forged::file("bootstrap", 0o755, program);
    check(&Forgery::of([program]).bytes())
        .exits(0)
        .says("contains 2.0 MiB of debug information");
}
