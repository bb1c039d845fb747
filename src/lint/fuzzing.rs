//! What the fuzzer in `tests/fuzz` calls.

use super::budget::Budget;
use super::contents;
use super::package::Package;
use crate::archive::read::{Turn, Zip};
use crate::lambda::{Architecture, MountPoint, Runtime};
use crate::lint;

/// Judges the bytes of a zip as `check` does: as a function's package and as a layer.
pub fn check(zip: &[u8]) {
    let source = zip.to_vec();
    let Ok(zip) = Zip::open(&source) else {
        return;
    };
    let Ok(unpacked) = contents::read(&zip, &Turn::default()) else {
        return;
    };
    for root in [MountPoint::Task, MountPoint::Opt] {
        let package = Package {
            root,
            files: &unpacked.files,
            layers: &[],
            architecture: Architecture::default(),
            runtime: Runtime::default(),
            anomalies: &unpacked.anomalies,
            budget: Budget::default(),
        };
        let _ = lint::check(&package);
    }
}
