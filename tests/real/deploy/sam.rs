//! The templates for SAM, of zips and of sources.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Deployment;
use crate::architecture::Architecture;
use crate::unpack::unpack;

const DEPLOY: &str = "sam deploy --stack-name shop --s3-bucket code \
    --no-confirm-changeset --no-fail-on-empty-changeset --capabilities CAPABILITY_IAM";

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn zips_are_deployed_as_they_are() {
    let mut shop = Deployment::of(&[]);
    shop.bucket();
    shop.template("sam", &[], "template.yaml");

    let valid = shop.client(&["sam", "validate", "--lint"], &[]);
    assert!(valid.contains("is a valid SAM Template"), "{valid}");
    // What is deployed after it is what it has made of the template.
    shop.client(&["sam", "build"], &[]);
    shop.client(&["sh", "-c", DEPLOY], &[]);
    shop.prove();

    // LocalStack calls it a success even if there is nothing to change.
    let revisions = shop.revisions();
    shop.client(&["sh", "-c", DEPLOY], &[]);
    assert_eq!(shop.revisions(), revisions);
    shop.prove();
}

#[test]
#[ignore = "needs the AWS clients and the musl targets: run tests/run"]
fn sam_builds_from_the_sources() {
    let shop = Deployment::of(&["--bin", "invoice", "--bin", "heartbeat"]);
    shop.template("sam", &["--from-source"], "template.yaml");
    shop.template("sam", &["--makefile"], "Makefile");
    shop.build(&["sam", "build", "--build-in-source"]);
    for architecture in Architecture::ALL {
        for (bin, id) in [("Invoice", "Function"), ("Heartbeat", "Layer")] {
            let architecture_id = match architecture {
                Architecture::X86_64 => "X8664",
                Architecture::Arm64 => "Arm64",
            };
            let id = format!("{bin}{architecture_id}{id}");
            let unpacked = tempfile::tempdir().unwrap();
            unpack(
                shop.report.zip(&bin.to_lowercase(), architecture),
                unpacked.path(),
            )
            .unwrap();
            let built = shop.folder.path().join(".aws-sam/build").join(&id);
            assert_eq!(files(&built), files(unpacked.path()), "{id}");
        }
    }
}

/// The mode and the contents of every file below `folder`.
fn files(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let files = files.map(|entry| {
        let path = entry.path().strip_prefix(folder).unwrap().to_owned();
        let mode = entry.metadata().unwrap().permissions().mode();
        (path, (mode, fs_err::read(entry.path()).unwrap()))
    });
    files.collect()
}
