//! Folders of `--also-binary` that would take something's place: refused before anything is built.

use fs_err as fs;

use crate::support::elf::{Elf, Machine};
use crate::support::project::Project;
use crate::support::run::Outcome;

const FLAG: &str = "--also-binary";

fn orders() -> Project {
    Project::package("orders", "").with(&["conf/a"])
}

#[track_caller]
fn refuses(project: &Project, args: &[&str], said: &[&str]) -> Outcome {
    let outcome = project.run(&[&[FLAG], args].concat());
    outcome.exits(2).prints_nothing();
    for fragment in said {
        outcome.says(fragment);
    }
    assert!(project.build_calls().is_empty(), "nothing is built");
    outcome
}

#[test]
fn a_folder_of_the_users_own() {
    // Without `.zip`, the output is the folder of the sources.
    let project = orders();
    let output = ["-o", "src.zip"];
    refuses(
        &project,
        &output,
        &["src/main.rs", "no part of the package", "--output"],
    );
    let output = ["-o", "src.zip", "--include", "conf/a=main.rs"];
    refuses(&project, &output, &["src/main.rs", "would be lost"]);
    assert_eq!(project.read("src/main.rs"), b"fn main() {}\n");
}

#[test]
fn a_file_that_nobody_wrote_from_the_zip() {
    let project = orders().file("dist/conf/a", "somebody's own");
    let args = ["-o", "dist/bootstrap.zip", "--include", "conf"];
    refuses(&project, &args, &["dist/conf/a", "would be lost"]);
    fs::remove_file(project.path("dist/conf/a")).unwrap();
    project.run(&[&[FLAG], &args[..]].concat()).exits(0);
    // Nor one that was edited since.
    project.write("dist/conf/a", "edited");
    let outcome = project.run(&[&[FLAG], &args[..]].concat());
    outcome.exits(2).says("dist/conf/a");
    assert_eq!(project.read("dist/conf/a"), b"edited");
}

#[test]
fn a_bootstrap_that_is_no_program() {
    let project = orders().file("dist/bootstrap", "somebody's notes");
    refuses(
        &project,
        &["-o", "dist/bootstrap.zip"],
        &["dist/bootstrap", "would be lost"],
    );
    let project = orders().file("dist/bootstrap/x", "");
    refuses(&project, &["-o", "dist/bootstrap.zip"], &["dist/bootstrap"]);
}

#[test]
fn a_folder_with_what_would_be_deployed_too() {
    let project = orders();
    project.run(&[FLAG]).exits(0);
    project.write("target/lambda-zip/x86_64/orders/.env", "SECRET=1");
    let outcome = project.run(&[FLAG]);
    outcome
        .exits(2)
        .says("orders/.env")
        .says("would be deployed");
    // Beside a zip anything may lie.
    project.write("dist/.env", "SECRET=1");
    project.run(&[FLAG, "-o", "dist/bootstrap.zip"]).exits(0);
}

#[test]
fn a_foreign_zip_says_nothing_of_files_outside() {
    // Its entries are no leave to remove what they name.
    let project = orders();
    project.write("other/keep", "keep");
    project.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    let (harmless, hostile) = ("xxxxx/other/keep", "../../other/keep");
    let include = format!("other/keep={harmless}");
    let args = ["pack", "handler", FLAG, "-o", "dist/f.zip"];
    project.run(&[&args[..], &[&include]].concat()).exits(0);
    fs::remove_dir_all(project.path("dist/f/xxxxx")).unwrap();
    let mut zip = project.read("dist/f.zip");
    let length = harmless.len();
    let is_name = |&at: &usize| &zip[at..at + length] == harmless.as_bytes();
    let places: Vec<usize> = (0..zip.len() - length).filter(is_name).collect();
    assert_eq!(places.len(), 2, "in both headers");
    for at in places {
        zip[at..at + length].copy_from_slice(hostile.as_bytes());
    }
    project.write("dist/f.zip", zip);
    project.run(&args).exits(0);
    assert_eq!(project.read("other/keep"), b"keep");
    assert_eq!(project.files("dist"), ["f.zip", "f/bootstrap"]);
}

#[test]
fn folders_in_each_others_way() {
    let outputs = "[package.metadata.lambda-zip.bin]\n\
                   orders.output = \"dist/bootstrap.zip\"\nimport.output = \"dist/f.zip\"\n";
    let project = Project::package("orders", outputs)
        .bin("", "import")
        .with(&["conf/a"]);
    let args = ["--include", "conf/a=f/bootstrap"];
    refuses(
        &project,
        &args,
        &["dist/f/bootstrap", "`orders`", "`import`", "{bin}"],
    );
    let args = ["--include", "conf/a=F/x/y"];
    project.run(&[&[FLAG], &args[..]].concat()).exits(0);

    let args = ["--include", "conf/a=f.zip/x"];
    let project = Project::package("orders", outputs)
        .bin("", "import")
        .with(&["conf/a"]);
    refuses(&project, &args, &["dist/f.zip", "`orders`", "`import`"]);
    let args = ["--bin", "orders", "--include", "conf/a=bootstrap.zip"];
    refuses(&project, &args, &["dist/bootstrap.zip", "`orders`"]);
}

#[test]
fn a_folder_that_would_contain_itself() {
    let project = orders();
    let args = [
        "-o",
        "conf/f.zip",
        "--include",
        "conf",
        "--exclude-file",
        "*.zip",
    ];
    project.run(&[&[FLAG], &args[..]].concat()).exits(0);
    let outcome = project.run(&[&[FLAG], &args[..]].concat());
    outcome
        .exits(2)
        .says("conf/f")
        .says("contain itself")
        .says("exclude");
}

#[test]
fn a_folder_where_a_file_is() {
    let project = orders().file("dist/orders", "a file");
    refuses(
        &project,
        &["-o", "dist/{bin}.zip"],
        &["dist/orders", "in the way"],
    );
    assert_eq!(project.read("dist/orders"), b"a file");

    let project = orders().file("dist/conf", "a file");
    let args = ["-o", "dist/bootstrap.zip", "--include", "conf"];
    refuses(&project, &args, &["dist/conf", "in the way"]);
}
