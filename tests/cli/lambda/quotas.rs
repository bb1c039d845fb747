//! Lambda's limits: 50 MiB to upload directly, 250 MiB unzipped.

use forge::elf::{Elf, Machine, noise};
use fs_err as fs;

use crate::support::project::Project;

#[test]
fn a_zip_too_large_to_upload_directly_is_written_with_the_way_to_s3_unless_denied() {
    // 50 MiB that do not shrink, made once for both levels.
    let elf = Elf::static_pie(Machine::X86_64).payload(noise(50 << 20));
    let project = Project::package("orders", "").compiles_to("orders/orders", &elf);
    let quick = ["--compression", "fast"];

    let denied = project.run(&[&quick[..], &["-D", "zip-too-large"]].concat());
    denied.exits(1).says("error").says("zip-too-large");
    assert!(project.zips().is_empty());

    let json = ["--message-format", "json"];
    let warned = project.run(&[&quick[..], &json].concat());
    warned.exits(0).says("warning").says("zip-too-large");
    warned.says("50 MiB").says("S3").says("--s3-bucket");
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
    let archive = &warned.json()["archives"][0];
    assert_eq!(archive["direct_upload"], false);
    assert_eq!(archive["findings"][0]["lint"], "zip-too-large");
}

#[test]
fn code_of_250_mib_is_rejected_however_well_it_shrinks() {
    let elf = Elf::static_pie(Machine::X86_64);
    let project = Project::package("orders", "").compiles_to("orders/orders", &elf);
    // Zeros behind the executable's end: large to Lambda, a hole to the file system.
    let prepared = project.stage().path("prepared/orders/orders");
    let file = fs::File::options().write(true).open(prepared).unwrap();
    file.set_len(262_144_000).unwrap();

    let outcome = project.run(&[]);
    outcome.exits(1).says("unzipped-too-large").says("orders");
    outcome.says("262144000").says("250");
    assert!(project.zips().is_empty());
}
