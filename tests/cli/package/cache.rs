//! What is not done again: a zip made from the same contents, and not touched since, is `Fresh`.

use std::os::unix::fs::MetadataExt;

use forge::elf::{Elf, Machine, noise};
use fs_err as fs;
use serde_json::Value;

use crate::support::project::Project;

const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";
const AL2: &str = "deprecated-runtime";

fn orders() -> Project {
    Project::package("orders", "").file("data.txt", "data")
}

const WITH_DATA: [&str; 2] = ["--include", "data.txt"];

/// Runs for the report of its one archive.
#[track_caller]
fn archive(project: &Project, args: &[&str]) -> Value {
    project.report(args)["archives"][0].take()
}

#[track_caller]
fn is_fresh(project: &Project, args: &[&str]) {
    let before = identity(project);
    let outcome = project.run(args);
    outcome.exits(0).says("Fresh").never_says("Packaged");
    assert_eq!(identity(project), before, "the very same file");
}

#[track_caller]
fn is_written(project: &Project, args: &[&str]) {
    let outcome = project.run(args);
    outcome.exits(0).says("Packaged").never_says("Fresh");
}

/// Which file it is, and when it was last written to.
fn identity(project: &Project) -> (u64, i64, i64) {
    let metadata = fs::metadata(project.path(ZIP)).unwrap();
    (metadata.ino(), metadata.mtime(), metadata.mtime_nsec())
}

#[test]
fn a_second_run_leaves_the_zip_untouched_and_reports_the_same() {
    let project = orders();
    let mut first = archive(&project, &WITH_DATA);
    assert_eq!(first["fresh"], false);
    let before = identity(&project);
    let second = archive(&project, &WITH_DATA);
    assert_eq!(second["fresh"], true);
    assert_eq!(identity(&project), before);
    // Digests, sizes, entries: all but that.
    first["fresh"] = true.into();
    assert_eq!(first, second);
    is_fresh(&project, &WITH_DATA);
}

#[test]
fn each_zip_of_a_workspace_is_fresh_for_itself() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("refunds", "");
    let args = ["--arch", "arm64,x86_64"];
    project.run(&args).exits(0);
    let outcome = project.run(&args);
    let fresh = outcome.exits(0).stderr.matches("Fresh ").count();
    outcome.promise(fresh == 4, "four times `Fresh`");
    outcome.never_says("Packaged").says("4 zips (4 fresh)");

    fs::remove_file(project.path(ZIP)).unwrap();
    let outcome = project.run(&args);
    outcome.says("Packaged orders x86_64").says("3 fresh");
}

#[test]
fn a_zip_that_somebody_touched_is_written_again_with_the_right_bytes() {
    let project = orders();
    project.run(&WITH_DATA).exits(0);
    let right = project.read(ZIP);
    let mut edited = right.clone();
    let middle = edited.len() / 2;
    edited[middle] ^= 1;
    let truncated = right[..right.len() - 1].to_vec();
    let longer = [&right[..], b"\n"].concat();
    let foreign = {
        let other = Project::package("refunds", "");
        other.run(&[]).exits(0);
        other.read("target/lambda-zip/refunds-x86_64.zip")
    };
    for wrong in [edited, truncated, longer, foreign, Vec::new()] {
        fs::write(project.path(ZIP), wrong).unwrap();
        is_written(&project, &WITH_DATA);
        assert!(project.read(ZIP) == right);
        is_fresh(&project, &WITH_DATA);
    }
}

#[test]
fn a_touched_zip_of_the_same_size_and_time_is_noticed_all_the_same() {
    let project = orders();
    project.run(&[]).exits(0);
    let right = project.read(ZIP);
    let time = fs::metadata(project.path(ZIP)).unwrap().modified().unwrap();
    let mut edited = right.clone();
    edited[40] ^= 1;
    fs::write(project.path(ZIP), edited).unwrap();
    let file = fs::File::options().write(true).open(project.path(ZIP));
    file.unwrap().into_parts().0.set_modified(time).unwrap();
    is_written(&project, &[]);
    assert!(project.read(ZIP) == right);
}

#[test]
fn a_zip_that_was_only_touched_in_time_is_fresh() {
    let project = orders();
    project.run(&[]).exits(0);
    let bytes = project.read(ZIP);
    fs::write(project.path(ZIP), bytes).unwrap();
    is_fresh(&project, &[]);
}

#[test]
fn without_its_records_a_zip_is_recognised_all_the_same() {
    let project = orders();
    project.run(&[]).exits(0);
    let right = project.read(ZIP);
    for broken in [false, true] {
        let records = project.path("target/.lambda-zip");
        if broken {
            let files = project.files("target/.lambda-zip");
            let is_record = |f: &&String| *f == "index" || f.starts_with("answers/");
            for file in files.iter().filter(is_record) {
                fs::write(records.join(file), "{").unwrap();
            }
        } else {
            fs::remove_dir_all(records).unwrap();
        }
        is_fresh(&project, &[]);
        assert!(project.read(ZIP) == right);
        is_fresh(&project, &[]);
    }
}

#[test]
fn another_compression_is_another_zip_and_back_again() {
    let project = orders();
    let fast = ["--compression", "fast"];
    is_written(&project, &[]);
    let small = project.read(ZIP);
    is_written(&project, &fast);
    assert!(project.read(ZIP) != small);
    is_fresh(&project, &fast);
    is_written(&project, &[]);
    assert!(project.read(ZIP) == small);
    is_fresh(&project, &[]);
}

#[test]
fn another_date_is_another_zip() {
    let project = orders();
    project.run(&[]).exits(0);
    let dated = || project.command(&[]).env("SOURCE_DATE_EPOCH", "1700000000");
    dated().run().exits(0).says("Packaged");
    dated().run().exits(0).says("Fresh");
    is_written(&project, &[]);
}

#[test]
fn a_changed_program_is_packaged() {
    let project = orders();
    project.run(&[]).exits(0);
    let elf = Elf::static_pie(Machine::X86_64).payload("other code");
    let project = project.compiles_to("orders/orders", &elf);
    project.write("src/main.rs", "fn main() { /* changed */ }\n");
    is_written(&project, &[]);
    assert!(project.zip("orders-x86_64.zip").only_entry().data == elf.bytes());
}

#[test]
fn a_changed_include_is_packaged() {
    let project = orders();
    project.run(&WITH_DATA).exits(0);
    // Of the same length, and within the same second.
    project.write("data.txt", "DATA");
    is_written(&project, &WITH_DATA);
    let zip = project.zip("orders-x86_64.zip");
    assert_eq!(zip.entry("data.txt").data, b"DATA");
}

#[test]
fn a_changed_executable_bit_of_an_include_is_packaged_and_other_bits_are_nothing() {
    let project = orders();
    let set_mode = |mode| project.set_mode("data.txt", mode);
    set_mode(0o644);
    project.run(&WITH_DATA).exits(0);
    set_mode(0o600);
    is_fresh(&project, &WITH_DATA);
    set_mode(0o755);
    is_written(&project, &WITH_DATA);
    let zip = project.zip("orders-x86_64.zip");
    assert_eq!(zip.entry("data.txt").mode, 0o100_755);
}

#[test]
fn an_include_more_less_or_renamed_is_packaged() {
    let project = orders();
    project.run(&WITH_DATA).exits(0);
    is_written(&project, &["--include", "data.txt=other.txt"]);
    is_written(&project, &[]);
    assert_eq!(project.zip("orders-x86_64.zip").names(), ["bootstrap"]);
}

#[test]
fn another_output_is_written_and_the_first_stays_fresh() {
    let project = orders();
    project.run(&[]).exits(0);
    let output = ["-o", "dist/orders.zip"];
    project.run(&output).exits(0).says("Packaged");
    assert!(project.read("dist/orders.zip") == project.read(ZIP));
    project.run(&output).exits(0).says("Fresh");
    is_fresh(&project, &[]);
}

#[test]
fn a_copy_of_a_fresh_zip_at_another_output_is_written_over() {
    // Nothing is known of it but its bytes, and these are right.
    let project = orders();
    project.run(&[]).exits(0);
    fs::create_dir(project.path("dist")).unwrap();
    fs::copy(project.path(ZIP), project.path("dist/orders.zip")).unwrap();
    project.run(&["-o", "dist/orders.zip"]).exits(0);
    assert!(project.read("dist/orders.zip") == project.read(ZIP));
}

#[test]
fn levels_of_lints_change_the_findings_of_a_fresh_zip() {
    let project = orders();
    let levels = |level: &[&'static str]| [&["--runtime", "provided.al2"], level].concat();
    let warned = archive(&project, &levels(&[]));
    assert_eq!(warned["findings"][0]["lint"], AL2);

    let warned = archive(&project, &levels(&[]));
    assert_eq!(warned["fresh"], true);
    assert_eq!(warned["findings"][0]["level"], "warn");

    let allowed = archive(&project, &levels(&["-A", AL2]));
    assert_eq!(allowed["fresh"], true);
    assert_eq!(allowed["findings"].as_array().unwrap().len(), 0);

    let denied = project.run(&levels(&["-D", AL2]));
    denied.exits(1).never_says("Fresh").says("Rejected");
}

#[test]
fn a_rejected_package_is_never_fresh_though_its_zip_was_good_before() {
    let project = orders();
    let al2 = ["--runtime", "provided.al2"];
    project.run(&al2).exits(0);
    let before = identity(&project);
    for _ in 0..2 {
        let json = ["--message-format", "json", "-D", AL2];
        let outcome = project.run(&[&al2[..], &json].concat());
        outcome.exits(1).says("Rejected").never_says("Fresh");
        assert_eq!(outcome.json()["archives"][0]["fresh"], false);
    }
    assert_eq!(identity(&project), before, "the previous zip is untouched");
    is_fresh(&project, &al2);
}

#[test]
fn a_package_rejected_for_the_size_of_its_zip_is_not_fresh_either() {
    // Only this lint is judged after the zip was recognised.
    let elf = Elf::static_pie(Machine::X86_64).payload(noise(50 << 20));
    let project = orders().compiles_to("orders/orders", &elf);
    let quick = ["--compression", "0", "--message-format", "json"];
    project.run(&quick).exits(0);
    let denied = [&quick[..], &["-D", "zip-too-large"]].concat();
    let outcome = project.run(&denied);
    outcome.exits(1).says("Rejected").never_says("Fresh");
    assert_eq!(outcome.json()["archives"][0]["fresh"], false);
}
