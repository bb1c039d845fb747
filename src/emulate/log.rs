//! The log: everything that the processes print, line by line to standard error.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::{Mutex, PoisonError};

use crate::lambda::execution::LOG_TAIL;

/// The longest part of a line that is held back until the line is complete, in bytes.
const LONGEST: usize = 8 * 1024;

/// The log of all processes. Only its end is kept.
#[derive(Debug, Default)]
pub(crate) struct Log {
    tail: Mutex<VecDeque<u8>>,
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

    /// Copies what a process prints, until it closes its end. Lines that begin with `mark` are left
    /// out; the rest of the last one of them is returned.
    pub(super) fn copy(&self, mut from: impl Read, mark: Option<&str>) -> Option<String> {
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
            let complete = match held.iter().rposition(|byte| *byte == b'\n') {
                Some(at) if length > 0 && held.len() - at <= LONGEST => at + 1,
                _ if length > 0 && held.len() <= LONGEST => 0,
                _ => held.len(),
            };
            let lines = held.drain(..complete).collect::<Vec<u8>>();
            let mut kept = Vec::new();
            for line in lines.split_inclusive(|byte| *byte == b'\n') {
                match mark.and_then(|mark| line.strip_prefix(mark.as_bytes())) {
                    Some(rest) => marked = Some(String::from_utf8_lossy(rest).trim().to_owned()),
                    None => kept.extend_from_slice(line),
                }
            }
            if length == 0 && kept.last().is_some_and(|byte| *byte != b'\n') {
                kept.push(b'\n');
            }
            self.write(&kept);
            if length == 0 {
                return marked;
            }
        }
    }

    fn write(&self, bytes: &[u8]) {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend(bytes);
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
        let bytes: Vec<u8> = tail.iter().copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_and_marked_ones_are_taken_out() {
        let log = Log::new(true);
        let text = "one\nbwrap: execvp x: No such file\ntwo";
        let marked = log.copy(text.as_bytes(), Some("bwrap: execvp x: "));
        assert_eq!(marked.as_deref(), Some("No such file"));
        assert_eq!(log.tail(), "one\ntwo\n");
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
