//! The search for a client of Lambda's Runtime API in a program whose bytes come piece by piece.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::elf::is_elf;

/// Texts of which every client has one: a part of the variable `AWS_LAMBDA_RUNTIME_API`, which has the
/// address, and the beginnings of the paths. Compilers split a name that is only compared into words
/// of eight bytes. Source: the Lambda developer guide, "Using the Lambda runtime API for custom
/// runtimes" and "Using the Lambda Extensions API to create extensions".
const TEXTS: [&str; 3] = ["DA_RUNTI", "2018-06-01", "2020-01-01/extension"];

/// The mark of UPX. Nothing is to be seen in a program that it has compressed.
const COMPRESSED: &[u8] = b"UPX!";

/// The bytes of the longest text that is searched for.
const LONGEST: usize = 2 * TEXTS[2].len();

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // .NET has its texts in UTF-16.
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let texts = TEXTS
        .iter()
        .flat_map(|text| [text.as_bytes().to_vec(), utf16(text)]);
    let marks = AhoCorasick::new(texts.chain([COMPRESSED.to_vec()]));
    marks.unwrap_or_else(|error| unreachable!("{error}"))
});

/// The search in one file.
#[derive(Default)]
pub(crate) struct ClientScan(State);

#[derive(Default)]
enum State {
    #[default]
    Beginning,
    /// A program in which there was no client so far, with the last bytes of it: a text may go on in
    /// the next piece.
    Program(Vec<u8>),
    Done,
}

impl ClientScan {
    /// `true` if `bytes` are a program without a client.
    pub(crate) fn finds_none_in(bytes: &[u8]) -> bool {
        let mut scan = Self::default();
        scan.push(bytes);
        scan.finds_none()
    }

    /// Searches the next bytes of the file.
    pub(crate) fn push(&mut self, piece: &[u8]) {
        if matches!(self.0, State::Beginning) {
            self.0 = if is_elf(piece) {
                State::Program(Vec::new())
            } else {
                State::Done
            };
        }
        let State::Program(last) = &mut self.0 else {
            return;
        };
        let (beginning, end) = (
            piece.len().min(LONGEST),
            piece.len().saturating_sub(LONGEST),
        );
        last.extend(&piece[..beginning]);
        if MARKS.is_match(&*last) || MARKS.is_match(piece) {
            self.0 = State::Done;
            return;
        }
        last.extend(&piece[end.max(beginning)..]);
        last.drain(..last.len().saturating_sub(LONGEST));
    }

    /// `true` if the file, all of whose bytes were pushed, is a program without a client.
    pub(crate) fn finds_none(&self) -> bool {
        matches!(self.0, State::Program(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_found_wherever_the_pieces_end() {
        let utf16 = "A.W.S._.L.A.M.B.D.A._.R.U.N.T.I.M.E._.A.P.I.".replace('.', "\0");
        for (text, finds_none) in [
            ("nothing", true),
            ("AWS_LAMBDA_RUNTIME_API", false),
            ("AWS_LAMBDA_FUNCTION_NAME", true),
            ("/2018-06-01/runtime/invocation/next", false),
            ("/2020-01-01/extension/register", false),
            (&utf16, false),
            ("UPX!", false),
        ] {
            let head = b"\x7fELF\x02\x01\x01".as_slice();
            let program = [head, &[0; 100], text.as_bytes(), &[0; 9]].concat();
            assert_eq!(ClientScan::finds_none_in(&program), finds_none, "{text}");
            for length in 4..program.len() {
                let mut scan = ClientScan::default();
                program.chunks(length).for_each(|piece| scan.push(piece));
                assert_eq!(
                    scan.finds_none(),
                    finds_none,
                    "{text} in pieces of {length}"
                );
            }
            let script = [b"#!/bin/sh\n".as_slice(), text.as_bytes()].concat();
            assert!(!ClientScan::finds_none_in(&script));
        }
        assert!(!ClientScan::finds_none_in(b""));
    }
}
