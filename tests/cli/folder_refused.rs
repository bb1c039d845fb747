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
fn a_file_that_no_run_wrote() {
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
fn what_a_zip_at_the_output_contains_is_no_leave_to_touch_anything() {
    // A zip that somebody made by hand, of sources that lie beside it.
    let project = orders();
    project.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    let sources = ["conf", "src"];
    let by_hand = ["pack", "handler", "-o", "bootstrap.zip"];
    project.run(&[&by_hand[..], &sources].concat()).exits(0);
    let output = [FLAG, "-o", "bootstrap.zip"];
    project.run(&output).exits(0);
    assert_eq!(project.read("conf/a"), b"conf/a");
    assert_eq!(project.read("src/main.rs"), b"fn main() {}\n");

    let site = project.file("site/conf/a", "conf/a");
    let by_hand = ["pack", "handler", "conf", "-o", "site.zip"];
    site.run(&by_hand).exits(0);
    let outcome = site.run(&["pack", "handler", FLAG, "-o", "site.zip"]);
    outcome.exits(2).says("site/conf/a").says("no part of");
    assert_eq!(site.read("site/conf/a"), b"conf/a");
}

#[test]
fn a_script_or_program_of_somebodys_own() {
    let script = "#!/bin/sh\necho mine\n";
    let project = orders().file("dist/bootstrap", script);
    let output = ["-o", "dist/bootstrap.zip"];
    refuses(&project, &output, &["dist/bootstrap", "would be lost"]);
    project.write("handler", "#!/bin/sh\necho hi\n");
    let pack = [&["pack", "handler", FLAG], &output[..]].concat();
    project.run(&pack).exits(2).says("dist/bootstrap");
    assert_eq!(project.read("dist/bootstrap"), script.as_bytes());

    // Of an ELF file it is clear only once the program is built: not even the zip is written.
    let theirs = Elf::static_pie(Machine::X86_64).payload("somebody's own");
    project.write("dist/bootstrap", theirs.bytes());
    project.set_mode("dist/bootstrap", 0o755);
    let outcome = project.run(&[&[FLAG], &output[..]].concat());
    outcome
        .exits(2)
        .says("dist/bootstrap")
        .says("would be lost");
    assert!(project.read("dist/bootstrap") == theirs.bytes());
    assert_eq!(project.files("dist"), ["bootstrap"]);
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
    // The first time already: what a run writes must not keep the next from running.
    refuses(&project, &args, &["conf/f", "contain itself", "exclude"]);
    // A glob: of one name it would be an error that there is nothing yet.
    let left_out = [&[FLAG, "--exclude-file", "f*"], &args[..]].concat();
    for _ in 0..2 {
        project.run(&left_out).exits(0);
    }
    assert_eq!(project.files("conf/f"), ["bootstrap", "conf/a"]);
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
