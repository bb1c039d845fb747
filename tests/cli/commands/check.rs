//! `check`: what is asked, and what is answered.

use forge::{Elf, Forged, Forgery, Machine};
use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::Outcome;

fn elf() -> Vec<u8> {
    Elf::static_pie(Machine::X86_64).bytes()
}

/// A package that is right.
fn good() -> Vec<u8> {
    Forgery::of([Forged::file("bootstrap", 0o755, elf())]).bytes()
}

/// A package that everybody would reject.
fn bad() -> Vec<u8> {
    Forgery::of([Forged::file("bootstrap", 0o644, elf())]).bytes()
}

fn folder() -> Project {
    let folder = Project::empty();
    folder.write("good.zip", good());
    folder.write("bad.zip", bad());
    folder
}

fn check(folder: &Project, args: &[&str]) -> Outcome {
    folder.run(&[&["check"], args].concat())
}

#[track_caller]
fn archives(outcome: &Outcome) -> Vec<Value> {
    outcome.json()["archives"].as_array().unwrap().clone()
}

fn lints(archive: &Value) -> Vec<&str> {
    let findings = archive["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["lint"].as_str().unwrap())
        .collect()
}

#[test]
fn a_good_package_is_named_with_its_sizes() {
    let outcome = check(&folder(), &["good.zip"]);
    outcome
        .exits(0)
        .prints_nothing()
        .says("Checked good x86_64");
    outcome.says(" B → 1 KiB good.zip").never_says("% of");
    outcome.never_says("warning").never_says("Summary");
}

#[test]
fn a_bad_package_is_rejected_with_the_reason_and_the_way_out() {
    let outcome = check(&folder(), &["bad.zip"]);
    outcome
        .exits(1)
        .prints_nothing()
        .says("error[not-executable]");
    outcome.says("permission denied").says("help:").says("0755");
    outcome
        .says("Rejected bad x86_64")
        .says("1 of 1 packages rejected");
}

#[test]
fn several_are_judged_and_reported_in_the_order_given() {
    let folder = folder();
    let args = [
        "good.zip",
        "bad.zip",
        "good.zip",
        "--message-format",
        "json",
    ];
    let outcome = check(&folder, &args);
    let names: Vec<Value> = archives(outcome.exits(1))
        .iter()
        .map(|a| a["bin"].clone())
        .collect();
    assert_eq!(names, ["good", "bad", "good"]);
    outcome
        .says("1 of 3 packages rejected")
        .says("Summary 2 zips");
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    // Findings first, then a line for each zip.
    for (line, start) in lines[2..]
        .iter()
        .zip(["Checked good", "Rejected bad", "Checked good"])
    {
        assert!(line.trim_start().starts_with(start), "{outcome}");
    }
}

#[test]
fn each_reason_of_many_rejected_packages_is_shown() {
    let folder = Project::empty();
    let names: Vec<String> = (0..30).map(|number| format!("{number}.zip")).collect();
    for (number, name) in names.iter().enumerate() {
        let needs = format!("libreason{}.so.1", number % 5);
        let program = Elf::dynamic(Machine::X86_64).needs(&needs, &[]).bytes();
        let zip = Forgery::of([Forged::file("bootstrap", 0o755, program)]);
        folder.write(name, zip.bytes());
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let outcome = check(&folder, &names);
    outcome.exits(1).says("30 of 30 packages rejected");
    for number in 0..5 {
        outcome.says(&format!("libreason{number}.so.1"));
    }
    outcome.never_says("other reasons");
    // Warnings reject nothing: the first two, and the number of the others.
    let warned = check(&folder, &[&names[..], &["-W", "missing-library"]].concat());
    warned.exits(0).says("for other reasons, 18 more times");
    warned.says("libreason1.so.1").never_says("libreason2.so.1");
}

#[test]
fn the_document_is_that_of_the_main_job() {
    let folder = folder();
    folder.write("handler", elf());
    let packed = folder.run(&["pack", "handler", "--message-format", "json"]);
    let packed = archives(packed.exits(0)).remove(0);
    let checked = check(&folder, &["handler.zip", "--message-format", "json"]);
    let checked = archives(checked.exits(0)).remove(0);
    assert_eq!(packed, checked);
}

#[test]
fn a_layer_and_a_stranger_are_reported_as_what_they_are() {
    let folder = Project::empty();
    let arm = Elf::fixed(Machine::Aarch64).bytes();
    let dos = Forged {
        host: 0,
        ..Forged::file("lib/x.txt", 0o644, "x")
    };
    let layer = Forgery::of([Forged::file("extensions/agent", 0o755, arm), dos]);
    folder.write("agent.zip", layer.bytes());
    let args = ["agent.zip", "--kind", "layer", "--message-format", "json"];
    let archive = archives(check(&folder, &args).exits(0)).remove(0);
    assert_eq!(archive["architecture"], "arm64");
    assert!(archive["handler"].is_null());
    assert_eq!(archive["kind"], "layer");
    assert!(archive["binary"].is_null());
    assert_eq!(archive["entries"][0]["mode"], "0755");
    assert!(archive["entries"][1]["mode"].is_null());
}

#[test]
fn standard_input_is_a_zip_too() {
    let folder = folder();
    let run = |input: &str| folder.command(&["check", "-"]).input(input).run();
    run("good.zip").exits(0).says("Checked");
    run("bad.zip").exits(1).says("not-executable");
    let nothing = check(&folder, &["-"]);
    nothing.exits(1).says("broken-zip");
    check(&folder, &["-", "-"]).exits(2).says("more than once");
}

#[test]
fn what_is_no_file_is_wrong_usage_and_what_is_not_there_is_missing() {
    let folder = folder().file("folder/x", "");
    check(&folder, &["folder"]).exits(2).says("folder");
    let device = if cfg!(windows) { "NUL" } else { "/dev/null" };
    check(&folder, &[device]).exits(2).says(device);
    check(&folder, &[]).exits(2).says("ZIP");
}

#[cfg(unix)] // needs /dev/fd
#[test]
fn what_comes_through_a_pipe_is_a_zip_too() {
    let folder = folder();
    for (zip, code) in [(good(), 0), (bad(), 1)] {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let writer = std::thread::spawn(move || std::io::Write::write_all(&mut writer, &zip));
        let mut tool = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
        // As a shell's `<(command)`.
        let tool = tool
            .args(["check", "/dev/fd/0"])
            .current_dir(folder.path("."));
        let output = tool.stdin(reader).output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        writer.join().unwrap().unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_not_waited_for() {
    let folder = folder();
    folder.add_pipe("pipe");
    let said = "pipe` is a named pipe, to which perhaps nobody writes";
    check(&folder, &["pipe"]).exits(2).says(said);
    folder.write("good.zip", good());
    check(&folder, &["good.zip", "--layer", "./pipe"])
        .exits(2)
        .says(said);
}

#[test]
fn who_reads_no_more_is_told_nothing() {
    for args in [["check", "--list"], ["check", "--help"]] {
        let mut tool = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = tool.args(args).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn a_broken_zip_is_a_finding() {
    let folder = Project::empty()
        .file("text.zip", "no zip at all")
        .file("empty.zip", "");
    let args = ["text.zip", "empty.zip", "--message-format", "json"];
    let outcome = check(&folder, &args);
    for archive in archives(outcome.exits(1)) {
        assert_eq!(lints(&archive), ["broken-zip"]);
        assert_eq!(archive["entries"], Value::Array(Vec::new()));
        assert!(archive["sha256"].is_string() && archive["zipped_bytes"].is_u64());
    }
}

#[test]
fn levels_are_those_of_all_commands() {
    let folder = folder();
    check(&folder, &["bad.zip", "-W", "not-executable"])
        .exits(0)
        .says("warning[not-executable]");
    let allowed = check(&folder, &["bad.zip", "-A", "not_executable"]);
    allowed.exits(0).never_says("not-executable");
    let old = ["good.zip", "--runtime", "provided.al2"];
    check(&folder, &old)
        .exits(0)
        .says("warning[deprecated-runtime]");
    check(&folder, &[&old[..], &["-D", "warnings"]].concat()).exits(1);
    let variable = folder
        .command(&["check", "good.zip"])
        .env("CARGO_LAMBDA_ZIP_RUNTIME", "provided.al2");
    variable.run().exits(0).says("deprecated-runtime");
    check(&folder, &["good.zip", "-D", "not-executible"])
        .exits(2)
        .says("not-executable");
}

#[test]
fn the_architecture_is_held_against_what_is_asked_for() {
    let folder = folder();
    check(&folder, &["good.zip", "--arch", "amd64"]).exits(0);
    let outcome = check(&folder, &["good.zip", "--arch", "arm64"]);
    outcome
        .exits(1)
        .says("wrong-architecture")
        .says("exec format error");
}

#[test]
fn every_lint_that_is_listed_is_explained() {
    let folder = Project::empty();
    let list = check(&folder, &["--list"]);
    let lints = list
        .exits(0)
        .stdout
        .lines()
        .map(|line| line.split(' ').next().unwrap());
    for lint in lints {
        let explained = check(&folder, &["--explain", lint]);
        explained
            .exits(0)
            .prints(lint)
            .prints("Fix:")
            .prints("Example:");
    }
    let underscored = check(&folder, &["--explain", "glibc_too_new"]);
    underscored.exits(0).prints("glibc-too-new (deny)");
    check(&folder, &["--explain", "crlf-scirpt"])
        .exits(2)
        .says("crlf-script");
    check(&folder, &["--list", "x.zip"]).exits(2);
}

#[test]
fn quiet_says_only_what_is_wrong() {
    let folder = folder();
    assert_eq!(check(&folder, &["good.zip", "-q"]).exits(0).stderr, "");
    check(&folder, &["bad.zip", "-q"])
        .exits(1)
        .says("not-executable")
        .never_says("Rejected");
}

#[cfg(unix)]
#[test]
fn what_the_tool_writes_has_no_findings() {
    let project = Project::package("orders", "").file("conf/a.toml", "a = 1\n");
    let args = ["--arch", "x86_64,arm64", "--include", "conf"];
    project.run(&args).exits(0);
    let zips = ["x86_64", "arm64"].map(|arch| format!("target/lambda-zip/orders-{arch}.zip"));
    let outcome = check(&project, &[&zips[0], &zips[1], "-D", "warnings"]);
    outcome
        .exits(0)
        .says("Checked orders-x86_64 x86_64")
        .says("Checked orders-arm64 arm64");
}

#[test]
fn a_zip_is_called_by_its_path() {
    let folder = Project::empty();
    for path in ["a/bootstrap.zip", "b/bootstrap.zip"] {
        folder.write(path, bad());
    }
    let args = ["a/bootstrap.zip", "b/bootstrap.zip", "-q"];
    let outcome = check(&folder, &args);
    outcome
        .exits(1)
        .says("error[not-executable]: a/bootstrap.zip and b/bootstrap.zip: ");
}

#[test]
fn what_is_not_known_is_not_made_up() {
    let folder = Project::empty().file("text.zip", "no zip at all");
    let script = Forged::file("bootstrap", 0o755, "#!/bin/sh\n");
    folder.write("script.zip", Forgery::of([script]).bytes());
    let args = ["text.zip", "script.zip"];
    let outcome = check(&folder, &args);
    outcome.exits(1).says("Checked script 10 B → ");
    outcome
        .says("Rejected text 13 B text.zip")
        .never_says("x86_64");
    let args = [&args[..], &["--message-format", "json"]].concat();
    let archives = archives(check(&folder, &args).exits(1));
    let [text, script] = &archives[..] else {
        panic!("two of them")
    };
    assert!(text["architecture"].is_null() && text["unzipped_bytes"].is_null());
    assert!(script["architecture"].is_null());
    assert_eq!(script["unzipped_bytes"], 10);
    let args = ["script.zip", "--arch", "arm64"];
    check(&folder, &args).exits(0).says("Checked script arm64");
}

#[test]
fn little_room_is_worth_naming_the_largest() {
    let folder = Project::empty();
    let hole = Forged::file("model.bin", 0o644, vec![0; 210 << 20]).deflated();
    let zip = Forgery::of([Forged::file("bootstrap", 0o755, elf()), hole]);
    folder.write("f.zip", zip.bytes());
    check(&folder, &["f.zip"])
        .exits(0)
        .says("Largest `model.bin` 210.0 MiB")
        .never_says("Largest zipped");
    // What layers take is no longer there for the code.
    check(&folder, &["f.zip", "--layer", "30 MiB"])
        .exits(0)
        .says("Largest");
    folder.write("good.zip", good());
    let outcome = check(&folder, &["good.zip", "--layer", "240 MiB"]);
    outcome.exits(0).says("Largest `bootstrap`");
}

#[test]
fn near_the_limit_of_a_zip_what_counts_is_zipped() {
    let folder = Project::empty();
    let stored = Forged::file("model.bin", 0o644, vec![0; 45 << 20]);
    let hole = Forged::file("hole.bin", 0o644, vec![0; 60 << 20]).deflated();
    let zip = Forgery::of([Forged::file("bootstrap", 0o755, elf()), hole, stored]);
    folder.write("f.zip", zip.bytes());
    check(&folder, &["f.zip"])
        .exits(0)
        .says("Largest zipped: `model.bin` 45.0 MiB");
}

#[test]
fn lists_and_explanations_take_no_options_of_checks() {
    let folder = Project::empty();
    for list in [&["--list"][..], &["--explain", "debug-info"]] {
        for option in [
            &["--kind", "layer"][..],
            &["--arch", "arm64"],
            &["--layer", "1MiB"],
            &["--report", "report.json"],
            &["--message-format", "json"],
            &["--print", "paths"],
            &["-D", "warnings"],
            &["--manifest-path", "Cargo.toml"],
        ] {
            let outcome = folder.run(&[&["check"], list, option].concat());
            outcome.exits(2).says("cannot be used together with");
        }
        folder.run(&[&["check"], list].concat()).exits(0);
    }
}
