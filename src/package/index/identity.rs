//! The identity of a file: what tells, without reading it, that its contents have not changed.
//!
//! Linux sets the change time of a file to its own clock whenever the file is written, and nobody
//! can set it to another time. The clock stands still for some milliseconds, in which a file can
//! change twice and have one time. An identity is therefore settled only when the clock has moved
//! on; what is read after that belongs to it. Git knows this as the problem of racy entries.

use std::fs::Metadata;

use serde::{Deserialize, Serialize};

/// The identity of a file. Equal ones have equal contents, if one of them was settled when the
/// contents were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: Time,
    changed: Time,
}

/// Seconds and nanoseconds since 1970.
type Time = (i64, i64);

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::os::unix::fs::MetadataExt;
    use std::thread::sleep;
    use std::time::Duration;

    use rustix::fs::fstatfs;
    use rustix::time::{ClockId, clock_gettime};

    use super::{Identity, Metadata, Time};

    /// The file systems of Linux that keep change times in nanoseconds, by this machine's clock. A
    /// server sets those of a network file system, and clients remember them. Source:
    /// `linux/magic.h`, and `statfs(2)`.
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

    /// How long the clock may stand still: the longest period of Linux's timer is 10 ms.
    const PERIOD: Duration = Duration::from_millis(10);

    impl Identity {
        /// The identity of a file with these `metadata`. `None` if its times are too coarse to tell
        /// changes apart, or if no path leads to it.
        pub(in crate::package::index) fn of(metadata: &Metadata) -> Option<Self> {
            let is_fine = metadata.ctime_nsec() != 0;
            (metadata.is_file() && metadata.nlink() > 0 && is_fine).then(|| Self {
                device: metadata.dev(),
                inode: metadata.ino(),
                bytes: metadata.size(),
                modified: (metadata.mtime(), metadata.mtime_nsec()),
                changed: (metadata.ctime(), metadata.ctime_nsec()),
            })
        }

        /// True if every later change of `file` gives it another identity. Waits for that if the
        /// file has just changed.
        pub(in crate::package::index) fn settles(&self, file: &File) -> bool {
            if !is_known(file) {
                return false;
            }
            if !self.is_past() {
                sleep(PERIOD);
            }
            self.is_past()
        }

        fn is_past(&self) -> bool {
            self.modified.max(self.changed) < now()
        }
    }

    /// The time that a file would have if it changed now.
    fn now() -> Time {
        let time = clock_gettime(ClockId::RealtimeCoarse);
        (time.tv_sec, time.tv_nsec)
    }

    fn is_known(file: &File) -> bool {
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
}

#[cfg(not(target_os = "linux"))]
impl Identity {
    /// Elsewhere nothing tells that a file has not changed.
    pub(super) fn of(_: &Metadata) -> Option<Self> {
        None
    }

    pub(super) fn settles(&self, _: &std::fs::File) -> bool {
        false
    }
}
