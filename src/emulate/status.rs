//! Exit statuses, in the words of AWS's emulator, which are those of Go.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// The names of the signals from 1 on. Source: Go's `syscall` for Linux.
const SIGNALS: [&str; 15] = [
    "hangup",
    "interrupt",
    "quit",
    "illegal instruction",
    "trace/breakpoint trap",
    "aborted",
    "bus error",
    "floating point exception",
    "killed",
    "user defined signal 1",
    "segmentation fault",
    "user defined signal 2",
    "broken pipe",
    "alarm clock",
    "terminated",
];

/// The reason why a process ended; `None` if it succeeded.
pub(super) fn reason(status: ExitStatus) -> Option<String> {
    let Some(signal) = status.signal() else {
        let code = status.code().filter(|code| *code != 0);
        return code.map(|code| format!("exit status {code}"));
    };
    let name = usize::try_from(signal - 1)
        .ok()
        .and_then(|at| SIGNALS.get(at));
    Some(match name {
        Some(name) => format!("signal: {name}"),
        None => format!("signal: signal {signal}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_named_as_by_the_emulator() {
        let exit = |code: i32| reason(ExitStatus::from_raw(code << 8));
        let signal = |signal| reason(ExitStatus::from_raw(signal));
        assert_eq!(exit(0), None);
        assert_eq!(exit(3).as_deref(), Some("exit status 3"));
        assert_eq!(exit(139).as_deref(), Some("exit status 139"));
        assert_eq!(signal(6).as_deref(), Some("signal: aborted"));
        assert_eq!(signal(34).as_deref(), Some("signal: signal 34"));
    }
}
