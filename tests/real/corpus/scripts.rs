//! Scripts, and what they are read by.

use std::path::PathBuf;

use super::case::{Case, prove};
use super::libraries::al2023;
use super::programs::{greeting, ready};
use super::table::Section;
use super::zip::{Entry, Zip};
use crate::parts::program;

/// Lambda has a bash.
pub(super) fn bash() -> [(PathBuf, &'static str); 1] {
    [(program("bash-static"), "bin/bash")]
}

/// The function in bash, with another first line.
fn script(first_line: &str) -> Vec<u8> {
    let text = String::from_utf8(ready("function.sh")).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    format!("{first_line}\n{rest}").into_bytes()
}

fn package(name: &'static str, script: &[u8]) -> Case {
    Case::new(
        name,
        &Zip::of([Entry::new("bootstrap", script), greeting()]),
    )
    .mount(bash())
}

/// Started by `env`, which is this machine's.
fn by_env(name: &'static str, argument: &str) -> Case {
    let env = (program("env"), "usr/bin/env");
    let script = script(&format!("#!/usr/bin/env {argument}"));
    package(name, &script).mount([env]).mount(al2023())
}

fn of_first_lines() -> Vec<Case> {
    let long = |length: usize| format!("#!/var/task/{}bash", "a/".repeat(length));
    let of_a_bash_below = |name: &'static str, depth: usize| {
        let bash = fs_err::read(program("bash-static")).unwrap();
        let path = format!("{}bash", "a/".repeat(depth));
        Case::new(
            name,
            &Zip::of([
                Entry::new("bootstrap", &script(&long(depth))),
                Entry::new(&path, &bash),
                greeting(),
            ]),
        )
    };
    vec![
        by_env("by `env`", "bash"),
        by_env("by `env`, with an option", "bash -u").finds(&["missing-interpreter"]),
        by_env("by `env`, which is to split its argument", "-S bash -u"),
        by_env("by `env`, with an option of its own", "-i bash").finds(&["missing-interpreter"]),
        package(
            "of bash, after 200 blanks",
            &script(&format!("#!{}/bin/bash", " ".repeat(200))),
        ),
        package(
            "of bash, after 300 blanks",
            &script(&format!("#!{}/bin/bash", " ".repeat(300))),
        )
        .finds(&["not-an-executable"]),
        of_a_bash_below("of a bash whose name has 240 bytes", 114),
        of_a_bash_below("of a bash whose name has 270 bytes", 129).finds(&["not-an-executable"]),
    ]
}

fn cases() -> Vec<Case> {
    let crlf = String::from_utf8(script("#!/bin/bash"))
        .unwrap()
        .replace('\n', "\r\n");
    let own_bash = fs_err::read(program("bash-static")).unwrap();
    vec![
        package("of bash", &script("#!/bin/bash")),
        package("of bash, with an option", &script("#! /bin/bash -u")),
        package("line ends of Windows", crlf.as_bytes()).finds(&["crlf-script"]),
        package(
            "a first line that ends as on Windows",
            &script("#!/bin/bash\r"),
        )
        .finds(&["crlf-script"]),
        package(
            "a first line whose argument ends as on Windows",
            &script("#!/bin/bash -u\r"),
        )
        .finds(&["crlf-script"])
        .says("argument"),
        package(
            "of Python, which the runtime does not have",
            &script("#!/usr/bin/python3"),
        )
        .finds(&["missing-interpreter"]),
        package("of a program by its name alone", &script("#!bash"))
            .finds(&["missing-interpreter"]),
        package("without a first line", &script("")).finds(&["not-an-executable"]),
        package(
            "a byte order mark before the first line",
            &script("\u{feff}#!/bin/bash"),
        )
        .finds(&["not-an-executable"]),
        Case::new(
            "of a bash in the package",
            &Zip::of([
                Entry::new("bootstrap", &script("#!/var/task/bin/bash")),
                Entry::new("bin/bash", &own_bash),
                greeting(),
            ]),
        ),
        Case::new(
            "of a bash in the package that may not be executed",
            &Zip::of([
                Entry::new("bootstrap", &script("#!/var/task/bin/bash")),
                Entry::new("bin/bash", &own_bash).mode(0o644),
                greeting(),
            ]),
        )
        .finds(&["not-executable", "unusable-helper"]),
        Case::new(
            "of a bash in a layer",
            &Zip::of([
                Entry::new("bootstrap", &script("#!/opt/bin/bash")),
                greeting(),
            ]),
        )
        .layer(&Zip::of([Entry::new("bin/bash", &own_bash)])),
        Case::new(
            "of a bash that is in no layer",
            &Zip::of([
                Entry::new("bootstrap", &script("#!/opt/bin/bash")),
                greeting(),
            ]),
        )
        .finds(&["missing-interpreter"]),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, bash, env, a C compiler and the readers: run tests/run"]
fn scripts() {
    prove(
        Section::Scripts,
        cases().into_iter().chain(of_first_lines()),
    );
}
