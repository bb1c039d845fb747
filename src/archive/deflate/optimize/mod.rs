//! A second pass over a deflate stream, which makes it smaller. The tokens stay the same; the
//! blocks get other ends, and the best codes for their tokens.
//!
//! libdeflate decides where a block ends before it knows the tokens, from the change of the bytes.
//! Here the tokens are known, and so is nearly the size of any block of them.
//!
//! Tokens also make it possible to join the streams of neighbouring pieces: see [`pieces`].

mod bits;
mod block;
mod decoder;
mod entropy;
mod format;
mod header;
mod huffman;
mod part;
mod pieces;
mod reblock;
mod smooth;
mod split;
mod stream;
#[cfg(test)]
mod tests;
mod token;
mod verify;

pub(crate) use format::WINDOW;
pub(crate) use pieces::{PIECE, deflate_in_pieces};
pub(crate) use reblock::reblock;
