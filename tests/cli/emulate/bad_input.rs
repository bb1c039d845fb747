//! What is wrong on the command line or with a zip is said before anything is started.

use std::process::Command;

use forge::{Elf, Forged, Forgery, Machine};

use super::{ECHO, function, invoke};
use crate::support::project::Project;

#[test]
fn an_event_is_json_or_a_file() {
    let project = function(ECHO).file("broken.json", "{");
    let run = |event: &str| invoke(&project, &["--event", event]);
    run("{a: 1}")
        .exits(2)
        .says("neither JSON")
        .says("help: for instance --event");
    run("missing.json")
        .exits(2)
        .says("`missing.json` is neither JSON");
    run("broken.json")
        .exits(2)
        .says("`broken.json` is not JSON");
    project.write("mark.json", "\u{feff}{}");
    run("mark.json")
        .exits(2)
        .says("`mark.json` begins with a byte order mark")
        .says("help: save it as UTF-8 without a byte order mark");
    let pipe = Command::new("mkfifo").arg(project.path("pipe")).status();
    assert!(pipe.unwrap().success());
    run("pipe")
        .exits(2)
        .says("`pipe` is neither a regular file nor a pipe of the shell");
    invoke(&project, &["--event", "-", "--event", "-"])
        .exits(2)
        .says("more than once");
    run("-")
        .exits(2)
        .says("standard input is not JSON")
        .prints_nothing();
}

#[test]
fn a_zip_is_there_and_is_a_zip() {
    let project = Project::empty()
        .file("f.zip", "no zip")
        .file("folder/a", "");
    let run = |args: &[&str]| project.run(&[&["invoke"], args].concat());
    run(&["missing.zip"])
        .exits(3)
        .says("the zip `missing.zip` does not exist");
    run(&["folder"]).exits(2).says("a folder");
    run(&["f.zip"])
        .exits(1)
        .says("warning[broken-zip]")
        .says("Lambda cannot unpack `f.zip`");
    run(&[]).exits(2).says("`ZIP` is required");
}

#[test]
fn layers_are_zips_and_each_is_given_once() {
    let project = function(ECHO).file("folder/a", "");
    project.write("l.zip", Forgery::of([Forged::file("a", 0o644, "")]).bytes());
    project.write("bad.zip", "no zip");
    let run = |layers: &[&str]| {
        let args: Vec<&str> = layers.iter().flat_map(|layer| ["--layer", layer]).collect();
        invoke(&project, &args)
    };
    run(&["l.zip"]).exits(0);
    run(&["l.zip", "folder/../l.zip"])
        .exits(2)
        .says("is given twice");
    run(&["1 MiB"]).exits(2).says("a layer without a zip");
    run(&["missing.zip"]).exits(3).says("the layer");
    run(&["bad.zip"])
        .exits(1)
        .says("Lambda cannot unpack")
        .says("bad.zip");
}

#[test]
fn timeout_and_memory_are_those_that_lambda_has() {
    let project = function(ECHO);
    for (flag, values) in [
        ("--timeout", ["0", "901", "1.5"]),
        ("--memory", ["0", "127", "10241"]),
    ] {
        for value in values {
            let outcome = invoke(&project, &[flag, value]);
            outcome
                .exits(2)
                .says(flag)
                .says(&format!("`{value}` is not a whole number of"))
                .prints_nothing();
        }
    }
}

#[test]
fn an_entry_outside_of_the_package_is_not_written() {
    let project = Project::empty();
    for names in [&["../out"][..], &["/tmp/lambda-zip-out"]] {
        let files = names.iter().map(|name| Forged::file(*name, 0o644, "x"));
        project.write("f.zip", Forgery::of(files).bytes());
        let outcome = invoke(&project, &[]);
        outcome
            .exits(1)
            .says("outside of the package")
            .prints_nothing();
    }
    let files = [
        Forged::link("a", "/tmp"),
        Forged::file("a/lambda-zip-out", 0o644, "x"),
    ];
    project.write("f.zip", Forgery::of(files).bytes());
    invoke(&project, &[])
        .exits(1)
        .says("outside of the package");
    assert!(!std::path::Path::new("/tmp/lambda-zip-out").exists());
}

#[test]
fn the_other_architecture_takes_qemu() {
    let machine = if cfg!(target_arch = "x86_64") {
        Machine::Aarch64
    } else {
        Machine::X86_64
    };
    let project = Project::empty();
    let bootstrap = Forged::file("bootstrap", 0o755, Elf::fixed(machine).bytes());
    project.write("f.zip", Forgery::of([bootstrap]).bytes());
    let outcome = super::command(&project, &[]).env("PATH", "/nowhere").run();
    outcome
        .exits(3)
        .says("qemu-")
        .says("apt install qemu-user-static")
        .prints_nothing();
}

#[test]
fn a_misspelt_variable_is_refused_as_everywhere() {
    let project = function(ECHO);
    let outcome = super::command(&project, &[])
        .env("CARGO_LAMBDA_ZIP_MESAGE_FORMAT", "json")
        .run();
    outcome.exits(2).says("MESSAGE_FORMAT");
}
