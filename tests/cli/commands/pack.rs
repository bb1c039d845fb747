//! `pack`: something already built, in any language, without Cargo.

use forge::{Elf, Machine};

use crate::support::packing::{elf, folder, pack};
use crate::support::project::Project;
use crate::support::run::Outcome;
use crate::support::zip::Zip;

#[track_caller]
fn zip(folder: &Project, path: &str) -> Zip {
    Zip::parse(&folder.read(path))
}

/// The report of the one package, whatever the exit code.
#[track_caller]
fn archive(outcome: &Outcome) -> serde_json::Value {
    outcome.json()["archives"][0].take()
}

#[test]
fn any_name_becomes_an_executable_bootstrap() {
    for name in ["handler", "bootstrap", "main.x86", "Größe 1"] {
        let folder = Project::empty();
        folder.write(name, elf().bytes());
        // As it comes from a system that knows no executable bit.
        folder.set_mode(name, 0o600);
        pack(&folder, &[name]).run().exits(0);
        let zip = zip(&folder, &format!("{name}.zip"));
        let entry = zip.only_entry();
        assert_eq!(entry.name, "bootstrap");
        assert_eq!(entry.mode, 0o100_755);
        assert_eq!(entry.host, 3);
        assert!(entry.data == elf().bytes());
    }
}

#[test]
fn the_zip_lies_beside_the_executable_unless_said_otherwise() {
    let folder = folder();
    folder.write("build/handler", elf().bytes());
    pack(&folder, &["build/handler"]).run().exits(0);
    assert_eq!(folder.files("build"), ["handler", "handler.zip"]);

    for flag in ["-o", "--output"] {
        let output = format!("dist/{}.zip", flag.len());
        pack(&folder, &["handler", flag, &output]).run().exits(0);
        zip(&folder, &output).only_entry();
    }
    // As AWS's tool for Go has it: options first.
    pack(&folder, &["-o", "go.zip", "handler"]).run().exits(0);
    zip(&folder, "go.zip").only_entry();
}

#[test]
fn the_output_is_a_template_of_name_and_architecture() {
    let folder = folder();
    let output = ["handler", "-o", "dist/{arch}/{bin}-{{1}}.zip"];
    pack(&folder, &output).run().exits(0);
    assert_eq!(folder.files("dist"), ["x86_64/handler-{1}.zip"]);
}

#[test]
fn the_output_of_the_environment_is_weaker_than_that_of_the_command_line() {
    let folder = folder();
    let run = |args: &[&str]| {
        let run = pack(&folder, args).env("CARGO_LAMBDA_ZIP_OUTPUT", "env/{bin}.zip");
        run.run().exits(0);
    };
    run(&["handler"]);
    run(&["handler", "-o", "flag/{bin}.zip"]);
    assert_eq!(folder.files("env"), ["handler.zip"]);
    assert_eq!(folder.files("flag"), ["handler.zip"]);
}

#[test]
fn further_files_are_taken_as_includes() {
    let folder = folder().file("conf/a", "a").file("b", "b").file("c", "c");
    let args = ["handler", "conf", "b=x/b", "--include", "c"];
    pack(&folder, &args).run().exits(0);
    let names = ["bootstrap", "c", "conf/a", "x/b"];
    assert_eq!(zip(&folder, "handler.zip").names(), names);
}

#[test]
fn further_files_are_relative_to_the_current_folder() {
    let folder = folder().file("sub/conf/a", "a");
    let args = ["../handler", "conf", "-o", "f.zip"];
    pack(&folder, &args).from("sub").run().exits(0);
    let names = ["bootstrap", "conf/a"];
    assert_eq!(zip(&folder, "sub/f.zip").names(), names);
}

#[test]
fn the_architecture_is_that_of_the_executable() {
    for (machine, architecture) in [(Machine::Aarch64, "arm64"), (Machine::X86_64, "x86_64")] {
        let folder = Project::empty();
        folder.write("handler", Elf::fixed(machine).bytes());
        let args = ["handler", "--message-format", "json"];
        let outcome = pack(&folder, &args).run();
        let archive = archive(outcome.exits(0));
        assert_eq!(archive["architecture"], architecture);
        assert_eq!(archive["binary"]["linkage"], "static");
        outcome.says(&format!("handler {architecture}"));
    }
}

#[test]
fn a_script_for_a_shell_is_an_executable() {
    for first in ["#!/bin/sh", "#!/bin/bash -e", "#!/usr/bin/env bash"] {
        let script = format!("{first}\necho hello\n");
        let folder = Project::empty().file("run.sh", &script);
        let args = ["run.sh", "--arch", "arm64", "--message-format", "json"];
        let outcome = pack(&folder, &args).run();
        let archive = archive(outcome.exits(0));
        assert_eq!(archive["architecture"], "arm64");
        assert!(archive["binary"]["linkage"].is_null());
        let zip = zip(&folder, "run.sh.zip");
        assert_eq!(zip.only_entry().mode, 0o100_755);
        assert_eq!(zip.only_entry().data, script.as_bytes());
    }
}

#[test]
fn no_cargo_and_no_project_is_needed() {
    let folder = folder();
    pack(&folder, &["handler"])
        .env("PATH", "/nowhere")
        .env("CARGO", "/nowhere/cargo")
        .env("RUSTC", "/nowhere/rustc")
        .run()
        .exits(0)
        .says("Packaged handler x86_64");
    assert!(folder.stage().cargo_calls().is_empty());
    assert_eq!(folder.files(""), ["handler", "handler.zip"], "nothing else");
}

#[test]
fn the_report_says_what_cargo_would_know_is_not_known() {
    let folder = folder();
    let args = ["handler", "--message-format", "json"];
    let outcome = pack(&folder, &args).run();
    let archive = archive(outcome.exits(0));
    let unknown = ["package", "package_version", "target", "profile", "builder"];
    for field in unknown {
        assert!(archive[field].is_null(), "{field}");
        assert!(archive.as_object().unwrap().contains_key(field), "{field}");
    }
    assert_eq!(archive["bin"], "handler");
    assert_eq!(archive["kind"], "function");
    assert_eq!(archive["handler"], "bootstrap");
    assert_eq!(archive["fresh"], false);
    let path = archive["path"].as_str().unwrap();
    assert_eq!(std::path::Path::new(path), folder.path("handler.zip"));
    assert_eq!(archive["zipped_bytes"], folder.read("handler.zip").len());
}

#[test]
fn an_extension_keeps_its_name() {
    let folder = folder();
    let args = ["handler", "--kind", "extension", "--message-format", "json"];
    let outcome = pack(&folder, &args).run();
    let archive = archive(outcome.exits(0));
    assert_eq!(archive["kind"], "extension");
    assert!(archive["handler"].is_null());
    let zip = zip(&folder, "handler.zip");
    assert_eq!(zip.only_entry().name, "extensions/handler");
    assert_eq!(zip.only_entry().mode, 0o100_755);
}

#[cfg(unix)]
#[test]
fn the_zip_is_that_of_the_main_job() {
    let project = Project::package("orders", "")
        .compiles_to("orders/orders", &elf())
        .file("conf/a", "a");
    for options in [&[][..], &["--compression", "fast", "--include", "conf"]] {
        project.run(options).exits(0);
        let built = project.built("x86_64-unknown-linux-musl/lambda/orders");
        let args = [&[built.to_str().unwrap(), "-o", "packed.zip"], options].concat();
        pack(&project, &args).run().exits(0);
        let job = project.read("target/lambda-zip/orders-x86_64.zip");
        assert!(project.read("packed.zip") == job);
    }
}

#[test]
fn quiet_is_quiet() {
    let outcome = pack(&folder(), &["handler", "-q"]).run();
    assert_eq!(outcome.exits(0).stderr, "");
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let folder = folder();
    pack(&folder, &["handler"])
        .run()
        .exits(0)
        .says("Packaged handler");
    let written = || {
        fs_err::metadata(folder.path("handler.zip"))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = written();
    pack(&folder, &["handler"])
        .run()
        .exits(0)
        .says("Fresh handler");
    assert_eq!(written(), before);

    let mut zip = folder.read("handler.zip");
    let whole = zip.clone();
    zip[100] ^= 1;
    folder.write("handler.zip", zip);
    pack(&folder, &["handler"])
        .run()
        .exits(0)
        .says("Packaged handler");
    assert!(folder.read("handler.zip") == whole);
}

#[test]
fn a_secret_in_a_script_is_found_when_it_is_packed() {
    let script = "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAQ3EGPO7NXW2LKYBT\n\
                  export AWS_SECRET_ACCESS_KEY=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\n";
    let project = Project::empty().file("handler", script);
    project
        .run(&["pack", "handler", "-D", "secret-file"])
        .exits(1)
        .says("bootstrap");
}

#[test]
fn a_package_that_is_too_large_is_rejected_before_it_is_packed_and_nothing_comes_on_top() {
    let project = Project::empty().file("handler", "#!/bin/sh\n");
    project.add_hole("data", 2 << 20);
    project
        .run(&[
            "pack",
            "handler",
            "data",
            "--max-unzipped-size",
            "1MiB",
            "--dry-run",
        ])
        .exits(1)
        .says("`data` 2.0 MiB")
        .never_says("come on top");
}

#[test]
fn a_zip_goes_to_standard_output() {
    let folder = folder();
    folder.write("handler", "#!/bin/sh\n");
    let zip = |args: &[&str]| {
        let output = pack(&folder, args).start().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        output
    };
    let piped = zip(&["handler", "-o", "-"]);
    assert!(String::from_utf8_lossy(&piped.stderr).contains("Packaged"));
    zip(&["handler", "-output", "f.zip"]);
    assert!(piped.stdout == folder.read("f.zip"));
    assert!(!folder.path("handler.zip").exists() && !folder.path("-").exists());
    assert!(!folder.path("utput").exists());
}

#[cfg(unix)]
#[test]
fn standard_output_is_for_one_thing() {
    let folder = folder();
    folder.write("handler", "#!/bin/sh\n");
    for more in [
        &["--message-format", "github"][..],
        &["--folder", "dist"],
        &["--dry-run"],
    ] {
        let outcome = pack(&folder, &[&["handler", "-o", "-"], more].concat()).run();
        outcome.exits(2).says("`--output -`").says(more[0]);
    }
    let json = ["handler", "-o", "-", "--message-format", "json"];
    assert_eq!(
        pack(&folder, &json).run().exits(2).json()["errors"][0]["code"],
        2
    );
    let rejected = ["handler", "-o", "-", "--max-zip-size", "1"];
    pack(&folder, &rejected).run().exits(1).prints_nothing();
    let orders = Project::package("orders", "");
    orders.run(&["-o", "-"]).exits(2).says("only `pack");
}
