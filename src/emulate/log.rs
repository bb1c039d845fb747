//! The log: everything that the processes print, line by line to standard error.

use std::io::{self, Read, Write};
use std::sync::{Mutex, PoisonError};

use crate::lambda::execution::LOG_TAIL;

/// The longest part of a line that is held back until the line is complete, in bytes.
const LONGEST: usize = 8 * 1024;

/// The log of all processes. Only its end is kept.
#[derive(Debug, Default)]
pub(crate) struct Log {
    tail: Mutex<Vec<u8>>,
    /// True if nothing is printed.
    is_quiet: bool,
}

impl Log {
    pub(crate) fn new(is_quiet: bool) -> Self {
        Self {
            is_quiet,
            ..Self::default()
        }
    }

    /// Copies what a process prints, until it closes its end. If the first line begins with `mark`,
    /// it is left out, and its rest is returned.
    pub(super) fn copy(&self, mut from: impl Read, mut mark: Option<&str>) -> Option<String> {
        let mut marked = None;
        let mut held = Vec::new();
        let mut piece = [0; LONGEST];
        loop {
            let length = match from.read(&mut piece) {
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => 0,
            };
            held.extend_from_slice(&piece[..length]);
            let last = held.iter().rposition(|byte| *byte == b'\n');
            let mut complete = last.map_or(0, |at| at + 1);
            if length == 0 || held.len() - complete > LONGEST {
                complete = held.len();
            }
            if complete > 0
                && let Some(mark) = mark.take()
                && held.starts_with(mark.as_bytes())
            {
                let line = held.split_inclusive(|byte| *byte == b'\n').next();
                let line = line.unwrap_or_default().len();
                let rest = String::from_utf8_lossy(&held[mark.len()..line]);
                marked = Some(rest.trim().to_owned());
                held.drain(..line);
                complete -= line;
            }
            let is_cut_off = length == 0 && complete > 0 && held[complete - 1] != b'\n';
            self.write(&held[..complete]);
            if is_cut_off {
                self.write(b"\n");
            }
            held.drain(..complete);
            if length == 0 {
                return marked;
            }
        }
    }

    fn write(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(&bytes[bytes.len().saturating_sub(LOG_TAIL)..]);
        let surplus = tail.len().saturating_sub(LOG_TAIL);
        tail.drain(..surplus);
        if !self.is_quiet {
            // A closed terminal does not change what a function does.
            let _ = io::stderr().lock().write_all(bytes);
        }
    }

    /// The last bytes of the log.
    pub(crate) fn tail(&self) -> String {
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&tail).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_first_line_is_taken_out() {
        let log = Log::new(true);
        let text = "bwrap: execvp x: No such file\none\nbwrap: execvp x: a\ntwo";
        let marked = log.copy(text.as_bytes(), Some("bwrap: execvp x: "));
        assert_eq!(marked.as_deref(), Some("No such file"));
        assert_eq!(log.tail(), "one\nbwrap: execvp x: a\ntwo\n");
    }

    #[test]
    fn only_the_end_of_a_flood_is_kept() {
        let log = Log::new(true);
        let flood = io::repeat(b'x').take(10 << 20);
        assert_eq!(log.copy(flood.chain(&b"\nend\n"[..]), None), None);
        let tail = log.tail();
        assert_eq!(tail.len(), LOG_TAIL);
        assert!(tail.ends_with("x\nend\n"));
        assert!(log.tail.lock().unwrap().capacity() < 1 << 20);
    }
}
