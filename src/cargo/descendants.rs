//! The processes that this one has started, and those that they have started in turn.

use std::process::Command;
use std::time::Duration;

/// Gives the process of `command` a group of its own if there is no terminal.
#[cfg(unix)]
pub(super) fn group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    if fs_err::File::open("/dev/tty").is_err() {
        command.process_group(0);
    }
}

/// How long processes may take to end after SIGTERM.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// The descendants of this process that have not ended.
#[cfg(target_os = "linux")]
pub(crate) fn all() -> Vec<u32> {
    unix::alive(&mut [std::process::id()].into(), &[])
}

/// Makes orphans children of this process, so that they stay its descendants.
///
/// # Errors
/// If the system refuses.
#[cfg(target_os = "linux")]
pub(crate) fn adopt_orphans() -> std::io::Result<()> {
    use rustix::process::{getpid, set_child_subreaper};
    Ok(set_child_subreaper(Some(getpid()))?)
}

/// The children of a process that have not ended, the oldest one first.
#[cfg(target_os = "linux")]
pub(crate) fn children(parent: u32) -> Vec<u32> {
    unix::children(parent)
}

/// Ends all descendants of this process, and all members of the process groups `groups`: first by
/// SIGTERM, after `patience` by SIGKILL.
#[cfg(unix)]
pub(super) fn end(groups: &[u32], patience: Duration) {
    use std::collections::BTreeSet;
    use std::thread::sleep;
    use std::time::Instant;

    use rustix::process::{Signal, kill_process};

    let start = Instant::now();
    let mut known = BTreeSet::from([std::process::id()]);
    let mut asked = BTreeSet::new();
    // Again and again, since they may start others before they end.
    loop {
        let alive = unix::alive(&mut known, groups);
        let is_late = start.elapsed() >= patience;
        for &process in &alive {
            let signal = if is_late { Signal::KILL } else { Signal::TERM };
            if (is_late || asked.insert(process))
                && let Some(pid) = unix::pid(process)
            {
                // It may have ended by itself.
                let _ = kill_process(pid, signal);
            }
        }
        if alive.is_empty() || start.elapsed() > patience + PATIENCE {
            return;
        }
        sleep(Duration::from_millis(10));
    }
}

#[cfg(unix)]
mod unix {
    use std::collections::BTreeSet;

    use rustix::process::Pid;

    struct Process {
        id: u32,
        parent: u32,
        group: u32,
    }

    pub(super) fn pid(process: u32) -> Option<Pid> {
        Pid::from_raw(i32::try_from(process).ok()?)
    }

    /// The processes that run, below one of `known` or in one of `groups`. They become known: what
    /// they start stays theirs when they end.
    pub(super) fn alive(known: &mut BTreeSet<u32>, groups: &[u32]) -> Vec<u32> {
        let processes = processes();
        let mut alive = Vec::new();
        loop {
            let before = alive.len();
            for process in &processes {
                let is_ours = known.contains(&process.parent) || groups.contains(&process.group);
                if is_ours && !alive.contains(&process.id) {
                    known.insert(process.id);
                    alive.push(process.id);
                }
            }
            if alive.len() == before {
                return alive;
            }
        }
    }

    #[cfg(target_os = "linux")]
    pub(super) fn children(parent: u32) -> Vec<u32> {
        let ours = processes().into_iter().filter(|one| one.parent == parent);
        let mut children: Vec<u32> = ours.map(|one| one.id).collect();
        children.sort_unstable();
        children
    }

    /// The processes of this machine that have not ended.
    #[cfg(target_os = "linux")]
    fn processes() -> Vec<Process> {
        let entries = fs_err::read_dir("/proc").into_iter().flatten().flatten();
        let stats = entries.filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs_err::read_to_string(entry.path().join("stat")).ok()?;
            // The name, in parentheses, may contain anything.
            let (_, fields) = stat.rsplit_once(')')?;
            process(id, fields)
        });
        stats.collect()
    }

    /// The processes of this machine that have not ended.
    #[cfg(not(target_os = "linux"))]
    fn processes() -> Vec<Process> {
        let ps = std::process::Command::new("ps")
            .args(["-A", "-o", "pid=,stat=,ppid=,pgid="])
            .output();
        let text = ps.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let lines = text.unwrap_or_default();
        let lines = lines.lines().filter_map(|line| {
            let (id, fields) = line.trim_start().split_once(' ')?;
            process(id.parse().ok()?, fields)
        });
        lines.collect()
    }

    /// `fields` begin with state, parent and group.
    fn process(id: u32, fields: &str) -> Option<Process> {
        let mut fields = fields.split_whitespace();
        // A zombie has ended.
        if fields.next()?.starts_with('Z') {
            return None;
        }
        Some(Process {
            id,
            parent: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    }
}

#[cfg(not(unix))]
pub(super) fn group(_: &mut Command) {}

/// Ends the processes `builders`, with all that they have started.
#[cfg(not(unix))]
pub(super) fn end(builders: &[u32], _: Duration) {
    for builder in builders {
        // It may have ended by itself.
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &builder.to_string()])
            .output();
    }
}
