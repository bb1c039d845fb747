//! What a build makes of included files is what is judged and packaged.

use std::process::Output;

use fs_err as fs;

use crate::support::project::Project;
use crate::support::report;
use crate::support::run::wait_until;

const MIB: u64 = 1 << 20;

/// Runs the tool, and `change` while it builds: a build script might do the same.
fn build(project: &Project, args: &[&str], change: impl FnOnce(&Project)) -> Output {
    project.stage().hold_compilers();
    let tool = project.command(args).start();
    wait_until("the compiler runs", || project.stage().is_compiling());
    change(project);
    project.stage().let_compilers_go();
    tool.wait_with_output().unwrap()
}

fn including_dist() -> Project {
    let table = "[package.metadata.lambda-zip]\ninclude = [\"dist\"]\n";
    Project::package("orders", table).file("dist/index.html", "old")
}

#[test]
fn what_a_build_makes_is_packaged() {
    let project = including_dist();
    let output = build(&project, &[], |project| {
        project.write("dist/index.html", "made by the build");
        project.write("dist/new.js", "new");
        project.set_mode("dist/new.js", 0o755);
    });
    assert_eq!(output.status.code(), Some(0));
    let zip = project.zip("orders-x86_64.zip");
    assert_eq!(zip.entry("dist/index.html").data, b"made by the build");
    assert_eq!(zip.entry("dist/new.js").mode, 0o100_755);
    project.run(&[]).exits(0).says("Fresh orders");
}

#[test]
fn what_a_build_makes_too_large_is_rejected() {
    let project = including_dist();
    let output = build(&project, &["--message-format", "json"], |project| {
        project.add_hole("dist/index.html", 300 * MIB);
    });
    assert_eq!(output.status.code(), Some(1));
    let report = report::read(&output.stdout);
    let archive = &report["archives"][0];
    assert_eq!(archive["findings"][0]["lint"], "unzipped-too-large");
    assert!(archive["unzipped_bytes"].as_u64().unwrap() > 300 * MIB);
    assert!(project.zips().is_empty());
}

#[test]
fn what_a_build_removes_is_missed() {
    let project = including_dist();
    let output = build(&project, &[], |project| {
        fs::remove_dir_all(project.path("dist")).unwrap();
    });
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("does not exist"), "{said}");
    assert!(project.zips().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_tells_no_size_is_none_to_package() {
    let project = Project::package("orders", "");
    let args = ["--include", "/proc/version=version"];
    let outcome = project.run(&args);
    outcome.exits(4).says("`/proc/version` changed from 0 to");
    assert!(project.zips().is_empty());
}
