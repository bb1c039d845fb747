//! What an earlier run left behind never passes as new.

use std::time::SystemTime;

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::{Project, packaged};

const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";

#[test]
fn a_changed_binary_is_packaged_anew() {
    let changed = Elf::static_pie(Machine::X86_64).payload("changed");
    let project = packaged()
        .compiles_to("orders/orders", &changed)
        .file("src/main.rs", "fn main() { /* changed */ }\n");
    project.run(&[]).exits(0);
    assert!(project.zip("orders-x86_64.zip").only_entry().data == changed.bytes());
}

#[test]
fn a_binary_of_the_same_size_and_age_is_still_seen_as_changed() {
    let one = Elf::static_pie(Machine::X86_64).payload("one");
    let two = Elf::static_pie(Machine::X86_64).payload("two");
    let project = Project::package("orders", "").compiles_to("orders/orders", &one);
    project.run(&[]).exits(0);

    let built = project.built("x86_64-unknown-linux-musl/lambda/orders");
    let before: SystemTime = fs::metadata(&built).unwrap().modified().unwrap();
    fs::write(&built, two.bytes()).unwrap();
    let file = fs::File::options().write(true).open(&built).unwrap();
    file.file().set_modified(before).unwrap();

    project.run(&[]).exits(0);
    assert!(project.zip("orders-x86_64.zip").only_entry().data == two.bytes());
}

#[test]
fn a_missing_zip_is_written_again() {
    let project = packaged();
    let whole = project.read(ZIP);
    fs::remove_file(project.path(ZIP)).unwrap();
    project.run(&[]).exits(0);
    assert!(project.read(ZIP) == whole);
}

#[test]
fn a_damaged_zip_is_written_again() {
    let project = packaged();
    let whole = project.read(ZIP);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [&whole[..whole.len() - 1], &flipped] {
        fs::write(project.path(ZIP), damaged).unwrap();
        project.run(&[]).exits(0);
        assert!(project.read(ZIP) == whole);
    }
}

#[test]
fn a_changed_runtime_is_judged_anew() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.34"]);
    let project = Project::package("orders", "").compiles_to("orders/orders", &elf);
    let target = ["--target", "x86_64-unknown-linux-gnu"];
    project.run(&target).exits(0);
    let args = [&target[..], &["--runtime", "provided.al2"]].concat();
    project.run(&args).exits(1).says("glibc-too-new");
}
