//! A file that an earlier run has read is known by its identity; no change of its contents keeps it.

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::Project;

const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";
const WITH_DATA: [&str; 2] = ["--include", "data"];

fn orders() -> Project {
    Project::package("orders", "")
        .file("data/a.txt", "one")
        .file("data/b.txt", "two")
}

/// Two runs, after which every file is known.
#[track_caller]
fn known() -> Project {
    let project = orders();
    project.run(&WITH_DATA).exits(0);
    project.run(&WITH_DATA).exits(0).says("Fresh");
    project
}

#[track_caller]
fn packages(project: &Project, a: &str, b: &str) {
    let args = [&WITH_DATA[..], &["--verbose"]].concat();
    project.run(&args).exits(0).says("Packaged");
    let zip = project.zip("orders-x86_64.zip");
    assert_eq!(zip.entry("data/a.txt").data, a.as_bytes());
    assert_eq!(zip.entry("data/b.txt").data, b.as_bytes());
    project.run(&WITH_DATA).exits(0).says("Fresh");
}

/// Carries out `change`, and gives the file the time that it had before.
fn with_the_same_time(project: &Project, file: &str, change: impl FnOnce()) {
    let time = |path: &str| fs::metadata(project.path(path)).unwrap().modified();
    let before = time(file).unwrap();
    change();
    let opened = fs::File::options().write(true).open(project.path(file));
    opened.unwrap().file().set_modified(before).unwrap();
    assert_eq!(time(file).unwrap(), before);
}

#[test]
fn an_include_of_the_same_size_and_time_is_seen_as_changed() {
    let project = known();
    with_the_same_time(&project, "data/a.txt", || {
        project.write("data/a.txt", "ONE");
    });
    packages(&project, "ONE", "two");
}

#[test]
fn an_include_that_is_changed_by_another_of_its_names_is_seen_as_changed() {
    let project = orders();
    fs::hard_link(project.path("data/a.txt"), project.path("other")).unwrap();
    project.run(&WITH_DATA).exits(0);
    project.run(&WITH_DATA).exits(0).says("Fresh");
    with_the_same_time(&project, "data/a.txt", || project.write("other", "ONE"));
    packages(&project, "ONE", "two");
}

#[test]
fn includes_that_take_each_others_place_are_seen_as_changed() {
    let project = known();
    let path = |name: &str| project.path(name);
    fs::rename(path("data/a.txt"), path("c")).unwrap();
    fs::rename(path("data/b.txt"), path("data/a.txt")).unwrap();
    fs::rename(path("c"), path("data/b.txt")).unwrap();
    packages(&project, "two", "one");
}

#[test]
fn a_copy_with_the_same_size_and_time_is_seen_as_another_file() {
    let project = known();
    project.write("other", "ONE");
    with_the_same_time(&project, "data/a.txt", || {
        fs::rename(project.path("other"), project.path("data/a.txt")).unwrap();
    });
    packages(&project, "ONE", "two");
}

#[test]
fn a_program_without_a_client_is_a_finding_in_each_run_until_it_has_one() {
    let program = || Elf::static_pie(Machine::X86_64).with_build_id([7; 20]);
    for args in [&[][..], &["--debug-file"]] {
        let project = orders().compiles_to("orders/orders", &program().without_client());
        for _ in 0..3 {
            project.run(args).exits(0).says("no-runtime-client");
        }
        project.prepare("orders/orders", &program());
        project.write("src/main.rs", "fn main() { /* changed */ }");
        let outcome = project.run(args);
        outcome.exits(0).says("Packaged");
        outcome.promise(!outcome.stderr.contains("no-runtime-client"), "no finding");
    }
}

#[test]
fn changes_right_after_a_run_are_seen() {
    let project = known();
    for round in 100..110 {
        let text = round.to_string();
        with_the_same_time(&project, "data/a.txt", || {
            project.write("data/a.txt", &text);
        });
        project.run(&WITH_DATA).exits(0).says("Packaged");
        let zip = project.zip("orders-x86_64.zip");
        assert_eq!(zip.entry("data/a.txt").data, text.as_bytes());
    }
}

#[test]
fn a_zip_that_another_one_of_the_same_size_and_time_replaces_is_written_again() {
    let project = known();
    let right = project.read(ZIP);
    let mut wrong = right.clone();
    wrong[40] ^= 1;
    fs::write(project.path("wrong.zip"), wrong).unwrap();
    with_the_same_time(&project, ZIP, || {
        fs::rename(project.path("wrong.zip"), project.path(ZIP)).unwrap();
    });
    packages(&project, "one", "two");
    assert!(project.read(ZIP) == right);
}

#[test]
fn a_secret_is_found_in_every_run() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(4);
    let label = "PRIVATE KEY";
    let key = format!("-----BEGIN {label}-----\n{body}-----END {label}-----\n");
    let project = orders().file("data/key.txt", &key);
    for _ in 0..3 {
        project.run(&WITH_DATA).says("data/key.txt");
    }
}

#[test]
fn a_helper_is_judged_in_every_run() {
    let other = Elf::static_pie(Machine::Aarch64);
    let project = orders();
    project.write("data/tool", other.bytes());
    let finding = |project: &Project| {
        let archive = project.report(&["--include", "data=bin"])["archives"][0].take();
        archive["findings"].to_string()
    };
    let first = finding(&project);
    assert!(first.contains("bin/tool"), "{first}");
    for _ in 0..2 {
        assert_eq!(finding(&project), first);
    }
}

#[test]
fn with_verify_every_file_is_read_and_the_result_is_the_same() {
    let project = known();
    let before = project.read(ZIP);
    let args = [&WITH_DATA[..], &["--verify"]].concat();
    project.run(&args).exits(0).says("Fresh");
    assert!(project.read(ZIP) == before);
}

#[test]
fn a_zip_is_made_again_from_a_program_whose_debug_file_is_known() {
    let program = Elf::static_pie(Machine::X86_64).with_debug_info(1 << 20);
    let project = Project::package("orders", "").compiles_to("orders/orders", &program);
    project.run(&["--debug-file"]).exits(0);
    let right = project.read(ZIP);
    project.run(&["--debug-file"]).exits(0).says("Fresh");
    fs::remove_file(project.path(ZIP)).unwrap();
    let outcome = project.run(&["--debug-file", "--verbose"]);
    outcome.exits(0).says("Packaged");
    assert!(project.read(ZIP) == right);
}

#[test]
fn a_debug_file_of_the_same_size_and_time_is_written_again() {
    const FILE: &str = "target/lambda-zip/orders-x86_64.debug";
    let program = Elf::static_pie(Machine::X86_64).with_debug_info(1 << 20);
    let project = Project::package("orders", "").compiles_to("orders/orders", &program);
    for _ in 0..2 {
        project.run(&["--debug-file"]).exits(0);
    }
    let right = project.read(FILE);
    let mut wrong = right.clone();
    wrong[1000] ^= 1;
    with_the_same_time(&project, FILE, || project.write(FILE, &wrong));
    project.run(&["--debug-file"]).exits(0).never_says("Fresh");
    assert!(project.read(FILE) == right);
}

#[test]
fn a_file_of_the_same_size_and_time_in_a_folder_is_refused() {
    let project = orders();
    let args = [&WITH_DATA[..], &["--folder", "unpacked"]].concat();
    for _ in 0..2 {
        project.run(&args).exits(0);
    }
    project.run(&args).exits(0).says("Fresh");
    with_the_same_time(&project, "unpacked/data/a.txt", || {
        project.write("unpacked/data/a.txt", "ONE");
    });
    let outcome = project.run(&args);
    outcome.exits(2).says("data/a.txt` was changed since");
}
