//! A part of a stream: tokens, and the blocks that they are to be.

use super::bits::Writer;
use super::block::{Block, Coding};
use super::split::split;
use super::token::Token;

pub(crate) struct Part {
    tokens: Vec<Token>,
    runs: Vec<Run>,
}

/// Tokens in a row that are to be a block.
struct Run {
    tokens: usize,
    /// How many bytes they stand for.
    bytes: usize,
    coding: Coding,
}

impl Part {
    /// The tokens in the blocks that are the best for them.
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

    /// Writes the blocks, which stand for `bytes`; the last one ends the stream if `is_last`. None
    /// if that is not what they stand for, or there is no room.
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
