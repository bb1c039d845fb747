//! Makes a deflate stream smaller without looking for other matches: its tokens remain, but blocks
//! end elsewhere, and their codes are the best for them.
//!
//! libdeflate decides where a block ends before it knows what the tokens will be, and by how much
//! the bytes seem to change. Here the tokens are known, and so is nearly what any block of them
//! would take.

mod bits;
mod block;
mod decoder;
mod entropy;
mod format;
mod header;
mod huffman;
mod smooth;
mod split;
mod stream;
#[cfg(test)]
mod tests;
mod token;

use libdeflater::Decompressor;

use bits::Writer;
use block::{Block, Coding};
use stream::Stream;

/// How many tokens are in memory at a time, and a block more.
const MOST_TOKENS: usize = 1024 * 1024;

/// The stream in fewer bytes; none if that did not succeed, for whatever reason. What is returned
/// was inflated to `original`.
pub(super) fn reblock(deflated: &[u8], original: &[u8]) -> Option<Vec<u8>> {
    let reblocked = rewrite(deflated, original, deflated.len().checked_sub(1)?)?;
    let mut inflated = vec![0; original.len()];
    let length = Decompressor::new()
        .deflate_decompress(&reblocked, &mut inflated)
        .ok()?;
    (inflated.get(..length)? == original).then_some(reblocked)
}

/// The stream with other blocks, if it makes sense and there is room.
fn rewrite(deflated: &[u8], original: &[u8], room: usize) -> Option<Vec<u8>> {
    let mut stream = Stream::new(deflated);
    let mut writer = Writer::new(room);
    // Hardly any token takes less than a byte.
    let mut tokens = Vec::with_capacity(deflated.len().min(MOST_TOKENS));
    let mut rest = original;
    while !stream.is_over() {
        tokens.clear();
        while !stream.is_over() && tokens.len() < MOST_TOKENS {
            stream.read_block(&mut tokens)?;
        }
        let mut spans = split::split(&tokens).into_iter().peekable();
        while let Some(span) = spans.next() {
            let (bytes, others) = rest.split_at_checked(span.tally.bytes)?;
            rest = others;
            let block = Block {
                tokens: span.tokens,
                bytes,
                coding: Coding::best(&span.tally),
            };
            let is_last = stream.is_over() && spans.peek().is_none();
            block.write(is_last, &mut writer)?;
        }
    }
    writer.finish()
}
