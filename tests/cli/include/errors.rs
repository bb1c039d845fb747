//! What cannot be included is said before anything is built, and the zip of the last time stays.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use fs_err as fs;

use crate::support::project::Project;
use crate::support::run::Outcome;

const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";

/// A package with a few files, and a zip from an earlier run.
fn orders() -> Project {
    Project::package("orders", "")
        .file(ZIP, "from before")
        .with(&["a/x", "a/y", "b/x", "c.txt"])
}

/// Each of `said` is on stderr, and nothing was done.
#[track_caller]
fn refuses(project: &Project, args: &[&str], said: &[&str]) -> Outcome {
    refuses_with(2, project, args, said)
}

#[track_caller]
fn refuses_with(code: i32, project: &Project, args: &[&str], said: &[&str]) -> Outcome {
    let outcome = project.run(args);
    outcome.exits(code).prints_nothing();
    for fragment in said {
        outcome.says(fragment);
    }
    assert!(project.build_calls().is_empty(), "nothing is built");
    assert_eq!(project.read(ZIP), b"from before");
    outcome
}

#[test]
fn a_path_that_is_not_there() {
    let said = ["confg", "does not exist", "help: correct the path"];
    refuses_with(3, &orders(), &["--include", "confg"], &said);
    refuses_with(3, &orders(), &["--include", "confg/*.toml"], &said);
    refuses(&orders(), &["--include", ""], &["--include"]);
}

#[test]
fn a_path_that_is_not_there_in_a_dry_run() {
    refuses_with(
        3,
        &orders(),
        &["--include", "confg", "--dry-run"],
        &["confg"],
    );
}

#[test]
fn a_name_that_is_empty_and_the_form_of_cargo_lambda() {
    refuses(
        &orders(),
        &["--include", "a="],
        &["`a=` has no name", "`a=./`"],
    );
    refuses(&orders(), &["--include", "=b"], &["the include is empty"]);
    refuses(
        &orders(),
        &["--include", "conf:a"],
        &["cargo-lambda", "`a=conf`"],
    );
    refuses(
        &orders(),
        &["--include", "a:conf"],
        &["cargo-lambda", "`a=conf`"],
    );
}

#[test]
fn a_glob_that_matches_nothing() {
    refuses(
        &orders(),
        &["--include", "a/*.toml"],
        &["a/*.toml", "matches no"],
    );
}

#[test]
fn a_glob_whose_matches_are_all_left_out_says_by_what() {
    let all_of = ["--include", "a/**"];
    for pattern in ["a", "a/*", "[xy]"] {
        let args = [&all_of[..], &["--exclude-file", pattern]].concat();
        refuses(&orders(), &args, &["a/x", &format!("`{pattern}` leaves")]);
    }
    let other = ["--include", "a/*.toml", "--exclude-file", "x"];
    refuses(&orders(), &other, &["matches no"]);
    // Something is left.
    let args = [&all_of[..], &["--exclude-file", "x"]].concat();
    orders().run(&args).exits(0);
}

#[test]
fn a_glob_that_is_none() {
    refuses(&orders(), &["--include", "a/[x"], &["a/[x"]);
    refuses(&orders(), &["--exclude-file", "[x"], &["[x"]);
}

#[test]
fn a_path_in_a_manifest_that_is_not_there() {
    let table = "[package.metadata.lambda-zip]\ninclude = [\"confg\"]\n";
    let project = Project::package("orders", table).file(ZIP, "from before");
    refuses_with(3, &project, &[], &["confg", "does not exist"]);
}

#[test]
fn two_files_of_one_name_are_both_named() {
    let args = ["--include", "a", "--include", "b=a"];
    refuses(&orders(), &args, &["`a/x`", "b/x", "FROM=TO"]);
}

#[test]
fn a_file_where_another_needs_a_folder() {
    let args = ["--include", "a", "--include", "c.txt=a/x/y"];
    refuses(&orders(), &args, &["a/x", "folder"]);
}

#[test]
fn a_second_bootstrap() {
    let renamed = ["--include", "c.txt=bootstrap"];
    refuses(&orders(), &renamed, &["bootstrap", "c.txt"]);
    let below = ["--include", "a=bootstrap"];
    refuses(&orders(), &below, &["bootstrap"]);
    let named = orders().file("bootstrap", "");
    refuses(&named, &["--include", "bootstrap"], &["bootstrap"]);
}

#[test]
fn a_second_program_of_an_extension() {
    let table = "[package.metadata.lambda-zip]\nkind = \"extension\"\n";
    let project = Project::package("orders", table)
        .file(ZIP, "from before")
        .file("c.txt", "#!/bin/sh\n");
    project.set_mode("c.txt", 0o755);
    let args = ["--include", "c.txt=extensions/orders"];
    refuses(&project, &args, &["extensions/orders", "c.txt"]);
    project.run(&["--include", "c.txt=bootstrap"]).exits(0);
}

#[test]
fn a_name_that_leads_out_of_the_package() {
    for to in ["../x", "/x", "x/../../y", "x\\y"] {
        let rule = format!("c.txt={to}");
        refuses(&orders(), &["--include", &rule], &[to]);
    }
}

#[test]
fn what_lies_outside_and_has_no_name() {
    let project = orders();
    fs::write(project.path("../secret"), "").unwrap();
    refuses(&project, &["--include", "../secret"], &["../secret=NAME"]);
    let absolute = project.stage().path("secret");
    let absolute = absolute.to_str().unwrap();
    refuses(&project, &["--include", absolute], &["=NAME"]);
}

#[test]
fn a_name_in_a_manifest_that_leads_out_is_pointed_at() {
    let table = "[package.metadata.lambda-zip]\n\
                 include = [{ from = \"src\", to = \"../src\" }]\n";
    let project = Project::package("orders", table).file(ZIP, "from before");
    refuses(&project, &[], &["Cargo.toml:7", "../src"]);
}

#[test]
fn a_socket() {
    let project = orders();
    let _socket = UnixListener::bind(project.path("a/socket")).unwrap();
    refuses(&project, &["--include", "a"], &["a/socket"]);
}

#[test]
fn a_pipe_which_is_not_waited_for() {
    let project = orders();
    project.add_pipe("a/pipe");
    refuses(&project, &["--include", "a"], &["a/pipe"]);
}

#[test]
fn a_loop_of_links() {
    let project = orders();
    symlink("..", project.path("a/round")).unwrap();
    refuses(&project, &["--include", "a"], &["a/round", "leads back"]);
}

#[test]
fn a_link_that_leads_nowhere() {
    let project = orders();
    symlink("nowhere", project.path("a/gone")).unwrap();
    refuses(&project, &["--include", "a"], &["a/gone", "does not exist"]);
}

#[test]
fn a_preserved_link_that_leads_out_of_the_package() {
    for target in ["/etc/passwd", "../../x"] {
        let project = orders();
        symlink(target, project.path("a/out")).unwrap();
        let args = ["--include", "a", "--symlinks", "preserve"];
        refuses(&project, &args, &["a/out", target]);
    }
}

#[test]
fn a_name_that_is_not_utf_8() {
    let project = orders();
    let name = OsStr::from_bytes(b"caf\xe9");
    fs::write(project.path("a").join(name), "").unwrap();
    refuses(&project, &["--include", "a"], &["a/caf", "UTF-8"]);
}

#[test]
fn a_name_that_is_another_on_other_systems() {
    for (name, shown) in [
        ("x\\y", "a/x\\y"),
        ("x\ny", "a/x\\ny"),
        ("\u{1b}[2J", "\\u{1b}[2J"),
    ] {
        let project = orders().file(&format!("a/{name}"), "");
        for rule in ["a", "a/*", "a=b"] {
            let outcome = refuses(&project, &["--include", rule], &[shown, "rename it"]);
            outcome.promise(
                !outcome.stderr.contains('\u{1b}'),
                "nothing for the terminal",
            );
        }
        project.run(&["--include", "b"]).exits(0);
    }
    let to = ["--include", "c.txt=x\ty"];
    refuses(&orders(), &to, &["control character"]);
}

#[test]
fn a_misspelt_way_with_links() {
    refuses(&orders(), &["--symlinks", "perserve"], &["preserve"]);
}

#[test]
fn names_that_differ_only_in_case_are_warned_of() {
    let project = orders().file("d/X", "").file("d/x", "");
    if fs::read_dir(project.path("d")).unwrap().count() < 2 {
        return; // a file system that has no case cannot hold such names
    }
    let args = ["--include", "d"];
    let denied = project.run(&[&args[..], &["-D", "case-conflict"]].concat());
    denied.exits(1).says("case-conflict");
    assert_eq!(project.read(ZIP), b"from before");

    let outcome = project.run(&args);
    outcome.exits(0).says("warning").says("case-conflict");
    outcome.says("`d/X`").says("`d/x`");
    let zip = project.zip("orders-x86_64.zip");
    assert_eq!(zip.names(), ["bootstrap", "d/X", "d/x"]);
}
