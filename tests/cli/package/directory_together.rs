//! Several runs that fill one folder at the same time, and what a killed one leaves to the next.

use std::time::Duration;

use fs_err as fs;

use crate::support::elf::noise;
use crate::support::project::Project;
use crate::support::run::Outcome;
use crate::support::zip::Zip;

const FOLDER: &str = "dist/orders";
const ARGS: [&str; 4] = ["--folder", "dist/{bin}", "--include", "conf"];

#[track_caller]
fn is_as_its_zip(project: &Project) {
    let Zip { entries, .. } = project.zip("x86_64/orders.zip");
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(project.files(FOLDER), names);
    for entry in &entries {
        let path = format!("{FOLDER}/{}", entry.name);
        assert!(project.read(&path) == entry.data, "{path}");
    }
}

#[test]
fn all_of_them_succeed() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    for round in 0..3 {
        let mut data = noise(1 << 20);
        data.push(round);
        project.write("conf/data", &data);
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
fn who_comes_while_a_folder_is_filled_waits() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    project.run(&ARGS).exits(0);
    let folder = fs::File::open(project.path(FOLDER)).unwrap();
    folder.file().lock().unwrap();
    // As it is in the middle of another run.
    let unknown = format!("{FOLDER}/conf/b");
    project.write(&unknown, "b");
    let mut run = project.command(&ARGS).start();
    std::thread::sleep(Duration::from_secs(1));
    assert!(run.try_wait().unwrap().is_none(), "it waits");
    fs::remove_file(project.path(&unknown)).unwrap();
    drop(folder);
    let output = run.wait_with_output().unwrap();
    Outcome::new("the run that waited".to_owned(), output).exits(0);
    is_as_its_zip(&project);
}

#[test]
fn a_killed_run_locks_nobody_out() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    project.run(&ARGS).exits(0);
    let mut killed = 0;
    for round in 0..3 {
        project.write("conf/data", [&noise(2 << 20)[..], &[round]].concat());
        let mut run = project.command(&ARGS).start();
        let before = project.read("target/lambda-zip/x86_64/orders.zip");
        // Its zip takes its place just before the folder is filled.
        while run.try_wait().unwrap().is_none() {
            if project.read("target/lambda-zip/x86_64/orders.zip") != before {
                run.kill().unwrap();
                killed += 1;
                break;
            }
        }
        run.wait().unwrap();
        project.run(&ARGS).exits(0);
        is_as_its_zip(&project);
    }
    assert!(killed > 0, "at least one run is killed in time");
}
