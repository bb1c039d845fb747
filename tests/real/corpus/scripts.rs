//! Scripts, and what they are read by.

use std::path::PathBuf;

use super::case::{Case, prove};
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
        .finds(&["not-executable"]),
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
#[ignore = "needs AWS's emulator, bash and the readers: run tests/run"]
fn scripts() {
    prove(Section::Scripts, cases());
}
