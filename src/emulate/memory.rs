//! The memory that the processes of a function use, as Linux reports it.

use std::time::{Duration, Instant};

use fs_err as fs;

use crate::bytes::KIB;
use crate::cargo::descendants;

/// The time between two looks: reading all processes of a machine takes a few milliseconds.
const PAUSE: Duration = Duration::from_millis(100);

/// The most memory that was in use at once.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// In bytes.
    pub(super) peak: u64,
    looked: Option<Instant>,
}

impl Memory {
    /// Looks again, if the last look is long ago.
    pub(super) fn glance(&mut self) {
        if self.looked.is_none_or(|looked| looked.elapsed() >= PAUSE) {
            self.look();
        }
    }

    /// Looks at the peak of each process that runs.
    pub(super) fn look(&mut self) {
        let used = descendants::all().into_iter().filter_map(peak);
        self.peak = self.peak.max(used.sum());
        self.looked = Some(Instant::now());
    }
}

/// The largest resident set of a process so far, in bytes. That of the sandbox itself does not
/// count.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
    if field("Name:")?.trim() == super::gate::BWRAP {
        return None;
    }
    let kib: u64 = field("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * KIB)
}
