//! The end of a program in a sandbox, as Linux reports it.
//!
//! bubblewrap reports a signal by 128 and its number, as a shell does. A program that ends with such
//! a code itself looks the same. Linux tells both apart as long as nothing has reaped the program.
//! The first process of a sandbox does that after it has opened its lock files. One that is a named
//! pipe is a gate: it waits there until the other end is opened, too. It has not asked Linux yet to
//! die with bubblewrap, so that a guard kills it if this process is killed.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use fs_err as fs;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use shared_child::SharedChild;

/// The command of bubblewrap.
pub(super) const BWRAP: &str = "bwrap";

/// The named pipe of one sandbox. It is removed when dropped.
#[derive(Debug)]
pub(super) struct Gate(PathBuf);

impl Gate {
    /// A closed gate.
    ///
    /// # Errors
    /// If the pipe cannot be made.
    pub(super) fn new(path: PathBuf) -> io::Result<Self> {
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Waits for the end of `bwrap`. Its status is returned, or that of its program, if this was a
    /// signal.
    ///
    /// # Errors
    /// If the system refuses to wait.
    pub(super) fn wait(&self, bwrap: &SharedChild) -> io::Result<ExitStatus> {
        let mut guard = None;
        let program = end_of_program(bwrap, &mut guard);
        // Both ends, so that this does not wait.
        let open = fs::File::options().read(true).write(true).open(&self.0)?;
        let status = bwrap.wait()?;
        drop((open, guard));
        let is_reported = |program: &ExitStatus| {
            let signal = program.signal();
            signal.is_some_and(|signal| status.code() == Some(128 + signal))
        };
        Ok(program.filter(is_reported).unwrap_or(status))
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        // Its folder is removed in any case.
        let _ = fs::remove_file(&self.0);
    }
}

/// A process that kills another one as soon as this one has ended. It is ended when dropped.
struct Guard(Child);

impl Guard {
    /// Its name is that of bubblewrap, so that its memory does not count either.
    const SCRIPT: &str = "printf %s \"$2\" >/proc/$$/comm; read -r line; kill -s KILL \"$1\"";

    fn of(process: u32) -> io::Result<Self> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", Self::SCRIPT, "sh", &process.to_string(), BWRAP]);
        command.process_group(0).env_clear();
        // Linux closes the other end with this process.
        command.stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().map(Self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // It may have been killed with everything else.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The position of the status of a process after its name. Source: `exit_code` in proc_pid_stat(5).
const EXIT_CODE: usize = 52 - 3;

/// The status of the program that `bwrap` starts, when it has ended; `None` if there is none. The
/// `guard` is that of the first process of the sandbox.
fn end_of_program(bwrap: &SharedChild, guard: &mut Option<Guard>) -> Option<ExitStatus> {
    const PAUSE: Duration = Duration::from_millis(1);
    let program = loop {
        // bubblewrap has a child, the first process of the sandbox, and the program is its child.
        if let Some(first) = first_child(bwrap.id()).ok()? {
            if guard.is_none() {
                *guard = Some(Guard::of(first).ok()?);
            }
            if let Ok(Some(program)) = first_child(first) {
                break program;
            }
        }
        if !matches!(bwrap.try_wait(), Ok(None)) {
            return None;
        }
        sleep(PAUSE);
    };
    let pid = Pid::from_raw(i32::try_from(program).ok()?)?;
    let end = pidfd_open(pid, PidfdFlags::empty()).ok()?;
    let mut ends = [PollFd::new(&end, PollFlags::IN)];
    while let Err(error) = poll(&mut ends, None) {
        if error != rustix::io::Errno::INTR {
            return None;
        }
    }
    let stat = fs::read_to_string(format!("/proc/{program}/stat")).ok()?;
    // The name, in parentheses, may contain anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let status = fields.split_whitespace().nth(EXIT_CODE)?;
    Some(ExitStatus::from_raw(status.parse().ok()?))
}

/// The oldest child of a process, which may have ended.
///
/// # Errors
/// If the process is not there, or if this Linux does not list children.
fn first_child(process: u32) -> io::Result<Option<u32>> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    let first = children.split_whitespace().next();
    Ok(first.and_then(|id| id.parse().ok()))
}
