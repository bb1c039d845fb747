//! `--folder`: the files of each package in a folder too, for tools that want one.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::Project;

/// A folder for `conf`, which is in the package.
const CONF: [&str; 4] = ["--folder", "dist/{bin}", "--include", "conf"];
const FLAG: [&str; 2] = ["--folder", "dist/{bin}"];
const FOLDER: &str = "dist/orders";

fn orders() -> Project {
    Project::package("orders", "").with(&["conf/a", "conf/b"])
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
fn a_file_that_is_too_large_for_the_disk_is_named() {
    let folder = Project::empty();
    folder.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    folder.add_hole("photos", 4 << 20);
    let args = ["pack", "handler", "photos", "--folder", "f"];
    let outcome = folder.command(&args).largest_file("2000").run();
    outcome
        .exits(4)
        .says("f/photos`: File too large")
        .never_says(".lambda-zip-");
}

#[test]
fn the_folder_has_the_files_of_the_zip_with_their_modes() {
    let project = orders();
    project.set_mode("conf/b", 0o700);
    for umask in ["022", "077"] {
        project.command(&CONF).umask(umask).run().exits(0);
        assert_eq!(project.files(FOLDER), ["bootstrap", "conf/a", "conf/b"]);
        for entry in &project.zip("orders-x86_64.zip").entries {
            let path = format!("{FOLDER}/{}", entry.name);
            assert!(project.read(&path) == entry.data, "{path}");
            assert_eq!(mode(&project, &path), entry.mode & 0o7777, "{path}");
        }
        fs::remove_dir_all(project.path(FOLDER)).unwrap();
    }
}

#[test]
fn the_layouts_of_cargo_lambda_and_sam() {
    let project = orders().bin("", "import");
    project.run(&["--folder", "target/lambda/{bin}"]).exits(0);
    for binary in ["orders", "import"] {
        let folder = format!("target/lambda/{binary}");
        assert_eq!(project.files(&folder), ["bootstrap"]);
    }
    // SAM makes the folder, and makes it empty again before each build.
    let folder = project.path(".aws-sam/build/Function");
    let pack = ["pack", "target/lambda/orders/bootstrap", "-o", "f.zip"];
    for command in [&["--bin", "orders"][..], &["--bin", "orders"], &pack] {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let args = [command, &["--folder", folder.to_str().unwrap()]].concat();
        project.run(&args).exits(0).says("Packaged");
        assert_eq!(project.files(".aws-sam/build/Function"), ["bootstrap"]);
    }
}

#[test]
fn every_architecture_and_binary_has_a_folder_of_its_own() {
    let project = orders().bin("", "import");
    let args = ["--arch", "arm64,x86_64", "--folder", "dist/{arch}-{bin}/"];
    project.run(&args).exits(0);
    let names = [
        "arm64-import",
        "arm64-orders",
        "x86_64-import",
        "x86_64-orders",
    ];
    assert_eq!(
        project.files("dist"),
        names.map(|name| format!("{name}/bootstrap"))
    );
}

#[test]
fn manifest_and_environment_can_ask_for_it() {
    let table = "[package.metadata.lambda-zip]\nfolder = \"dist/{bin}\"\n";
    let project = Project::package("orders", table);
    project.run(&[]).exits(0);
    assert_eq!(project.files(FOLDER), ["bootstrap"]);
    let run = project.command(&[]);
    run.env("CARGO_LAMBDA_ZIP_FOLDER", "out").run().exits(0);
    assert_eq!(project.files("out"), ["bootstrap"]);
    project.run(&["--folder", ""]).exits(2).says("empty");
}

#[test]
fn what_is_right_is_left_alone_and_what_is_wrong_is_corrected() {
    let project = orders();
    project.run(&CONF).exits(0);
    let file = |name: &str| format!("{FOLDER}/{name}");
    let before = identity(&project, &file("bootstrap"));
    let fresh = || project.run(&CONF).exits(0).says("Fresh").stderr.clone();
    assert!(!fresh().contains("Packaged"));

    fs::remove_file(project.path(&file("conf/a"))).unwrap();
    project.run(&CONF).exits(0).says("Packaged");
    assert_eq!(project.read(&file("conf/a")), b"conf/a");
    assert_eq!(identity(&project, &file("bootstrap")), before);

    project.set_mode(&file("bootstrap"), 0o644);
    project.run(&CONF).exits(0);
    assert_eq!(mode(&project, &file("bootstrap")), 0o755);
    fresh();
}

#[test]
fn what_is_no_longer_packed_goes_and_what_has_changed_is_replaced() {
    let project = orders();
    let include = |rule: &str| {
        project
            .run(&[&FLAG[..], &["--include", rule]].concat())
            .exits(0)
            .code
    };
    include("conf");
    project.write("conf/a", "changed");
    include("conf/a");
    assert_eq!(project.files(FOLDER), ["bootstrap", "conf/a"]);
    assert_eq!(project.read("dist/orders/conf/a"), b"changed");
    // A folder becomes a file, and a file a folder.
    include("conf/a=conf");
    assert_eq!(project.files(FOLDER), ["bootstrap", "conf"]);
    include("conf/a=conf/a/b");
    assert_eq!(project.files(FOLDER), ["bootstrap", "conf/a/b"]);
    project.run(&FLAG).exits(0);
    assert_eq!(project.files(FOLDER), ["bootstrap"]);
    assert!(
        !project.path("dist/orders/conf").exists(),
        "empty folders go too"
    );
}

#[test]
fn a_rejected_package_and_a_failed_build_leave_the_folder_as_it_was() {
    let project = orders();
    project.run(&FLAG).exits(0);
    let before = identity(&project, "dist/orders/bootstrap");
    project
        .run(&[&CONF[..], &["--max-zip-size", "1"]].concat())
        .exits(1);
    let project = project.fails_with("orders/orders", "mismatched types");
    project.write("src/main.rs", "fn main() { /* changed */ }\n");
    project.run(&CONF).exits(101);
    assert_eq!(project.files(FOLDER), ["bootstrap"]);
    assert_eq!(identity(&project, "dist/orders/bootstrap"), before);
}

#[test]
fn a_file_is_replaced_not_rewritten() {
    let project = orders();
    project.run(&CONF).exits(0);
    fs::hard_link(project.path("dist/orders/conf/a"), project.path("reader")).unwrap();
    project.write("conf/a", "changed");
    project.run(&CONF).exits(0);
    assert_eq!(project.read("reader"), b"conf/a");
}

#[test]
fn preserved_links_are_links() {
    let project = orders();
    symlink("a", project.path("conf/link")).unwrap();
    let args = [&CONF[..], &["--symlinks", "preserve"]].concat();
    project.run(&args).exits(0);
    let link = "dist/orders/conf/link";
    let target = fs::read_link(project.path(link)).unwrap();
    assert_eq!(target.to_str(), Some("a"));
    let before = identity(&project, link);
    project.run(&args).exits(0).says("Fresh");
    assert_eq!(identity(&project, link), before);
}

#[test]
fn a_run_without_the_folder_and_a_zip_that_is_gone_change_nothing() {
    let project = orders();
    project.run(&CONF).exits(0);
    project.write("conf/a", "changed");
    project.run(&CONF[2..]).exits(0);
    fs::remove_file(project.path("target/lambda-zip/orders-x86_64.zip")).unwrap();
    project.run(&CONF).exits(0);
    assert_eq!(project.read("dist/orders/conf/a"), b"changed");
    project.run(&CONF).exits(0).says("Fresh");
}

#[test]
fn without_a_project_only_what_the_package_has_may_be_there() {
    let folder = Project::empty().with(&["conf/a"]);
    folder.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    let pack = ["pack", "handler", "conf", "--folder", "dist/{bin}"];
    folder.run(&pack).exits(0);
    assert_eq!(folder.files("dist/handler"), ["bootstrap", "conf/a"]);
    let layer = [
        "layer",
        "files",
        "--include",
        "conf",
        "--folder",
        "dist/{bin}",
    ];
    folder.run(&layer).exits(0);
    assert_eq!(folder.files("dist/files"), ["conf/a"]);
    for args in [&pack[..], &layer] {
        folder.run(args).exits(0);
    }
    folder.write("conf/a", "changed");
    for (args, copy) in [
        (&pack[..], "dist/handler/conf/a"),
        (&layer, "dist/files/conf/a"),
    ] {
        let outcome = folder.run(args);
        outcome.exits(2).says(copy).says("no record").says("remove");
        assert_eq!(folder.read(copy), b"conf/a");
        fs::remove_dir_all(folder.path("dist")).unwrap();
        folder.run(&pack).exits(0);
        folder.run(&layer).exits(0);
        folder.write("dist/files/conf/a", "conf/a");
    }
}

#[test]
fn a_layer_of_a_project_has_a_record() {
    let project = orders();
    let layer = |more: &[&str]| {
        let args = [
            "layer",
            "tools",
            "--bin",
            "orders",
            "--folder",
            "dist/{bin}",
        ];
        project.run(&[&args, more].concat()).exits(0);
        project.files("dist/tools")
    };
    assert_eq!(layer(&["--include", "conf/a"]), ["bin/orders", "conf/a"]);
    assert_eq!(layer(&[]), ["bin/orders"]);
}

#[test]
fn a_checkout_that_was_moved_keeps_its_folders() {
    let manifest = "[package]\nname = \"orders\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let project = Project::empty().with(&["one/conf/a", "one/conf/b"]);
    project.write("one/Cargo.toml", manifest);
    project.write("one/src/main.rs", "fn main() {}\n");
    project.command(&CONF).from("one").run().exits(0);
    fs::rename(project.path("one"), project.path("two")).unwrap();
    fs::remove_file(project.path("two/conf/b")).unwrap();
    project.command(&CONF).from("two").run().exits(0);
    assert_eq!(project.files("two/dist/orders"), ["bootstrap", "conf/a"]);
}

#[test]
fn report_and_dry_run_name_the_folder() {
    let project = orders();
    let outcome = project.run(&[&FLAG[..], &["--dry-run"]].concat());
    outcome.exits(0).prints("orders x86_64 dist/orders/\n");
    assert!(!project.path("dist").exists());
    let archive = project.report(&FLAG)["archives"][0].take();
    let path = archive["folder"].as_str().unwrap();
    assert_eq!(std::path::Path::new(path), project.path(FOLDER));
    assert!(project.report(&[])["archives"][0]["folder"].is_null());
}
