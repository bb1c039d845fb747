//! A terminal for the tool's standard error.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Stdio};
use std::thread::{JoinHandle, spawn};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A pseudoterminal, and what was written to it.
pub(crate) struct Terminal {
    slave: File,
    reader: JoinHandle<String>,
}

impl Terminal {
    /// A terminal that is so many `columns` wide.
    pub(crate) fn new(columns: u16) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap();
        let slave = open(path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&slave, size).unwrap();
        let mut master = File::from(master);
        let reader = spawn(move || {
            let mut written = Vec::new();
            // Linux reports an error when the last process has closed the terminal.
            let _ = master.read_to_end(&mut written);
            String::from_utf8(written).expect("the terminal gets UTF-8")
        });
        Self {
            slave: slave.into(),
            reader,
        }
    }

    /// The terminal as a stream of a process.
    pub(crate) fn stdio(&self) -> Stdio {
        self.slave.try_clone().unwrap().into()
    }

    /// All that was written until `child` has ended, and its exit code.
    pub(crate) fn end(self, mut child: Child) -> (String, Option<i32>) {
        let status = child.wait().unwrap();
        drop(self.slave);
        (self.reader.join().unwrap(), status.code())
    }
}
