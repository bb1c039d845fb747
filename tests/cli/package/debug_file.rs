//! Debug information beside a zip whose program is stripped.

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::cargo::{AARCH64, X86_64};
use crate::support::project::Project;

const ID: [u8; 20] = [0xAB; 20];
const ZIP: &str = "orders-x86_64.zip";
const FILE: &str = "target/lambda-zip/orders-x86_64.debug";

fn program() -> Elf {
    Elf::static_pie(Machine::X86_64)
        .with_build_id(ID)
        .with_debug_info(2 << 20)
}

fn project(more: &str) -> Project {
    Project::package("orders", more).compiles_to("orders/orders", &program())
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The file and the checksum in `.gnu_debuglink`.
fn debug_link(program: &[u8], file: &str) -> Option<u32> {
    let name = [file.as_bytes(), b"\0"].concat();
    let at = program.windows(name.len()).position(|w| w == name)?;
    let crc32 = (at + name.len()).next_multiple_of(4);
    Some(u32::from_le_bytes(
        program[crc32..crc32 + 4].try_into().unwrap(),
    ))
}

/// The `-C` options of a crate, whichever way they are written.
fn options(project: &Project, name: &str) -> Vec<String> {
    let calls = project.stage().rustc_calls();
    let call = calls.into_iter().rfind(|call| call[1] == name).unwrap();
    call.iter()
        .map(|word| word.trim_start_matches("-C").to_owned())
        .collect()
}

#[track_caller]
fn has_option(project: &Project, name: &str, option: &str, expected: bool) {
    let options = options(project, name);
    assert_eq!(options.iter().any(|o| o == option), expected, "{options:?}");
}

#[test]
fn the_program_is_stripped_and_names_the_file_that_has_everything() {
    let project = project("");
    let report = project.report(&["--debug-file", "--report", "report.json"]);
    let written = project.report_in("report.json");
    assert_eq!(written["archives"][0]["debug_file"]["path"], FILE);
    let linked = program().bytes();
    assert_eq!(project.read(FILE), linked);
    let zip = project.zip(ZIP);
    let stripped = &zip.entries[0].data;
    assert!(stripped.len() < 8192, "{}", stripped.len());
    assert!(!has(stripped, b".debug_info") && has(stripped, b".gnu_debuglink"));
    assert!(has(stripped, &ID) && has(stripped, b".note.gnu.build-id"));
    let crc32 = debug_link(stripped, "orders-x86_64.debug");
    assert_eq!(crc32, Some(crc32fast::hash(&linked)));

    let archive = &report["archives"][0];
    let file = &archive["debug_file"];
    assert_eq!(file["bytes"], linked.len());
    assert_eq!(file["build_id"], "ab".repeat(20));
    assert!(file["path"].as_str().unwrap().ends_with(FILE), "{file}");
    assert_eq!(archive["findings"], serde_json::json!([]));
    assert_eq!(archive["unzipped_bytes"], stripped.len());
    for (option, expected) in [
        ("debuginfo=line-tables-only", true),
        ("link-arg=-Wl,--build-id=sha1", true),
        ("strip=symbols", false),
    ] {
        has_option(&project, "orders", option, expected);
    }
}

#[test]
fn a_file_that_is_missing_or_changed_is_made_again() {
    let project = project("");
    let run = || project.run(&["--debug-file"]);
    run().exits(0).says("Packaged").says("Debug file");
    run().exits(0).says("Fresh");
    fs::remove_file(project.path(FILE)).unwrap();
    run().exits(0).says("Packaged");
    assert_eq!(project.read(FILE), program().bytes());
    let mut changed = program().bytes();
    *changed.last_mut().unwrap() ^= 1;
    project.write(FILE, &changed);
    run().exits(0).says("Packaged");
    assert_eq!(project.read(FILE), program().bytes());
    run().exits(0).says("Fresh");
    assert_eq!(project.zips(), ["orders-x86_64.debug", ZIP]);
}

#[test]
fn without_it_nothing_changes_and_no_file_of_another_program_stays() {
    let plain = project("");
    plain.run(&[]).exits(0);
    let project = project("");
    let id = |args: &[&str]| project.report(args)["archives"][0]["debug_file"].clone();
    assert!(id(&["--debug-file"]).is_object());
    assert!(id(&[]).is_null());
    assert_eq!(project.zips(), [ZIP]);
    let path = format!("target/lambda-zip/{ZIP}");
    assert_eq!(project.read(&path), plain.read(&path));
    has_option(&project, "orders", "strip=symbols", true);
    has_option(&project, "orders", "link-arg=-Wl,--build-id=sha1", false);
}

#[test]
fn a_package_that_is_rejected_has_no_new_file() {
    let project = project("");
    project.run(&["--debug-file"]).exits(0);
    let (zip, file) = (
        project.read(&format!("target/lambda-zip/{ZIP}")),
        project.read(FILE),
    );
    project.prepare("orders/orders", &program().needs("libx.so.1", &[]));
    project.write("src/main.rs", "fn main() { }\n");
    project.run(&["--debug-file"]).exits(1);
    assert_eq!(project.read(&format!("target/lambda-zip/{ZIP}")), zip);
    assert_eq!(project.read(FILE), file);
    assert_eq!(project.zips(), ["orders-x86_64.debug", ZIP]);
}

#[test]
fn nothing_else_is_overwritten_or_packaged() {
    let project = project("");
    project.write("dist/orders.debug", "notes");
    let args = ["--debug-file", "-o", "dist/{bin}.zip"];
    let outcome = project.run(&args);
    outcome.exits(2).says("is not a debug file");
    fs::remove_file(project.path("dist/orders.debug")).unwrap();
    fs::create_dir(project.path("dist/orders.debug")).unwrap();
    project
        .run(&args)
        .exits(2)
        .says("orders.debug` is a folder");
    fs::remove_dir(project.path("dist/orders.debug")).unwrap();
    project.write("dist/notes.txt", "notes");
    let included = ["--include", "dist", "--exclude-file", "*.zip"];
    let outcome = project.run(&[&args[..], &included].concat());
    outcome.exits(2).says("orders.debug` would contain itself");
    fs::remove_file(project.path("dist/notes.txt")).unwrap();
    project.run(&args).exits(0);
    assert_eq!(project.files("dist"), ["orders.debug", "orders.zip"]);
}

#[test]
fn a_file_in_the_place_of_another_zip_is_refused() {
    let tables = "[package.metadata.lambda-zip]\ndebug-file = true\n\
                  [package.metadata.lambda-zip.bin.orders]\noutput = \"dist/one.zip\"\n\
                  [package.metadata.lambda-zip.bin.other]\noutput = \"dist/one.debug\"\n";
    let project = project(tables).bin("", "other");
    let outcome = project.run(&["--dry-run"]);
    outcome
        .exits(2)
        .says("the debug file")
        .says("of the binary `orders`");
    project.run(&["--dry-run", "--bin", "other"]).exits(0);
}

#[test]
fn the_profile_of_the_user_counts_except_for_strip() {
    let project = project("[profile.release]\ndebug = 2\nstrip = true\n");
    project.run(&["--debug-file"]).exits(0);
    has_option(&project, "orders", "debuginfo=2", true);
    has_option(&project, "orders", "strip=symbols", false);
    let project = project_without_lines();
    let outcome = project.run(&["--debug-file", "--profile", "small"]);
    outcome.exits(0).says("`debug = false`").says("no lines");
    has_option(&project, "orders", "debuginfo=line-tables-only", false);
    project
        .run(&["--profile", "small"])
        .exits(0)
        .never_says("no lines");
    project.run(&["--debug-file", "--profile", "dev"]).exits(0);
    has_option(&project, "orders", "debuginfo=2", true);
}

fn project_without_lines() -> Project {
    project("[profile.small]\ninherits = \"release\"\ndebug = false\n")
}

#[test]
fn a_key_holds_for_its_package_and_its_architectures() {
    let key = "[package.metadata.lambda-zip]\ndebug-file = true\narchitectures = [\"x86_64\", \"arm64\"]\n";
    let project = Project::workspace("")
        .member("orders", key)
        .member("bills", "");
    project.run(&["--workspace"]).exits(0);
    let expected = [
        "bills-x86_64.zip",
        "orders-arm64.debug",
        "orders-arm64.zip",
        "orders-x86_64.debug",
        "orders-x86_64.zip",
    ];
    assert_eq!(project.zips(), expected);
    has_option(&project, "bills", "link-arg=-Wl,--build-id=sha1", false);
    for target in [X86_64, AARCH64] {
        let options = project.codegen_options("orders", target);
        let debug = options
            .iter()
            .find(|option| option.starts_with("debuginfo"));
        assert_eq!(
            debug.map(String::as_str),
            Some("debuginfo=line-tables-only")
        );
    }
    let zip = project.zip("orders-arm64.zip");
    assert!(debug_link(&zip.entries[0].data, "orders-arm64.debug").is_some());
}

#[test]
fn a_layer_has_a_file_for_each_program_and_pruning_removes_them() {
    let project = project("").bin("", "convert").bin("", "resize");
    let layer = [
        "layer",
        "tools",
        "--bin",
        "convert",
        "--bin",
        "resize",
        "--debug-file",
    ];
    project.run(&layer).exits(0);
    let expected = [
        "tools-x86_64.bin-convert.debug",
        "tools-x86_64.bin-resize.debug",
        "tools-x86_64.zip",
    ];
    assert_eq!(project.zips(), expected);
    project.run(&layer).exits(0).says("Fresh");
    for name in ["convert", "resize"] {
        fs::remove_file(project.path(&format!("src/bin/{name}.rs"))).unwrap();
    }
    project.run(&["--prune"]).exits(0);
    assert_eq!(project.zips(), [ZIP]);
}
