//! A zip is a function of what it contains: neither when nor where nor by whom
//! it was made changes a byte of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::architecture::Architecture;
use crate::shop::{PACKAGED, Report, fixture, lambda_zip, run, shop, target_dir};

/// The bytes of every zip.
fn bytes(report: &Report) -> BTreeMap<String, Vec<u8>> {
    Architecture::ALL
        .iter()
        .flat_map(|&architecture| PACKAGED.map(|bin| (bin, architecture)))
        .map(|(bin, architecture)| {
            let zip = fs_err::read(report.zip(bin, architecture)).unwrap();
            (format!("{bin} for {architecture}"), zip)
        })
        .collect()
}

#[track_caller]
fn assert_same_bytes(report: &Report) {
    let (expected, actual) = (bytes(shop()), bytes(report));
    let different: Vec<_> = expected
        .iter()
        .filter(|(name, zip)| actual[*name] != **zip)
        .map(|(name, _)| name)
        .collect();
    assert!(different.is_empty(), "other bytes: {different:?}");
}

#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn a_second_run_writes_the_same_bytes() {
    shop();
    let folder = tempfile::tempdir().unwrap();
    let mut again = lambda_zip(&fixture(), &target_dir());
    again
        .arg("--output")
        .arg(folder.path().join("{arch}/{bin}.zip"));
    assert_same_bytes(&run(&mut again));
}

/// All at once, as a build from nothing is the dearest thing that the tests do:
/// another folder, every source newer, and files that nobody else may read.
#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn another_checkout_of_newer_files_under_another_umask_gives_the_same_bytes() {
    shop();
    let folder = tempfile::tempdir().unwrap();
    let checkout = folder.path().join("elsewhere/shop");
    copy(&fixture(), &checkout);
    let command = lambda_zip(&checkout, &checkout.join("target"));
    assert_same_bytes(&run(&mut under_umask_077(&command)));
}

/// Only a shell can change the umask of one process.
fn under_umask_077(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", r#"umask 077; exec "$0" "$@""#])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

/// Copies the sources of a checkout, without what was built of them. The copies
/// are as new as files can be.
fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let (from, name) = entry
            .map(|entry| (entry.path(), entry.file_name()))
            .unwrap();
        if from.is_file() {
            fs_err::copy(from, to.join(name)).unwrap();
        } else if name != "target" {
            copy(&from, &to.join(name));
        }
    }
}
