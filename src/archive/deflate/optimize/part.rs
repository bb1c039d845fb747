//! A part of a stream: tokens and their blocks.

use super::bits::Writer;
use super::block::{Block, Coding};
use super::split::split;
use super::token::Token;

/// The tokens, and how they are split into blocks.
pub(crate) struct Part {
    tokens: Vec<Token>,
    runs: Vec<Run>,
}

/// The tokens of one block.
struct Run {
    tokens: usize,
    /// The number of bytes that they unpack to.
    bytes: usize,
    coding: Coding,
}

impl Part {
    /// Splits the tokens into the best blocks.
    pub(crate) fn of(tokens: Vec<Token>) -> Self {
        let spans = split(&tokens);
        let runs = spans.iter().map(|span| Run {
            tokens: span.tokens.len(),
            bytes: span.tally.bytes,
            coding: Coding::best(&span.tally),
        });
        Self {
            runs: runs.collect(),
            tokens,
        }
    }

    /// Writes the blocks, which unpack to `bytes`; the last one ends the stream if `is_last`.
    /// Returns `None` if they do not unpack to as many bytes, or there is no room.
    pub(crate) fn write(&self, bytes: &[u8], is_last: bool, writer: &mut Writer) -> Option<()> {
        let (mut tokens, mut bytes) = (&self.tokens[..], bytes);
        let mut runs = self.runs.iter().peekable();
        while let Some(run) = runs.next() {
            let block = Block {
                tokens: tokens.split_off(..run.tokens)?,
                bytes: bytes.split_off(..run.bytes)?,
                coding: &run.coding,
            };
            block.write(is_last && runs.peek().is_none(), writer)?;
        }
        bytes.is_empty().then_some(())
    }
}
