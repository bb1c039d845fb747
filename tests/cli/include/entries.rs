//! What an included file is in the zip: bytes, modes and links, the same on every machine.

use std::os::unix::fs::symlink;

use fs_err as fs;
use sha2::{Digest, Sha256};

use crate::support::project::Project;
use crate::support::zip::Zip;

fn orders(files: &[&str]) -> Project {
    Project::package("orders", "").with(files)
}

fn packaged(project: &Project, args: &[&str]) -> Zip {
    project.run(args).exits(0);
    project.zip("orders-x86_64.zip")
}

#[test]
fn modes_are_0755_or_0644_whatever_the_umask() {
    let project = orders(&["f/a", "f/b", "f/c", "f/d"]);
    for (file, mode) in [("a", 0o600), ("b", 0o666), ("c", 0o700), ("d", 0o654)] {
        project.set_mode(&format!("f/{file}"), mode);
    }
    let mut zips = Vec::new();
    for umask in ["022", "077", "000"] {
        let run = project.command(&["--include", "f"]).umask(umask);
        run.run().exits(0);
        let zip = project.zip("orders-x86_64.zip");
        let modes: Vec<u32> = zip.entries.iter().map(|entry| entry.mode).collect();
        let expected = [0o755, 0o644, 0o644, 0o755, 0o755].map(|mode| 0o100_000 | mode);
        assert_eq!(modes, expected, "umask {umask}");
        zips.push(project.read("target/lambda-zip/orders-x86_64.zip"));
        fs::remove_dir_all(project.path("target/lambda-zip")).unwrap();
    }
    zips.dedup();
    assert_eq!(zips.len(), 1, "one zip for every umask");
}

#[test]
fn links_are_followed() {
    let project = orders(&["real/a"]);
    symlink("real", project.path("linked")).unwrap();
    symlink("a", project.path("real/b")).unwrap();
    let zip = packaged(&project, &["--include", "linked"]);
    assert_eq!(zip.names(), ["bootstrap", "linked/a", "linked/b"]);
    assert_eq!(zip.entry("linked/b").data, b"real/a");
    assert_eq!(zip.entry("linked/b").mode, 0o100_644);
}

const PRESERVE: [&str; 2] = ["--symlinks", "preserve"];

/// The entry is a link to `target`, as Info-ZIP and Lambda know links.
#[track_caller]
fn is_link(zip: &Zip, name: &str, target: &str) {
    let entry = zip.entry(name);
    assert_eq!(format!("{:o}", entry.mode), "120777", "{name}");
    assert_eq!(entry.data, target.as_bytes(), "{name}");
}

#[test]
fn links_are_preserved_where_that_is_asked_for() {
    let project = orders(&["real/a", "real/d/c"]);
    symlink("a", project.path("real/b")).unwrap();
    symlink("d", project.path("real/e")).unwrap();
    symlink("../../real/a", project.path("real/d/up")).unwrap();
    let zip = packaged(&project, &[&PRESERVE[..], &["--include", "real"]].concat());
    let names = ["real/a", "real/b", "real/d/c", "real/d/up", "real/e"];
    assert_eq!(zip.names()[1..], names);
    is_link(&zip, "real/b", "a");
    is_link(&zip, "real/e", "d");
    is_link(&zip, "real/d/up", "../../real/a");
}

#[test]
fn a_manifest_may_ask_for_links_and_the_command_line_against_them() {
    let table = "[package.metadata.lambda-zip]\nsymlinks = \"preserve\"\ninclude = [\"d\"]\n";
    let project = Project::package("orders", table).with(&["d/a"]);
    symlink("a", project.path("d/b")).unwrap();
    is_link(&packaged(&project, &[]), "d/b", "a");
    let followed = packaged(&project, &["--symlinks", "follow"]);
    assert_eq!(followed.entry("d/b").data, b"d/a");
}

#[test]
fn a_link_that_is_named_itself_is_preserved_too() {
    let project = orders(&["a"]);
    symlink("a", project.path("link")).unwrap();
    let zip = packaged(&project, &[&PRESERVE[..], &["--include", "link"]].concat());
    is_link(&zip, "link", "a");
}

#[test]
fn a_link_to_a_folder_that_is_named_itself_is_preserved_too() {
    let project = orders(&["folder/a"]);
    symlink("folder", project.path("link")).unwrap();
    let zip = packaged(&project, &[&PRESERVE[..], &["--include", "link"]].concat());
    assert_eq!(zip.names(), ["bootstrap", "link"]);
    is_link(&zip, "link", "folder");
}

#[test]
fn the_report_lists_every_entry() {
    let project = orders(&["run.sh", "data"]);
    project.set_mode("run.sh", 0o755);
    let report = project.report(&["--include", "run.sh", "--include", "data"]);
    let entries = report["archives"][0]["entries"].as_array().unwrap();
    let listed: Vec<String> = entries
        .iter()
        .map(|entry| format!("{} {}", entry["mode"], entry["path"]).replace('"', ""))
        .collect();
    assert_eq!(listed, ["0755 bootstrap", "0644 data", "0755 run.sh"]);
}

#[test]
fn of_the_same_files_every_run_makes_the_same_zip() {
    // Five includes, written down in another order each time; a link, modes and a rename among
    // them.
    let project = orders(&[
        "a/1", "a/2/3", "b.toml", "c/x.json", "c/y.json", "d/run", "e",
    ]);
    project.set_mode("d/run", 0o711);
    symlink("../e", project.path("a/link")).unwrap();
    let mut includes = ["a", "b.toml", "c/*.json", "d=bin", "e"];
    let mut digests = Vec::new();
    for nth in 0..20 {
        includes.rotate_left(nth % 3);
        let target = format!("target-{nth}");
        let mut args = vec!["--target-dir", &target];
        args.extend(includes.iter().flat_map(|one| ["--include", one]));
        let umask = ["022", "077"][nth % 2];
        project.command(&args).umask(umask).run().exits(0);
        let zip = project.read(&format!("{target}/lambda-zip/orders-x86_64.zip"));
        digests.push(Sha256::digest(zip));
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
}
