//! The identity of a file: what tells, without reading it, that its contents have not changed.
//!
//! Linux sets the change time of a file to its own clock whenever the file is written, and no
//! program can set it to another time. The clock stands still for some milliseconds, in which a file
//! can change twice and have one time. An identity is therefore settled only when the clock has moved
//! on; what is read after that belongs to it. Git knows this as the problem of racy entries.
//!
//! One change escapes for some seconds: a program that writes again and again through a memory map
//! sets the time only at the first write after Linux has saved the page.

use std::fs::{File, Metadata};
#[cfg(target_os = "linux")]
use std::os::unix::fs::MetadataExt;
#[cfg(target_os = "linux")]
use std::thread::sleep;
#[cfg(target_os = "linux")]
use std::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
use super::linux;

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

/// How long the clock may stand still: the longest period of Linux's timer is 10 ms.
#[cfg(target_os = "linux")]
const PERIOD: Duration = Duration::from_millis(10);

#[cfg(target_os = "linux")]
impl Identity {
    /// The identity of a file with these `metadata`. `None` if its times are too coarse to tell
    /// changes apart, or if no path leads to it.
    pub(super) fn of(metadata: &Metadata) -> Option<Self> {
        let is_fine = metadata.ctime_nsec() != 0;
        (metadata.is_file() && metadata.nlink() > 0 && is_fine).then(|| Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }

    /// True if every later change of `file` gives it another identity. Waits for that if the file
    /// has just changed.
    pub(super) fn settles(&self, file: &File) -> bool {
        if !linux::follows_clock(file) {
            return false;
        }
        if !self.is_past() {
            sleep(PERIOD);
        }
        self.is_past()
    }

    fn is_past(&self) -> bool {
        self.modified.max(self.changed) < linux::now()
    }
}

#[cfg(not(target_os = "linux"))]
impl Identity {
    /// Elsewhere nothing tells that a file has not changed.
    pub(super) fn of(_: &Metadata) -> Option<Self> {
        None
    }

    pub(super) fn settles(&self, _: &File) -> bool {
        false
    }
}
