//! One stream from many threads. Each piece of the data is deflated together with the bytes in
//! front of it, so that matches into these are found. Then the tokens of these bytes are dropped,
//! and the tokens of all pieces are joined.
//!
//! The pieces depend only on the length of the data: the number of threads does not change the
//! stream.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::bits::Writer;
use super::format::WINDOW;
use super::part::Part;
use super::stream::tokens_of;
use super::token::{Token, without_first};
use super::verify::verified;

/// The largest size of a piece in bytes.
pub(crate) const PIECE: usize = 1024 * 1024;

/// The number of bytes in front of a piece. It is more than a match can reach, because the
/// compressor adapts to the data.
const LEAD: usize = 128 * 1024;
const _: () = assert!(LEAD >= WINDOW);

/// Deflates `original` piece by piece with `deflate`. Returns `None` if the result is not smaller,
/// or does not inflate to `original`.
pub(crate) fn deflate_in_pieces(
    original: &[u8],
    deflate: impl Fn(&[u8]) -> Option<Vec<u8>> + Sync,
) -> Option<Vec<u8>> {
    let mut writer = Writer::new(original.len().checked_sub(1)?);
    // Tokens take more memory than their bytes, so not all pieces are in memory at once.
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
    /// The bytes in front of it ([`LEAD`]), and its own bytes.
    data: &'data [u8],
    /// The offset of its own bytes.
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

/// Splits the data, which is not empty, into pieces of about the same length.
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
