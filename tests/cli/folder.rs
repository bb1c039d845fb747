//! `--also-binary`: what is in each zip is in a folder too, for tools that want one.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use fs_err as fs;

use crate::support::elf::{Elf, Machine};
use crate::support::project::Project;

const FLAG: &str = "--also-binary";
const FOLDER: &str = "target/lambda-zip/x86_64/orders";
/// Where cargo-lambda leaves them.
const LAYOUT: [&str; 2] = ["-o", "target/lambda/{bin}/bootstrap.zip"];

fn orders() -> Project {
    Project::package("orders", "").with(&["conf/a", "conf/b"])
}

#[track_caller]
fn run(project: &Project, args: &[&str]) {
    project.run(&[&[FLAG], args].concat()).exits(0);
}

fn mode(project: &Project, path: &str) -> u32 {
    let metadata = fs::metadata(project.path(path)).unwrap();
    metadata.permissions().mode() & 0o7777
}

/// Which file it is, and when it was last written to.
fn identity(project: &Project, path: &str) -> (u64, i64, i64) {
    let metadata = fs::symlink_metadata(project.path(path)).unwrap();
    (metadata.ino(), metadata.mtime(), metadata.mtime_nsec())
}

#[test]
fn the_folder_is_the_zips_path_without_zip_and_has_the_same_files() {
    let project = orders();
    project.set_mode("conf/b", 0o700);
    for umask in ["022", "077"] {
        let args = [FLAG, "--include", "conf"];
        project.command(&args).umask(umask).run().exits(0);
        assert_eq!(project.files(FOLDER), ["bootstrap", "conf/a", "conf/b"]);
        for entry in &project.zip("x86_64/orders.zip").entries {
            let path = format!("{FOLDER}/{}", entry.name);
            assert!(project.read(&path) == entry.data, "{path}");
            assert_eq!(mode(&project, &path), entry.mode & 0o7777, "{path}");
        }
        fs::remove_dir_all(project.path("target/lambda-zip")).unwrap();
    }
}

#[test]
fn cargo_lambdas_layout_is_the_very_same() {
    let project = orders().bin("", "import");
    run(&project, &LAYOUT);
    let files = ["bootstrap", "bootstrap.zip"];
    assert_eq!(project.files("target/lambda/orders"), files);
    assert_eq!(project.files("target/lambda/import"), files);
    assert_eq!(mode(&project, "target/lambda/orders/bootstrap"), 0o755);

    let table = "[package.metadata.lambda-zip]\nkind = \"extension\"\n";
    let project = Project::package("agent", table);
    run(&project, &["-o", "target/lambda/extensions/{bin}.zip"]);
    assert_eq!(
        project.files("target/lambda/extensions"),
        ["agent", "agent.zip"]
    );
}

#[test]
fn every_architecture_and_binary_has_a_folder_of_its_own() {
    let project = orders().bin("", "import");
    run(&project, &["--arch", "arm64,x86_64"]);
    for architecture in ["arm64", "x86_64"] {
        let files = project.files(&format!("target/lambda-zip/{architecture}"));
        assert_eq!(
            files,
            [
                "import.zip",
                "import/bootstrap",
                "orders.zip",
                "orders/bootstrap"
            ]
        );
    }
}

#[test]
fn manifest_and_environment_can_ask_for_it() {
    let table = "[package.metadata.lambda-zip]\nalso-binary = true\n";
    let project = Project::package("orders", table);
    project.run(&[]).exits(0);
    assert_eq!(project.files(FOLDER), ["bootstrap"]);
    let project = orders();
    let switched = |value: &str| {
        let run = project.command(&[]);
        run.env("CARGO_LAMBDA_ZIP_ALSO_BINARY", value)
            .run()
            .exits(0);
        project.path(FOLDER).exists()
    };
    assert!(!switched("false"));
    assert!(switched("1"));
}

#[test]
fn what_is_right_is_left_alone_and_what_is_not_is_mended() {
    let project = orders();
    let args = [FLAG, "--include", "conf"];
    project.run(&args).exits(0);
    let file = |name: &str| format!("{FOLDER}/{name}");
    let before = identity(&project, &file("bootstrap"));
    project
        .run(&args)
        .exits(0)
        .says("Fresh")
        .never_says("Packaged");
    assert_eq!(identity(&project, &file("bootstrap")), before);

    fs::remove_file(project.path(&file("conf/a"))).unwrap();
    project.run(&args).exits(0).says("Packaged");
    assert_eq!(project.read(&file("conf/a")), b"conf/a");
    assert_eq!(identity(&project, &file("bootstrap")), before);

    project.set_mode(&file("bootstrap"), 0o644);
    project.run(&args).exits(0);
    assert_eq!(mode(&project, &file("bootstrap")), 0o755);
    project.run(&args).exits(0).says("Fresh");
}

#[test]
fn what_is_no_longer_packed_goes_and_what_has_changed_is_replaced() {
    let project = orders();
    run(&project, &["--include", "conf"]);
    project.write("conf/a", "changed");
    run(&project, &["--include", "conf/a"]);
    assert_eq!(project.files(FOLDER), ["bootstrap", "conf/a"]);
    assert_eq!(project.read(&format!("{FOLDER}/conf/a")), b"changed");
    run(&project, &[]);
    assert_eq!(project.files(FOLDER), ["bootstrap"]);
    assert!(
        !project.path(FOLDER).join("conf").exists(),
        "empty folders go too"
    );
}

#[test]
fn a_rejected_package_and_a_failed_build_leave_the_folder_as_it_was() {
    let project = orders();
    run(&project, &[]);
    let path = format!("{FOLDER}/bootstrap");
    let before = identity(&project, &path);
    let args = [FLAG, "--include", "conf", "--max-zip-size", "1"];
    project.run(&args).exits(1);
    let project = project.fails_with("orders/orders", "mismatched types");
    project.write("src/main.rs", "fn main() { /* changed */ }\n");
    project.run(&[FLAG, "--include", "conf"]).exits(101);
    assert_eq!(project.files(FOLDER), ["bootstrap"]);
    assert_eq!(identity(&project, &path), before);
}

#[test]
fn a_file_is_replaced_not_rewritten() {
    let project = orders();
    run(&project, &["--include", "conf"]);
    fs::hard_link(project.path(FOLDER).join("conf/a"), project.path("reader")).unwrap();
    project.write("conf/a", "changed");
    run(&project, &["--include", "conf"]);
    assert_eq!(project.read("reader"), b"conf/a");
}

#[test]
fn preserved_links_are_links() {
    let project = orders();
    symlink("a", project.path("conf/link")).unwrap();
    let args = [FLAG, "--include", "conf", "--symlinks", "preserve"];
    project.run(&args).exits(0);
    let link = format!("{FOLDER}/conf/link");
    let target = fs::read_link(project.path(&link)).unwrap();
    assert_eq!(target.to_str(), Some("a"));
    let before = identity(&project, &link);
    project.run(&args).exits(0).says("Fresh");
    assert_eq!(identity(&project, &link), before);
}

#[test]
fn files_that_lie_where_they_go_may_stay_there() {
    let project = orders();
    let args = [FLAG, "--include", "conf", "-o", "bootstrap.zip"];
    let before = identity(&project, "conf/a");
    for _ in 0..2 {
        project.run(&args).exits(0);
        assert_eq!(project.read("conf/a"), b"conf/a");
        assert_eq!(identity(&project, "conf/a"), before);
    }
    assert_eq!(mode(&project, "bootstrap"), 0o755);
}

#[test]
fn pack_and_layer_do_it_too() {
    let folder = Project::empty().with(&["conf/a"]);
    folder.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    folder
        .run(&["pack", "handler", FLAG, "-o", "f.zip", "conf"])
        .exits(0);
    assert_eq!(folder.files("f"), ["bootstrap", "conf/a"]);
    let layer = ["layer", "files", FLAG, "--include", "conf"];
    folder.run(&layer).exits(0);
    assert_eq!(folder.files("files"), ["conf/a"]);
    // Where the executable itself is, no folder can be.
    let outcome = folder.run(&["pack", "handler", FLAG]);
    outcome.exits(2).says("`--output`").says("handler");
    assert!(!folder.path("handler.zip").exists());

    let project = orders();
    project
        .run(&["layer", "tools", "--bin", "orders", FLAG])
        .exits(0);
    assert_eq!(
        project.files("target/lambda-zip/x86_64/tools"),
        ["bin/orders"]
    );
}

#[test]
fn report_and_dry_run_name_the_folder() {
    let project = orders();
    project
        .run(&[FLAG, "--dry-run"])
        .exits(0)
        .prints("orders x86_64 target/lambda-zip/x86_64/orders\n");
    assert!(!project.path(FOLDER).exists());
    let archive = project.report(&[FLAG])["archives"][0].take();
    let path = archive["folder"].as_str().unwrap();
    assert_eq!(std::path::Path::new(path), project.path(FOLDER));
    assert!(project.report(&[])["archives"][0]["folder"].is_null());
}
