//! The templates for SAM, of zips and of sources.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Deployment, LAYER};
use crate::architecture::Architecture;
use crate::unpack::unpack;

const PACKAGE: &str = "sam package --s3-bucket code --output-template-file packaged.yaml";
pub(super) const DEPLOY: &str = "sam deploy --stack-name shop --s3-bucket code \
    --no-confirm-changeset --no-fail-on-empty-changeset --capabilities CAPABILITY_IAM";

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn zips_are_deployed_as_they_are() {
    let mut shop = Deployment::with_layers(&[]);
    shop.bucket();
    shop.template("sam", &[], "template.yaml");

    let valid = shop.client(&["sam", "validate", "--lint"], &[]);
    assert!(valid.contains("is a valid SAM Template"), "{valid}");
    packaged_as_they_are(&mut shop);
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

/// `sam package` uploads the bytes of every zip.
fn packaged_as_they_are(shop: &mut Deployment) {
    shop.client(&["sh", "-c", PACKAGE], &[]);
    let packaged = fs_err::read_to_string(shop.folder.path().join("packaged.yaml")).unwrap();
    let places = packaged
        .lines()
        .filter_map(|line| line.split_once(": s3://"));
    let places: BTreeSet<&str> = places.map(|(_, place)| place).collect();
    let folder = tempfile::tempdir_in(shop.folder.path()).unwrap();
    let uploaded = places.iter().enumerate().map(|(nth, place)| {
        let file = folder.path().join(nth.to_string());
        let (place, file_name) = (format!("s3://{place}"), file.to_str().unwrap());
        shop.client(&["aws", "s3", "cp", &place, file_name], &[]);
        fs_err::read(file).unwrap()
    });
    let uploaded: BTreeSet<Vec<u8>> = uploaded.collect();
    let archives = shop.report.archives.iter();
    let made = archives.map(|archive| archive.path.clone());
    let zips = made.chain([shop.folder.path().join(LAYER)]);
    let zips = zips.map(|zip| fs_err::read(zip).unwrap());
    assert!(uploaded == zips.collect(), "other bytes in {packaged}");
}

#[test]
#[ignore = "needs the AWS clients and the musl targets: run tests/run"]
fn sam_builds_from_the_sources() {
    let shop = Deployment::with_layers(&["--bin", "invoice", "--bin", "heartbeat"]);
    shop.template("sam", &["--from-source"], "template.yaml");
    shop.template("sam", &["--makefile"], "Makefile");
    shop.build(&["sam", "build", "--build-in-source"]);
    // The zip of a layer stays where it is, and its path leads there from the new template.
    let built = fs_err::read_to_string(shop.folder.path().join(".aws-sam/build/template.yaml"));
    let line = format!("ContentUri: ../../{LAYER}\n");
    assert!(built.unwrap().contains(&line), "no {line}");
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
