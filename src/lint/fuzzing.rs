//! The entry point of the fuzzer in `tests/fuzz`.

use super::budget::Budget;
use super::check::ZipCheck;
use super::policy::Policy;
use crate::archive::read::{Fault, LargeEntryLock, Source, Zip};
use crate::lambda::{MountPoint, Runtime};

/// Checks the bytes of a zip as `check` does: as a function's package and as a layer.
pub fn check_zip(zip: &[u8]) {
    let source = zip.to_vec();
    // Only the system can make it fail, and memory does not.
    let Ok(zip) = Fault::defect(Zip::open(&source)) else {
        return;
    };
    for mount_point in MountPoint::ALL {
        let check = ZipCheck {
            mount_point,
            layers: &[],
            architecture: None,
            runtime: Runtime::default(),
            budget: Budget::default(),
            policy: &Policy::default(),
            large_entry_lock: &LargeEntryLock::default(),
        };
        let _ = check.check(&zip, "fuzzed.zip", source.length());
    }
}
