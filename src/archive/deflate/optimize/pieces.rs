//! Many threads for one stream: pieces of the data are deflated side by side, each with what is
//! before it in front, so that its repetitions are found; then the tokens of what was in front are
//! dropped, and the others are strung together.
//!
//! Where pieces begin depends on the data's length alone: as many threads as there may be, the
//! stream is the same.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::bits::Writer;
use super::format::WINDOW;
use super::part::Part;
use super::stream::tokens_of;
use super::token::{Token, without_first};
use crate::archive::deflate::optimize::verified;

/// About how many bytes a piece has, and the most that are one piece.
pub(crate) const PIECE: usize = 1024 * 1024;

/// What is in front of a piece: more than a match can reach, for a compressor that learns what the
/// data is like as it goes.
const LEAD: usize = 128 * 1024;
const _: () = assert!(LEAD >= WINDOW);

/// Deflates `original`, piece by piece with `deflate`; none if that gains nothing, or does not
/// succeed for whatever reason. What is returned was inflated to `original`.
pub(crate) fn deflate_in_pieces(
    original: &[u8],
    deflate: impl Fn(&[u8]) -> Option<Vec<u8>> + Sync,
) -> Option<Vec<u8>> {
    let mut writer = Writer::new(original.len().checked_sub(1)?);
    // Tokens take more memory than what they stand for: those of all pieces would be too many.
    for pieces in pieces(original).chunks(rayon::current_num_threads()) {
        let parts: Option<Vec<Part>> = pieces
            .par_iter()
            .map(|piece| piece.tokens(&deflate).map(Part::of))
            .collect();
        for (piece, part) in pieces.iter().zip(parts?) {
            part.write(piece.own(), piece.is_last, &mut writer)?;
        }
    }
    verified(writer.finish()?, original)
}

/// A part of the data.
struct Piece<'data> {
    /// Behind its [`LEAD`].
    data: &'data [u8],
    /// Where its own bytes begin.
    start: usize,
    is_last: bool,
}

impl Piece<'_> {
    fn own(&self) -> &[u8] {
        &self.data[self.start..]
    }

    fn tokens(&self, deflate: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<Token>> {
        let tokens = tokens_of(&deflate(self.data)?)?;
        without_first(self.start, tokens, self.own())
    }
}

/// Pieces of about the same length of what is not empty.
fn pieces(original: &[u8]) -> Vec<Piece<'_>> {
    let count = original.len().div_ceil(PIECE);
    let length = original.len().div_ceil(count);
    let starts = (0..original.len()).step_by(length);
    let pieces = starts.map(|start| {
        let first = start.saturating_sub(LEAD);
        let end = original.len().min(start + length);
        Piece {
            data: &original[first..end],
            start: start - first,
            is_last: end == original.len(),
        }
    });
    pieces.collect()
}
