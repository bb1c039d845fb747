//! What `pack` refuses: the same that the main job would, and nothing is lost by it.

use forge::{Elf, Machine};

use crate::support::packing::{elf, folder, pack};
use crate::support::project::Project;

#[test]
fn a_missing_file_and_a_folder_are_no_executables() {
    let folder = folder().file("build/x", "");
    let missing = pack(&folder, &["handlr"]).run();
    missing.exits(3).prints_nothing().says("handlr");
    let outcome = pack(&folder, &["build"]).run();
    outcome.exits(2).prints_nothing().says("build");
    pack(&folder, &[]).run().exits(2).says("EXECUTABLE");
    let outcome = pack(&folder, &["./handler/"]).run();
    outcome.exits(2).says("./handler/").says("as if it were");
}

#[test]
fn a_file_in_the_place_of_the_program_or_of_the_folder_of_the_zip() {
    let folder = folder().with(&["cfg/a"]);
    let outcome = pack(&folder, &["handler", "--include", "cfg/a=bootstrap"]).run();
    outcome.exits(2).says("the way of the program");
    for more in [&[][..], &["--include", "cfg"]] {
        let args = [&["handler", "-o", "cfg/a/x.zip"], more].concat();
        let outcome = pack(&folder, &args).run();
        outcome
            .exits(2)
            .says("cfg/a`, which is not a folder")
            .says("--output");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = folder();
    folder.add_pipe("pipe");
    let mut child = pack(&folder, &["pipe", "-o", "f.zip"]).start();
    let ended = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        child.try_wait().unwrap().is_some()
    });
    child.kill().unwrap();
    let code = child.wait().unwrap().code();
    assert!(ended, "still waiting for somebody to write");
    assert_eq!(code, Some(2));
}

#[test]
fn what_is_no_executable_is_rejected() {
    for contents in ["", "echo without a first line", "MZ\u{1}", "PK\u{3}\u{4}"] {
        let folder = Project::empty().file("handler", contents);
        let outcome = pack(&folder, &["handler"]).run();
        outcome.exits(1).says("not-an-executable");
        assert_eq!(folder.files(""), ["handler"]);
    }
}

#[test]
fn an_executable_for_no_lambda_is_rejected() {
    let folder = Project::empty();
    folder.write("handler", Elf::fixed(Machine::Riscv64).bytes());
    let outcome = pack(&folder, &["handler"]).run();
    outcome.exits(1).says("wrong-architecture");
    assert_eq!(folder.files(""), ["handler"]);
}

#[test]
fn an_architecture_that_is_not_that_of_the_executable_is_rejected() {
    let folder = folder().file("handler.zip", "from before");
    let outcome = pack(&folder, &["handler", "--arch", "arm64"]).run();
    outcome.exits(1).says("wrong-architecture");
    outcome.says("--arch x86_64");
    assert_eq!(folder.read("handler.zip"), b"from before");
    pack(&folder, &["handler", "--arch", "amd64"])
        .run()
        .exits(0);
}

#[test]
fn the_executable_is_checked_against_the_runtime() {
    let folder = Project::empty();
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.36"]);
    folder.write("handler", elf.bytes());
    pack(&folder, &["handler"])
        .run()
        .exits(1)
        .says("glibc-too-new");
    let warned = pack(&folder, &["handler", "-W", "glibc-too-new"]).run();
    warned.exits(0).says("warning");

    let args = ["handler", "--runtime", "provided.al2", "-D", "warnings"];
    pack(&folder, &args)
        .run()
        .exits(1)
        .says("deprecated-runtime");
}

#[test]
fn a_script_that_cannot_start_is_rejected() {
    for (script, lint) in [
        ("#!/bin/sh\r\necho hello\r\n", "crlf-script"),
        ("#!/usr/bin/python3\nprint()\n", "missing-interpreter"),
    ] {
        let folder = Project::empty().file("run", script);
        pack(&folder, &["run"]).run().exits(1).says(lint);
        assert_eq!(folder.files(""), ["run"]);
    }
}

#[test]
fn a_further_file_that_is_not_there_or_is_a_second_bootstrap_is_refused() {
    let folder = folder().file("handler.zip", "from before").file("b", "");
    for (files, said, code) in [
        (&["nowhere"][..], "nowhere", 3),
        (&["b=bootstrap"], "bootstrap", 2),
        (&["b=../b"], "../b", 2),
        (&["b", "handler=b"], "two files", 2),
    ] {
        let args = [&["handler"], files].concat();
        let outcome = pack(&folder, &args).run();
        outcome.exits(code).prints_nothing().says(said);
        assert_eq!(folder.read("handler.zip"), b"from before");
    }
}

#[test]
fn the_executable_itself_is_never_the_output() {
    let folder = folder();
    let outcome = pack(&folder, &["handler", "-o", "handler"]).run();
    outcome.exits(2).says("handler");
    assert!(folder.read("handler") == elf().bytes());
}

#[test]
fn what_is_no_zip_is_not_replaced() {
    let folder = folder().file("main.go", "package main\n");
    pack(&folder, &["handler", "-o", "main.go"]).run().exits(2);
    assert_eq!(folder.read("main.go"), b"package main\n");
}

#[test]
fn layers_and_limits_count() {
    let args = ["handler", "--layer", "250MiB"];
    let folder = folder();
    pack(&folder, &args)
        .run()
        .exits(1)
        .says("unzipped-too-large");
    assert_eq!(folder.files(""), ["handler"]);
}

#[test]
fn a_misspelt_kind_is_answered_with_what_was_meant() {
    let outcome = pack(&folder(), &["handler", "--kind", "extention"]).run();
    outcome.exits(2).prints_nothing().says("extension");
}

#[test]
fn an_output_of_what_only_cargo_knows_is_refused() {
    let folder = folder();
    let refused = |output: &str| pack(&folder, &["handler", "-o", output]).run();
    for placeholder in ["{package}", "{version}", "{target}", "{profile}"] {
        let output = format!("{placeholder}/{{bin}}.zip");
        let outcome = refused(&output);
        outcome.exits(2).says(placeholder).says("`{bin}`, `{arch}`");
    }
    refused("{bim}.zip").exits(2).says("`bin`");
    refused("dist/").exits(2).says("names a folder");
    assert_eq!(folder.files(""), ["handler"]);
}

#[cfg(unix)] // Windows allows no such name
#[test]
fn an_extension_whose_name_is_another_on_other_systems_is_refused() {
    let folder = Project::empty();
    folder.write("a\\b", elf().bytes());
    let args = ["a\\b", "--kind", "extension", "-o", "f.zip"];
    pack(&folder, &args).run().exits(2).says("backslash");
    pack(&folder, &["a\\b", "-o", "f.zip"]).run().exits(0);
}
