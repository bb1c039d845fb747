//! What the fuzzer in `tests/fuzz` calls.

use crate::lint::{self, Budget, Package, Root};
use crate::reader::{Turn, Zip};
use crate::target::{Architecture, Runtime};
use crate::unpacked;

/// Judges the bytes of a zip as `check` does: as a function's package and as a layer.
pub fn judge(zip: &[u8]) {
    let source = zip.to_vec();
    let Ok(zip) = Zip::open(&source) else {
        return;
    };
    let Ok(unpacked) = unpacked::read(&zip, &Turn::default()) else {
        return;
    };
    for root in [Root::Task, Root::Opt] {
        let package = Package {
            root,
            files: &unpacked.files,
            layers: &[],
            architecture: Architecture::default(),
            runtime: Runtime::default(),
            format: &unpacked.format,
            budget: Budget::default(),
        };
        let _ = lint::judge(&package);
    }
}
