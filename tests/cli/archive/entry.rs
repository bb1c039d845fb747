//! The zip itself: one entry as Lambda likes it, and a function of its bytes alone.

use fs_err as fs;

use crate::support::cargo::X86_64;
use crate::support::project::{Project, packaged};

#[test]
fn holds_one_executable_bootstrap_made_on_unix() {
    let zip = packaged().zip("orders-x86_64.zip");
    let entry = zip.only_entry();
    assert_eq!(entry.name, "bootstrap");
    assert_eq!(entry.mode, 0o100_755);
    assert_eq!(entry.host, 3);
}

#[test]
fn uses_nothing_an_old_unzipper_would_not_know() {
    let zip = packaged().zip("orders-x86_64.zip");
    let entry = zip.only_entry();
    assert_eq!(entry.version_needed, 20);
    assert_eq!(entry.flags, 0);
    assert_eq!(entry.extra, 0);
    assert_eq!(entry.method, 8);
}

#[test]
fn is_dated_1980() {
    let zip = packaged().zip("orders-x86_64.zip");
    let entry = zip.only_entry();
    assert_eq!((entry.date, entry.time), (1 << 5 | 1, 0));
}

#[test]
fn holds_what_cargo_built() {
    let project = packaged();
    let built = fs_err::read(project.built(X86_64).join("lambda/orders")).unwrap();
    let zip = project.zip("orders-x86_64.zip");
    assert!(zip.only_entry().data == built);
    assert!(zip.only_entry().compressed < built.len());
}

#[test]
fn is_the_same_when_made_again() {
    let project = packaged();
    let first = project.read("target/lambda-zip/orders-x86_64.zip");
    fs::remove_dir_all(project.path("target")).unwrap();
    project.run(&[]).exits(0);
    assert!(project.read("target/lambda-zip/orders-x86_64.zip") == first);
}

#[test]
fn is_the_same_under_another_umask_and_in_another_time_zone() {
    let there = packaged();
    let here = Project::package("orders", "");
    here.command(&[])
        .umask("077")
        .env("TZ", "Pacific/Auckland")
        .run()
        .exits(0);
    let zip = "target/lambda-zip/orders-x86_64.zip";
    assert!(here.read(zip) == there.read(zip));
}

#[test]
fn is_dated_as_the_reproducible_builds_variable_says() {
    let project = packaged();
    let zip = "target/lambda-zip/orders-x86_64.zip";
    let undated = project.read(zip);
    let epoch = |value: &str| project.command(&[]).env("SOURCE_DATE_EPOCH", value).run();
    epoch("1700000000").exits(0);
    assert!(project.read(zip) != undated);
    // Before the first day a zip can name, that day.
    epoch("1").exits(0);
    assert!(project.read(zip) == undated);
    epoch("yesterday").exits(2).says("SOURCE_DATE_EPOCH");
    assert!(project.read(zip) == undated);
}

#[test]
fn is_as_readable_as_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::package("orders", "");
    project.command(&[]).umask("022").run().exits(0);
    let zip = project.path("target/lambda-zip/orders-x86_64.zip");
    let mode = fs::metadata(zip).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "not the 0600 of a temporary file");
}

#[test]
fn stands_alone_in_its_folder() {
    assert_eq!(packaged().zips(), ["orders-x86_64.zip"]);
}
