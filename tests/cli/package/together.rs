//! Runs at the same time in one target folder: each packages the program that it has built.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::support::project::Project;
use crate::support::run::Outcome;
use crate::support::zip::Zip;

const ROUNDS: usize = 4;

/// A package whose program says which features it has.
fn with_features() -> Project {
    let manifest = "[features]\nx = []\ny = []\n";
    (1..=4).fold(Project::package("orders", manifest), |project, number| {
        project.bin("", &format!("b{number}"))
    })
}

/// Two packages with a binary of the same name.
fn with_equal_names() -> Project {
    let bin = "[[bin]]\nname = \"bootstrap\"\npath = \"src/main.rs\"\n";
    Project::workspace("").member("a", bin).member("b", bin)
}

/// Runs the tool twice at the same time, with an output folder for each.
#[track_caller]
fn together(project: &Project, runs: [(&str, &[&str]); 2]) {
    let started = runs.map(|(folder, args)| {
        let output = format!("{folder}/{{bin}}.zip");
        let args = [args, &["-o", &output]].concat();
        project.command(&args).start()
    });
    for run in started {
        let output = run.wait_with_output().unwrap();
        Outcome::new("a run beside another".to_owned(), output).exits(0);
    }
}

/// Every zip in `folder` has a program with this mark at its end.
#[track_caller]
fn all_have(project: &Project, folder: &str, mark: &str) {
    let zips = project.files(folder);
    assert!(!zips.is_empty());
    for zip in zips {
        let read = Zip::parse(&project.read(&format!("{folder}/{zip}")));
        let program = String::from_utf8_lossy(&read.entries[0].data).into_owned();
        let program = program.trim_end();
        assert!(program.ends_with(mark), "{folder}/{zip} has no {mark}");
    }
}

#[test]
fn other_features_are_another_program() {
    let project = with_features();
    for _ in 0..ROUNDS {
        together(
            &project,
            [
                ("out-x", &["--features", "x"]),
                ("out-y", &["--features", "y"]),
            ],
        );
        all_have(&project, "out-x", "\"x\"");
        all_have(&project, "out-y", "\"y\"");
    }
}

#[test]
fn equal_names_in_two_packages_are_two_programs() {
    let project = with_equal_names();
    for _ in 0..ROUNDS {
        together(&project, [("out-a", &["-p", "a"]), ("out-b", &["-p", "b"])]);
        all_have(&project, "out-a", "a bootstrap");
        all_have(&project, "out-b", "b bootstrap");
    }
}

#[test]
fn a_plain_build_beside_a_run_changes_nothing() {
    let project = with_features();
    let target = "x86_64-unknown-linux-musl";
    let build = ["build", "--features", "y", "--target", target, "--release"];
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                let mut cargo = Command::new("cargo");
                project.stage().dress(&mut cargo);
                cargo.args(build).current_dir(project.path(""));
                assert!(cargo.output().unwrap().status.success());
            }
        });
        for _ in 0..ROUNDS {
            let args = ["--release", "--features", "x", "-o", "out-x/{bin}.zip"];
            let run = project.run(&args);
            is_over.store(run.code != Some(0), Ordering::SeqCst);
            run.exits(0);
            all_have(&project, "out-x", "\"x\"");
        }
        is_over.store(true, Ordering::SeqCst);
    });
}

#[test]
fn a_zip_of_another_package_is_not_replaced_without_a_word() {
    let project = with_equal_names();
    project.run(&["-p", "a"]).exits(0).never_says("replaces");
    project.run(&["-p", "a"]).exits(0).never_says("replaces");
    project
        .run(&["-p", "b"])
        .exits(0)
        .says("the binary `bootstrap` of package `b`")
        .says("replaces the zip of package `a`");
}
