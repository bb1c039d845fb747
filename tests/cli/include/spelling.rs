//! Letters with accents: macOS writes some names with two characters for one letter.

use std::os::unix::fs::symlink;

use crate::support::project::Project;

const COMPOSED: &str = "Gr\u{fc}\u{df}e";
const DECOMPOSED: &str = "Gru\u{308}\u{df}e";

/// A project with a folder, a file and a link of this spelling.
fn project(name: &str) -> Project {
    let project = Project::empty().file("handler", "#!/bin/sh\n");
    project.set_mode("handler", 0o755);
    project.write(&format!("data/{name}/{name}.txt"), "text");
    let link = project.path("data").join("link");
    symlink(format!("{name}/{name}.txt"), link).unwrap();
    project
}

#[test]
fn both_spellings_make_one_zip() {
    let zips = [COMPOSED, DECOMPOSED].map(|name| {
        let project = project(name);
        let args = ["pack", "handler", "data", "--symlinks", "preserve"];
        project.run(&args).exits(0).never_says("warning");
        project.read("handler.zip")
    });
    assert!(zips[0] == zips[1]);
    let zip = crate::support::zip::Zip::parse(&zips[0]);
    let file = format!("data/{COMPOSED}/{COMPOSED}.txt");
    assert_eq!(zip.names(), ["bootstrap", &file, "data/link"]);
}

#[test]
fn a_package_cannot_have_both() {
    let project = project(COMPOSED);
    project.write(&format!("data/{DECOMPOSED}/{DECOMPOSED}.txt"), "other");
    let outcome = project.run(&["pack", "handler", "data", "--exclude-file", "link"]);
    outcome.exits(2).says(COMPOSED);
    assert!(!project.path("handler.zip").exists());
}
