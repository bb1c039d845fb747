//! The search for a secret in a file whose bytes come piece by piece.

use std::borrow::Cow;
use std::fmt;

use super::key::KeyFile;
use super::matcher::{Found, Rules};

/// The kind and the place of a secret that a file contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Secret {
    /// The kind in plain words, with its article.
    pub(super) what: &'static str,
    /// The line that it begins in, from 1; `None` if the whole file is secret.
    pub(super) line: Option<usize>,
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} in line {line}", self.what),
            None => f.write_str(self.what),
        }
    }
}

/// Bytes that are searched at once: no more of a file is in memory.
const WINDOW: usize = 128 * 1024;
/// Bytes of a window that are searched again in the next, since a secret may be at the border: more
/// than the longest token has, and twice what tells a private key. Even, for the units of UTF-16.
const OVERLAP: usize = 8 * 1024;

/// The search for a secret in one file.
pub(crate) struct SecretScan {
    rules: Rules,
    window: Vec<u8>,
    /// Bytes of the window that were searched with the one before.
    searched: usize,
    state: State,
    /// Lines that end before the window.
    lines: usize,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Beginning,
    Text(Encoding),
    /// Nothing more is to be found.
    Done(Option<Secret>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// UTF-8 or another superset of ASCII.
    Ascii,
    Utf16Le,
    Utf16Be,
}

impl SecretScan {
    /// The search in the file called `name`.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            rules: Rules::of(&name.to_ascii_lowercase()),
            window: Vec::new(),
            searched: 0,
            state: State::Beginning,
            lines: 0,
        }
    }

    /// Searches the next bytes of the file.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !matches!(self.state, State::Done(_)) {
            let room = WINDOW - self.window.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.window.extend_from_slice(now);
            bytes = later;
            if self.window.len() == WINDOW {
                self.search();
                self.advance();
            }
        }
    }

    /// The secret in the file, all of whose bytes were pushed.
    pub(crate) fn finish(mut self) -> Option<Secret> {
        if self.window.len() > self.searched {
            self.search();
        }
        match self.state {
            State::Done(secret) => secret,
            _ => None,
        }
    }

    /// Searches the window.
    fn search(&mut self) {
        if matches!(self.state, State::Beginning) {
            self.state = self.begin();
        }
        let State::Text(encoding) = self.state else {
            return;
        };
        let text = decode(&self.window, encoding);
        if text.contains(&0) {
            // What is no text is read by programs, and full of what looks like a secret.
            self.state = State::Done(None);
        } else if let Some(Found { what, at }) = self.rules.find(&text) {
            let line = at.map(|at| self.lines + newlines(&text[..at]) + 1);
            self.state = State::Done(Some(Secret { what, line }));
        }
    }

    /// Decides by the beginning of the file, which is the whole of a binary key.
    fn begin(&self) -> State {
        let done = |what| State::Done(Some(Secret { what, line: None }));
        match KeyFile::read(&self.window) {
            Some(KeyFile::Secret(what)) => return done(what),
            Some(KeyFile::Public) => return State::Done(None),
            None => {}
        }
        if let Some(Found { what, .. }) = self.rules.whole_file() {
            return done(what);
        }
        State::Text(match self.window.as_slice() {
            [0xff, 0xfe, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] => Encoding::Utf16Be,
            _ => Encoding::Ascii,
        })
    }

    /// Leaves of the window what the next one begins with.
    fn advance(&mut self) {
        if let State::Text(encoding) = self.state {
            let past = WINDOW - OVERLAP;
            self.lines += newlines(&decode(&self.window[..past], encoding));
            self.window.drain(..past);
            self.searched = self.window.len();
        }
    }
}

/// A text in a superset of ASCII, without its byte order mark.
fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    let to_unit = match encoding {
        Encoding::Ascii => {
            return Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        }
        Encoding::Utf16Le => u16::from_le_bytes,
        Encoding::Utf16Be => u16::from_be_bytes,
    };
    let units = bytes
        .chunks_exact(2)
        .map(|pair| to_unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|c| *c != '\u{feff}')
        .collect();
    Cow::Owned(text.into_bytes())
}

fn newlines(text: &[u8]) -> usize {
    text.iter().map(|byte| usize::from(*byte == b'\n')).sum()
}
