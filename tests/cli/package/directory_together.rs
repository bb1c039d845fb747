//! Several runs that write to one folder at the same time, and what a killed one leaves to the next.

use std::os::unix::fs::MetadataExt;
use std::thread::sleep;
use std::time::Duration;

use forge::elf::noise;
use fs_err as fs;

use crate::support::project::Project;
use crate::support::run::Outcome;

const FOLDER: &str = "dist/orders";
const ARGS: [&str; 4] = ["--folder", "dist/{bin}", "--include", "conf"];

#[track_caller]
fn is_as_its_zip(project: &Project) {
    let entries = project.zip("orders-x86_64.zip").entries;
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(project.files(FOLDER), names);
    for entry in &entries {
        let path = format!("{FOLDER}/{}", entry.name);
        assert!(project.read(&path) == entry.data, "{path}");
    }
}

/// Files that differ from round to round.
fn change(project: &Project, round: u8) {
    project.write("conf/data", [&noise(256 << 10)[..], &[round]].concat());
}

#[test]
fn all_of_them_succeed() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    for round in 0..2 {
        change(&project, round);
        let run = project.command(&ARGS);
        let runs = [run.start(), run.start(), run.start()];
        for run in runs {
            let output = run.wait_with_output().unwrap();
            Outcome::new(format!("round {round}"), output).exits(0);
        }
        is_as_its_zip(&project);
    }
}

#[test]
fn a_run_waits_while_another_one_writes_to_the_folder() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    project.run(&ARGS).exits(0);
    let folder = fs::File::open(project.path(FOLDER)).unwrap();
    folder.file().lock().unwrap();
    // As it is in the middle of another run.
    let unknown = format!("{FOLDER}/conf/b");
    project.write(&unknown, "b");
    let mut run = project.command(&ARGS).start();
    sleep(Duration::from_secs(1));
    assert!(run.try_wait().unwrap().is_none(), "it waits");
    fs::remove_file(project.path(&unknown)).unwrap();
    drop(folder);
    let output = run.wait_with_output().unwrap();
    Outcome::new("the run that waited".to_owned(), output).exits(0);
    is_as_its_zip(&project);
}

#[test]
fn a_killed_run_does_not_keep_the_next_one_out() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    let inode = || {
        let zip = project.path("target/lambda-zip/orders-x86_64.zip");
        fs::metadata(zip).map(|metadata| metadata.ino()).ok()
    };
    let mut killed = 0;
    for round in 0..3 {
        change(&project, round);
        let before = inode();
        let mut run = project.command(&ARGS).start();
        // Its zip takes its place just before the folder is filled.
        while run.try_wait().unwrap().is_none() {
            if inode() != before {
                run.kill().unwrap();
                killed += 1;
                break;
            }
            sleep(Duration::from_millis(1));
        }
        run.wait().unwrap();
        project.run(&ARGS).exits(0);
        is_as_its_zip(&project);
    }
    assert!(killed > 0, "at least one run is killed in time");
}
