//! Makes a deflate stream smaller without looking for other matches: its tokens remain, but blocks
//! end elsewhere, and their codes are the best for them.
//!
//! libdeflate decides where a block ends before it knows what the tokens will be, and by how much
//! the bytes seem to change. Here the tokens are known, and so is nearly what any block of them
//! would take.
//!
//! Tokens are also what lets streams of neighbouring pieces become one: see [`pieces`].

mod bits;
mod block;
mod decoder;
mod entropy;
mod format;
mod header;
mod huffman;
mod part;
mod pieces;
mod smooth;
mod split;
mod stream;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use format::WINDOW;
pub(crate) use pieces::{PIECE, deflate_in_pieces};

use libdeflater::Decompressor;

use bits::Writer;
use part::Part;
use stream::tokens_of;

/// The stream in fewer bytes; none if that did not succeed, for whatever reason. What is returned
/// was inflated to `original`.
pub(crate) fn reblock(deflated: &[u8], original: &[u8]) -> Option<Vec<u8>> {
    let reblocked = rewrite(deflated, original, deflated.len().checked_sub(1)?)?;
    verified(reblocked, original)
}

/// The stream with other blocks, if it makes sense and there is room.
fn rewrite(deflated: &[u8], original: &[u8], room: usize) -> Option<Vec<u8>> {
    let mut writer = Writer::new(room);
    let part = Part::of(tokens_of(deflated)?);
    part.write(original, true, &mut writer)?;
    writer.finish()
}

/// A stream that inflates to `original`, or none.
fn verified(deflated: Vec<u8>, original: &[u8]) -> Option<Vec<u8>> {
    let mut inflated = vec![0; original.len()];
    let length = Decompressor::new()
        .deflate_decompress(&deflated, &mut inflated)
        .ok()?;
    (inflated.get(..length)? == original).then_some(deflated)
}
