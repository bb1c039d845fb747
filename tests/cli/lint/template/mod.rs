//! `check --template`: the zips of a template, against what it says of them.

mod conditions;
mod fit;
mod forms;
mod references;
mod unreadable;
mod values;

use forge::{Elf, Forged, Forgery, Machine};
use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::Outcome;

fn zip(machine: Machine) -> Vec<u8> {
    let elf = Elf::static_pie(machine).bytes();
    Forgery::of([Forged::file("bootstrap", 0o755, elf)]).bytes()
}

fn layer(machine: Machine) -> Vec<u8> {
    let elf = Elf::static_pie(machine).bytes();
    Forgery::of([Forged::file("bin/agent", 0o755, elf)]).bytes()
}

/// A folder with packages and layers for both architectures.
fn folder() -> Project {
    let folder = Project::empty();
    folder.write("arm.zip", zip(Machine::Aarch64));
    folder.write("x86.zip", zip(Machine::X86_64));
    folder.write("layer-arm.zip", layer(Machine::Aarch64));
    folder.write("layer-x86.zip", layer(Machine::X86_64));
    let extension = Forged::file(
        "extensions/agent",
        0o755,
        Elf::fixed(Machine::Aarch64).bytes(),
    );
    folder.write("extension.zip", Forgery::of([extension]).bytes());
    folder
}

/// A SAM template with one function that has these properties.
fn sam(properties: &str) -> String {
    let properties = properties.replace('\n', "\n      ");
    format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: bootstrap
      {properties}
"
    )
}

fn check(folder: &Project, template: &str) -> Outcome {
    folder.write("template.yaml", template);
    folder.run(&["check", "--template", "template.yaml"])
}

/// The run of `check` for the template in the folder, with its results in `format`.
fn in_format(folder: &Project, format: &str) -> Outcome {
    folder.run(&[
        "check",
        "--template",
        "template.yaml",
        "--message-format",
        format,
    ])
}

fn report(folder: &Project, template: &str) -> Value {
    folder.write("template.yaml", template);
    in_format(folder, "json").json()
}

/// The lints of all archives and of the run, and the reasons of what is unchecked.
fn results(folder: &Project, template: &str) -> (Vec<String>, Vec<String>) {
    let report = report(folder, template);
    let texts = |values: Vec<&Value>| {
        values
            .iter()
            .map(|v| v.as_str().unwrap().to_owned())
            .collect()
    };
    let archives = report["archives"].as_array().unwrap().iter();
    let lints = archives.flat_map(|archive| archive["findings"].as_array().unwrap());
    let lints = lints.chain(report["findings"].as_array().unwrap());
    let unchecked = report["unchecked"].as_array().into_iter().flatten();
    assert!(report.get("errors").is_none(), "{report}");
    (
        texts(lints.map(|finding| &finding["lint"]).collect()),
        texts(unchecked.map(|unchecked| &unchecked["reason"]).collect()),
    )
}

/// The template is right, and all of it is checked.
#[track_caller]
fn assert_fits(folder: &Project, template: &str) {
    assert_eq!(results(folder, template), (vec![], vec![]), "{template}");
}

#[track_caller]
fn assert_mismatch(folder: &Project, template: &str) {
    let (lints, unchecked) = results(folder, template);
    assert_eq!(lints, ["template-mismatch"], "{template}");
    assert!(unchecked.is_empty(), "{unchecked:?} of {template}");
}

/// Nothing is wrong, and something is not checked for a reason with these words.
#[track_caller]
fn assert_unchecked(folder: &Project, template: &str, reason: &str) {
    let (lints, unchecked) = results(folder, template);
    assert!(lints.is_empty(), "{lints:?} of {template}");
    let [one] = &unchecked[..] else {
        panic!("{unchecked:?} of {template}")
    };
    assert!(one.contains(reason), "{one} of {template}");
}
