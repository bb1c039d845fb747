//! `--also-binary` knows what it wrote, whatever became of the zip or of a run in between.

use std::os::unix::fs::symlink;

use fs_err as fs;

use crate::support::elf::{Elf, Machine};
use crate::support::project::Project;

const FLAG: &str = "--also-binary";
const FOLDER: &str = "target/lambda-zip/x86_64/orders";
const ZIP: &str = "target/lambda-zip/x86_64/orders.zip";
const CONF: [&str; 3] = [FLAG, "--include", "conf"];

/// A project whose folder was filled by a run, and which has changed since.
fn filled_before() -> Project {
    let project = Project::package("orders", "").with(&["conf/a", "conf/b"]);
    project.run(&CONF).exits(0);
    project.write("conf/a", "changed");
    project
}

#[track_caller]
fn is_mended(project: &Project) {
    project.run(&CONF).exits(0);
    assert_eq!(project.files(FOLDER), ["bootstrap", "conf/a", "conf/b"]);
    assert_eq!(project.read(&format!("{FOLDER}/conf/a")), b"changed");
    project.run(&CONF).exits(0).says("Fresh");
}

#[test]
fn a_run_without_the_folder_in_between() {
    let project = filled_before();
    project.run(&CONF[1..]).exits(0);
    is_mended(&project);
}

#[test]
fn a_zip_that_is_gone_or_overwritten() {
    let project = filled_before();
    fs::remove_file(project.path(ZIP)).unwrap();
    is_mended(&project);
    project.write(ZIP, "junk");
    is_mended(&project);
}

#[test]
fn a_folder_that_could_not_be_filled_for_a_while() {
    let project = filled_before();
    let folder = project.path(FOLDER).join("more");
    let args = [&CONF[..], &["--include", "src=more"]].concat();
    fs::rename(project.path(FOLDER), project.path("elsewhere")).unwrap();
    symlink("nowhere", project.path(FOLDER)).unwrap();
    project.run(&args).exits(2).says("in the way");
    fs::remove_file(project.path(FOLDER)).unwrap();
    fs::rename(project.path("elsewhere"), project.path(FOLDER)).unwrap();
    project.run(&args).exits(0);
    assert!(folder.is_dir());
    is_mended(&project);
}

#[test]
fn a_folder_becomes_a_file_and_a_file_a_folder() {
    let project = filled_before();
    let include = |rule: &str| {
        project
            .run(&[FLAG, "--include", rule])
            .exits(0)
            .stderr
            .len()
    };
    include("conf/a=conf");
    assert_eq!(project.files(FOLDER), ["bootstrap", "conf"]);
    is_mended(&project);
}

#[test]
fn a_record_that_is_lost_leaves_what_is_right_and_refuses_the_rest() {
    let project = filled_before();
    is_mended(&project);
    for damage in [true, false] {
        let records = project.path("target/.lambda-zip/folders");
        if damage {
            for record in fs::read_dir(&records).unwrap() {
                fs::write(record.unwrap().path(), "{").unwrap();
            }
        } else {
            fs::remove_dir_all(records).unwrap();
        }
        project.run(&CONF).exits(0);
    }
    project.write("conf/a", "changed again");
    let outcome = project.run(&CONF);
    outcome.exits(2).says("orders/conf/a").says("would be lost");
    outcome.says("remove that folder").says("--output");
    assert_eq!(project.read(&format!("{FOLDER}/conf/a")), b"changed");
    fs::remove_dir_all(project.path(FOLDER)).unwrap();
    project.run(&CONF).exits(0).says("Packaged");
}

#[test]
fn what_lies_where_it_goes_stays_there_when_it_is_no_longer_packed() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    let output = ["-o", "bootstrap.zip"];
    project.run(&[&CONF[..], &output].concat()).exits(0);
    project.run(&[&[FLAG], &output[..]].concat()).exits(0);
    assert_eq!(project.read("conf/a"), b"conf/a");
    // Nor does it get another mode.
    project.set_mode("conf/a", 0o600);
    let outcome = project.run(&[&CONF[..], &output].concat());
    outcome.exits(2).says("conf/a").says("by all");
}

#[test]
fn without_a_place_for_records_only_what_is_right_may_be_there() {
    let folder = Project::empty().with(&["conf/a"]);
    folder.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    let args = ["pack", "handler", "conf", FLAG, "-o", "f.zip"];
    folder.run(&args).exits(0);
    folder.run(&args).exits(0);
    folder.write("conf/a", "changed");
    let outcome = folder.run(&args);
    outcome.exits(2).says("f/conf/a").says("remove that folder");
    assert_eq!(folder.read("f/conf/a"), b"conf/a");
    fs::remove_dir_all(folder.path("f")).unwrap();
    folder.run(&args).exits(0);
}
