//! Runs that were killed leave half-written files behind; later ones remove them once that is safe.

use std::time::{Duration, SystemTime};

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::Project;

const LEFT: &str = ".lambda-zip-aB3xY9";
const HOURS: Duration = Duration::from_secs(60 * 60);

fn age(project: &Project, path: &str, age: Duration) {
    let file = fs::File::options().write(true).open(project.path(path));
    let file = file.unwrap();
    file.file().set_modified(SystemTime::now() - age).unwrap();
}

fn orders(left: &[&str]) -> Project {
    let project = Project::package("orders", "").with(&["conf/a"]).with(left);
    project.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    project
}

#[test]
fn the_next_run_removes_what_is_called_as_only_our_own_files_are() {
    for command in [
        &[][..],
        &["pack", "handler"],
        &["layer", "x", "--include", "conf"],
    ] {
        let (old, young) = (format!("dist/{LEFT}"), "dist/.lambda-zip-aB3xY0");
        let notes = "dist/.lambda-zip-notes.txt";
        let project = orders(&[&old, young, notes]);
        for path in [&old, notes] {
            age(&project, path, 25 * HOURS);
        }
        project
            .run(&[command, &["-o", "dist/f.zip"]].concat())
            .exits(0);
        let kept = [".lambda-zip-notes.txt", "f.zip"];
        assert_eq!(project.files("dist"), kept, "{command:?}");
    }
}

#[test]
fn a_dry_run_removes_nothing() {
    let left = format!("dist/{LEFT}");
    let project = orders(&[&left]);
    project.run(&["--dry-run", "-o", "dist/f.zip"]).exits(0);
    assert_eq!(project.files("dist"), [LEFT]);
}

#[test]
fn all_of_them_go_from_the_folder_of_a_package() {
    let project = orders(&[]);
    let args = ["--folder", "dist/f", "--include", "conf"];
    project.run(&args).exits(0);
    let left = format!("dist/f/conf/{LEFT}");
    project.write(&left, "half of");
    // However young it is: a run that still writes there holds the lock.
    project.run(&[&["--dry-run"], &args[..]].concat()).exits(0);
    project.run(&args).exits(0).says("Fresh");
    assert_eq!(project.files("dist/f"), ["bootstrap", "conf/a"]);
}

#[test]
fn what_is_left_is_packed_only_if_it_is_named_itself() {
    let (left, deep) = (format!("conf/{LEFT}"), format!("conf/{LEFT}/x"));
    for (existing, include, packed) in [
        (&left, "conf", &["bootstrap", "conf/a"][..]),
        (&left, "conf/**", &["bootstrap", "conf/a"]),
        (&left, &left, &["bootstrap", &left]),
        (&deep, "conf", &["bootstrap", &deep, "conf/a"]),
    ] {
        let project = orders(&[existing]);
        project.run(&["--include", include]).exits(0);
        let zip = project.zip("orders-x86_64.zip");
        let names: Vec<&str> = zip.entries.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, packed, "{include}");
    }
}

#[test]
fn what_is_packed_under_such_a_name_stays() {
    let path = format!("conf/{LEFT}");
    let project = orders(&[&path]);
    let args = ["--folder", "dist/f", "--include", &path];
    project.run(&args).exits(0);
    age(&project, &format!("dist/f/{path}"), 25 * HOURS);
    for _ in 0..2 {
        project.run(&args).exits(0).says("Fresh");
        assert_eq!(project.read(&format!("dist/f/{path}")), path.as_bytes());
    }
    // Until it is packed no longer.
    project.run(&["--folder", "dist/f"]).exits(0);
    assert_eq!(project.files("dist/f"), ["bootstrap"]);
}
