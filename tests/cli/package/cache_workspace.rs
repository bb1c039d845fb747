//! Freshness in a workspace of many binaries, and from one set of options to another and back.

use std::os::unix::fs::{MetadataExt, symlink};

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::Project;

const PACKAGES: [&str; 6] = ["billing", "catalog", "mail", "orders", "search", "stock"];

/// Six packages with two binaries each.
fn twelve_binaries() -> Project {
    PACKAGES
        .iter()
        .fold(Project::workspace(""), |project, name| {
            project
                .member(name, "")
                .bin(&format!("crates/{name}/"), &format!("{name}-audit"))
        })
}

/// Which files the zips are, and when each was last written to.
fn identities(project: &Project) -> Vec<(String, u64, i64, i64)> {
    let identity = |zip: String| {
        let path = project.path("target/lambda-zip").join(&zip);
        let metadata = fs::metadata(path).unwrap();
        let (second, nanosecond) = (metadata.mtime(), metadata.mtime_nsec());
        (zip, metadata.ino(), second, nanosecond)
    };
    project.zips().into_iter().map(identity).collect()
}

#[test]
fn twelve_unchanged_zips_are_fresh_twelve_times() {
    let project = twelve_binaries();
    project.run(&[]).exits(0).never_says("Fresh");
    let (zips, compilations) = (identities(&project), project.stage().rustc_calls().len());
    assert_eq!((zips.len(), compilations), (12, 12));

    let outcome = project.run(&[]);

    let fresh = outcome.exits(0).stderr.matches("  Fresh ").count();
    outcome.promise(fresh == 12, "twelve times `Fresh`");
    outcome.never_says("Packaged").says("12 zips (12 fresh)");
    assert_eq!(identities(&project), zips, "the very same files");
    let recompiled = project.stage().rustc_calls().len() - compilations;
    assert_eq!(recompiled, 0, "nothing is compiled again");
}

#[test]
fn of_twelve_zips_only_the_changed_one_is_written() {
    let project = twelve_binaries();
    project.run(&[]).exits(0);
    let before = identities(&project);
    let elf = Elf::static_pie(Machine::X86_64).payload("other code");
    let project = project.compiles_to("orders/orders", &elf);
    project.write("crates/orders/src/main.rs", "fn main() { /* changed */ }\n");

    let outcome = project.run(&[]);

    outcome.exits(0).says("Packaged orders ").says("(11 fresh)");
    let written: Vec<_> = identities(&project)
        .into_iter()
        .filter(|zip| !before.contains(zip))
        .map(|(zip, ..)| zip)
        .collect();
    assert_eq!(written, ["orders-x86_64.zip"]);
}

#[test]
fn zips_that_changed_places_are_both_written_again() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("refunds", "");
    project.run(&[]).exits(0);
    let places = ["orders", "refunds"].map(|name| format!("target/lambda-zip/{name}-x86_64.zip"));
    let [orders, refunds] = places.each_ref().map(|place| project.read(place));
    assert!(orders != refunds);
    project.write(&places[0], &refunds);
    project.write(&places[1], &orders);

    project.run(&[]).exits(0).never_says("Fresh");

    assert!(project.read(&places[0]) == orders);
    assert!(project.read(&places[1]) == refunds);
}

#[test]
fn a_zip_of_an_older_program_that_was_put_back_is_written_again() {
    const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";
    let project = Project::package("orders", "");
    project.run(&[]).exits(0);
    let older = project.read(ZIP);
    let elf = Elf::static_pie(Machine::X86_64).payload("other code");
    let project = project.compiles_to("orders/orders", &elf);
    project.write("src/main.rs", "fn main() { /* changed */ }\n");
    project.run(&[]).exits(0).says("Packaged");
    let newer = project.read(ZIP);
    assert!(older != newer);

    project.write(ZIP, &older);

    project.run(&[]).exits(0).says("Packaged");
    assert!(project.read(ZIP) == newer);
}

/// Whatever was asked for before, a run gives what it would give in a folder where nothing has
/// been; and asked for the same again, it is fresh.
#[test]
fn switching_options_back_and_forth_is_right_each_time() {
    const PACKED: &str = "packed.zip";
    const OPTIONS: [&[&str]; 9] = [
        &[],
        &["--include", "data"],
        &["--include", "data", "--symlinks", "preserve"],
        &["--include", "data", "--exclude-file", "b"],
        &["--include", "data=static"],
        &["--include", "more=data/a"],
        &["--include", "data", "--compression", "0"],
        &["--arch", "arm64"],
        &["--profile", "dev"],
    ];
    let make = || {
        let project = Project::package("orders", "").with(&["data/a", "data/b", "more"]);
        symlink("a", project.path("data/link")).unwrap();
        project
    };
    let run = |project: &Project, options: &[&str]| {
        let outcome = project.run(&[options, &["-o", PACKED]].concat());
        outcome.exits(0);
        (outcome, project.read(PACKED))
    };
    let expected = OPTIONS.map(|options| run(&make(), options).1);

    let project = make();
    let there = OPTIONS.iter().zip(&expected);
    for (options, expected) in there.clone().chain(there.rev()) {
        let (_, zip) = run(&project, options);
        assert!(zip == *expected, "{options:?}");
        let (again, zip) = run(&project, options);
        again.says("Fresh").never_says("Packaged");
        assert!(zip == *expected, "{options:?}, fresh");
    }
}
