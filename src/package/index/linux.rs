//! The clock and the file systems of Linux.

use std::fs::File;

use rustix::fs::fstatfs;
use rustix::time::{ClockId, clock_gettime};

/// The file systems of Linux that keep change times in nanoseconds, by this machine's clock. A server
/// sets those of a network file system, and clients remember them. Source: `linux/magic.h`, and
/// `statfs(2)`.
const FILE_SYSTEMS: [i64; 8] = [
    0x0000_ef53, // ext4
    0x5846_5342, // XFS
    0x9123_683e, // Btrfs
    0x0102_1994, // tmpfs
    0x794c_7630, // overlayfs
    0xf2f5_2010, // F2FS
    0x2fc1_2fc1, // ZFS
    0xca45_1a4e, // bcachefs
];

/// The change time of a file that changes now, in seconds and nanoseconds since 1970.
pub(super) fn now() -> (i64, i64) {
    let time = clock_gettime(ClockId::RealtimeCoarse);
    (time.tv_sec, time.tv_nsec)
}

/// True if the change time of `file` follows this machine's clock.
pub(super) fn follows_clock(file: &File) -> bool {
    let Ok(system) = fstatfs(file) else {
        return false;
    };
    #[allow(
        clippy::cast_possible_wrap,
        clippy::unnecessary_cast,
        reason = "the type of the field differs between architectures"
    )]
    let kind = system.f_type as i64 & 0xffff_ffff;
    FILE_SYSTEMS.contains(&kind)
}
