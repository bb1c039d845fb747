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
///
/// bubblewrap reports a signal as a shell does, by 128 and its number. That is read as a signal of
/// machine code (`reads_signals`); scripts end with such a code themselves if a command was killed.
pub(super) fn reason(status: ExitStatus, reads_signals: bool) -> Option<String> {
    /// The highest number of a signal on Linux.
    const LAST: i32 = 64;
    let code = status.code();
    let reported = code.filter(|_| reads_signals).map(|code| code - 128);
    let reported = reported.filter(|signal| (1..=LAST).contains(signal));
    let Some(signal) = status.signal().or(reported) else {
        return code
            .filter(|code| *code != 0)
            .map(|code| format!("exit status {code}"));
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
        let exit = |code: i32, reads| reason(ExitStatus::from_raw(code << 8), reads);
        let signal = |signal| reason(ExitStatus::from_raw(signal), false);
        assert_eq!(exit(0, true), None);
        assert_eq!(exit(3, true).as_deref(), Some("exit status 3"));
        assert_eq!(exit(128, true).as_deref(), Some("exit status 128"));
        assert_eq!(
            exit(139, true).as_deref(),
            Some("signal: segmentation fault")
        );
        assert_eq!(exit(139, false).as_deref(), Some("exit status 139"));
        assert_eq!(exit(255, true).as_deref(), Some("exit status 255"));
        assert_eq!(signal(6).as_deref(), Some("signal: aborted"));
        assert_eq!(signal(34).as_deref(), Some("signal: signal 34"));
    }
}
