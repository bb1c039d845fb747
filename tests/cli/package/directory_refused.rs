//! Folders of `--folder` with something in them that this tool did not write: refused before
//! anything is built, and left as they are.

use std::os::unix::fs::symlink;

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::Project;
use crate::support::run::{Outcome, wait_until};

const CONF: [&str; 4] = ["--folder", "dist", "--include", "conf"];

fn orders() -> Project {
    Project::package("orders", "").with(&["conf/a"])
}

#[track_caller]
fn refuses(project: &Project, args: &[&str], said: &[&str]) {
    let builds = project.build_calls().len();
    let outcome = project.run(args);
    outcome.exits(2).prints_nothing().says("--folder");
    for fragment in said {
        outcome.says(fragment);
    }
    assert_eq!(project.build_calls().len(), builds, "nothing is built");
}

#[test]
fn a_folder_of_the_users_own() {
    let project = orders();
    refuses(
        &project,
        &["--folder", "src"],
        &["src/main.rs", "not in the record"],
    );
    refuses(&project, &["--folder", "."], &["the zip"]);
    assert_eq!(project.read("src/main.rs"), b"fn main() {}\n");
    // The same bytes as in the package are no proof.
    let project = project.file("dist/conf/a", "conf/a");
    refuses(&project, &CONF, &["dist/conf/a", "not in the record"]);
}

#[test]
fn what_was_changed_or_added_since_it_was_written() {
    let project = orders();
    project.run(&CONF).exits(0);
    project.write("dist/.env", "SECRET=1");
    refuses(&project, &CONF, &["dist/.env", "not in the record"]);
    fs::remove_file(project.path("dist/.env")).unwrap();
    project.write("dist/conf/a", "edited");
    // Also if the package no longer has it.
    for args in [&CONF[..], &CONF[..2]] {
        refuses(&project, args, &["dist/conf/a", "changed since"]);
        assert_eq!(project.read("dist/conf/a"), b"edited");
    }
    // A link is not the file that it leads to, nor is a folder that it leads to ours.
    fs::remove_file(project.path("dist/conf/a")).unwrap();
    symlink("../../conf/a", project.path("dist/conf/a")).unwrap();
    refuses(&project, &CONF, &["dist/conf/a", "changed since"]);
    fs::remove_dir_all(project.path("dist/conf")).unwrap();
    symlink("../conf", project.path("dist/conf")).unwrap();
    refuses(&project, &CONF, &["dist/conf` is not in the record"]);
    assert_eq!(project.read("conf/a"), b"conf/a");
}

#[test]
fn what_comes_while_the_program_is_built() {
    let project = orders();
    project.stage().hold_compilers();
    let run = project.command(&CONF).start();
    wait_until("the compiler runs", || project.stage().is_compiling());
    project.write("dist/notes", "mine");
    project.stage().let_compilers_go();
    let outcome = Outcome::new("the run".to_owned(), run.wait_with_output().unwrap());
    outcome
        .exits(2)
        .says("dist/notes")
        .says("not in the record");
    assert_eq!(project.files("dist"), ["notes"]);
    assert_eq!(project.zips(), [""; 0], "not even the zip is written");
}

#[test]
fn a_folder_whose_record_is_lost() {
    let project = orders();
    let records = project.path("target/.lambda-zip/folders");
    project.run(&CONF).exits(0);
    for record in fs::read_dir(&records).unwrap() {
        fs::write(record.unwrap().path(), "{").unwrap();
    }
    refuses(
        &project,
        &CONF,
        &["dist/bootstrap", "not in the record", "remove"],
    );
    fs::remove_dir_all(records).unwrap();
    refuses(&project, &CONF, &["dist/bootstrap", "not in the record"]);
    fs::remove_dir_all(project.path("dist")).unwrap();
    project.run(&CONF).exits(0).says("Packaged");
}

#[test]
fn a_path_that_is_not_a_folder() {
    let project = orders().file("file", "mine");
    symlink("nowhere", project.path("link")).unwrap();
    project.add_pipe("pipe");
    for path in ["file", "file/below", "link", "link/below", "pipe"] {
        refuses(&project, &["--folder", path], &["is not a folder"]);
    }
    assert_eq!(project.read("file"), b"mine");
    let folder = project.path("dist");
    fs::create_dir(&folder).unwrap();
    project.add_pipe("dist/pipe");
    refuses(&project, &CONF, &["dist/pipe"]);
}

#[test]
fn a_folder_that_would_contain_itself_its_zip_or_its_sources() {
    let project = orders();
    let args = ["--include", "conf", "--folder", "conf/f"];
    // The first time already: what a run writes must not keep the next one from running.
    refuses(&project, &args, &["conf/f", "contain itself", "exclude"]);
    let left_out = [&args[..], &["--exclude-file", "f*"]].concat();
    for _ in 0..2 {
        project.run(&left_out).exits(0);
    }
    assert_eq!(project.files("conf/f"), ["bootstrap", "conf/a"]);

    project.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    let into = |folder| ["--folder", folder, "-o", "out/f.zip"];
    for command in [&[][..], &["pack", "handler"]] {
        for folder in ["out", "Out", "out/f.zip", "out/f.zip/x"] {
            let args = [command, &into(folder)].concat();
            refuses(&project, &args, &["out/f.zip", "--output"]);
        }
    }
    project.write("site/bootstrap", Elf::static_pie(Machine::X86_64).bytes());
    let pack = ["pack", "site/bootstrap", "-o", "f.zip", "--folder", "site"];
    refuses(
        &project,
        &pack,
        &["site/bootstrap", "goes into the package"],
    );
    let layer = ["layer", "x", "--include", "conf/a=a", "--folder", "conf"];
    refuses(&project, &layer, &["conf` would contain itself"]);
}

#[test]
fn folders_of_two_packages_that_overlap() {
    let overlap = |one: &str, other: &str, outputs: [&str; 2]| {
        let [a, b] = outputs;
        let tables = format!(
            "[package.metadata.lambda-zip.bin]\n\
             orders = {{ folder = \"{one}\", output = \"{a}\" }}\n\
             import = {{ folder = \"{other}\", output = \"{b}\" }}\n"
        );
        let project = Project::package("orders", &tables).bin("", "import");
        refuses(&project, &[], &["`orders`", "`import`", "{bin}"]);
    };
    let apart = ["a.zip", "b.zip"];
    overlap("dist", "dist", apart);
    overlap("dist", "Dist/import", apart);
    overlap("dist/orders", "dist", apart);
    overlap("x", "y", ["a.zip", "x/b.zip"]);
    overlap("x", "y/a.zip/z", ["y/a.zip", "b.zip"]);
    refuses(
        &orders(),
        &["--arch", "arm64,x86_64", "--folder", "dist/{bin}"],
        &["x86_64", "aarch64", "{arch}"],
    );
}

#[test]
fn a_folder_inside_that_of_another_package_or_of_this_tool() {
    let project = orders().bin("", "import");
    let run = |bin, folder| ["--bin", bin, "--folder", folder];
    project.run(&run("orders", "dist")).exits(0);
    refuses(
        &project,
        &run("import", "dist/deeper/still"),
        &["dist` holds the files of another package"],
    );
    for inside in ["target/.lambda-zip", "target/.lambda-zip/x"] {
        refuses(&project, &run("import", inside), &["keeps its records"]);
    }
    fs::remove_dir_all(project.path("dist")).unwrap();
    project.run(&run("import", "dist/deeper")).exits(0);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_before_the_build() {
    let project = orders();
    fs::create_dir(project.path("locked")).unwrap();
    project.set_mode("locked", 0o555);
    let run = project.command(&["--folder", "locked/f"]);
    let outcome = run.bound_by_permissions().run();
    outcome
        .exits(4)
        .says("could not write to the folder")
        .says("locked/f");
    assert!(project.build_calls().is_empty(), "nothing is built");
    project.set_mode("locked", 0o755);
}
