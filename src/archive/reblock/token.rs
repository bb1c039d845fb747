//! What a deflate stream is made of below its codes: literals, and matches with what was before.

use super::bits::Bits;
use super::format::{
    DISTANCE_EXTRA, DISTANCES, END_OF_BLOCK, FIRST_LENGTH, LENGTH_BASE, LENGTH_EXTRA, SYMBOLS,
};

/// A literal or a match. From the lowest bits: 9 of the symbol, 5 of the distance's symbol, and the
/// extra bits: 5 of the length, 13 of the distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token(u32);

/// What comes after a match's symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) length_extra: Bits,
    /// The symbol of the distance.
    pub(super) distance: usize,
    pub(super) distance_extra: Bits,
}

impl Token {
    pub(super) fn literal(byte: u8) -> Self {
        Self(byte.into())
    }

    /// A match, of symbols and extra bits that are within their alphabets.
    pub(super) fn matching(
        symbol: u16,
        length_extra: u32,
        distance: u16,
        distance_extra: u32,
    ) -> Self {
        let symbols = u32::from(symbol) | u32::from(distance) << 9;
        Self(symbols | length_extra << 14 | distance_extra << 19)
    }

    #[inline]
    pub(super) fn symbol(self) -> usize {
        (self.0 & 0x1ff) as usize
    }

    #[inline]
    pub(super) fn as_match(self) -> Option<Match> {
        let index = self.symbol().checked_sub(FIRST_LENGTH)?;
        let distance = (self.0 >> 9 & 0x1f) as usize;
        Some(Match {
            length_extra: Bits::new(self.0 >> 14 & 0x1f, LENGTH_EXTRA[index]),
            distance,
            distance_extra: Bits::new(self.0 >> 19, DISTANCE_EXTRA[distance]),
        })
    }

    /// How many bytes it stands for.
    #[inline]
    fn bytes(self) -> usize {
        match self.symbol().checked_sub(FIRST_LENGTH) {
            None => 1,
            Some(index) => usize::from(LENGTH_BASE[index]) + (self.0 >> 14 & 0x1f) as usize,
        }
    }
}

/// How many symbols of both alphabets there are.
pub(super) const BOTH: usize = SYMBOLS + DISTANCES;

/// What there is to know of a block's tokens to tell what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    /// How often each symbol is used, and behind them each distance: in one array, so that they are
    /// quickly added.
    pub(super) counts: [u32; BOTH],
    /// How many bytes the tokens stand for.
    pub(super) bytes: usize,
}

impl Tally {
    /// A block without tokens, which has an end nevertheless.
    pub(super) const EMPTY: Self = {
        let mut counts = [0; BOTH];
        counts[END_OF_BLOCK] = 1;
        Self { counts, bytes: 0 }
    };

    /// A part of a block, without its end.
    pub(super) fn of(tokens: &[Token]) -> Self {
        let (mut counts, mut bytes) = ([0; BOTH], 0);
        for token in tokens {
            counts[token.symbol()] += 1;
            bytes += token.bytes();
            if let Some(found) = token.as_match() {
                counts[SYMBOLS + found.distance] += 1;
            }
        }
        Self { counts, bytes }
    }

    pub(super) fn add(&mut self, part: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&part.counts) {
            *count += more;
        }
        self.bytes += part.bytes;
    }

    /// Takes a part out that is in it.
    pub(super) fn remove(&mut self, part: &Self) {
        for (count, less) in self.counts.iter_mut().zip(&part.counts) {
            *count -= less;
        }
        self.bytes -= part.bytes;
    }

    pub(super) fn symbols(&self) -> &[u32] {
        &self.counts[..SYMBOLS]
    }

    pub(super) fn distances(&self) -> &[u32] {
        &self.counts[SYMBOLS..]
    }

    /// The bits that are the same whatever the codes.
    pub(super) fn extra_bits(&self) -> u64 {
        let lengths = self.counts[FIRST_LENGTH..SYMBOLS].iter().zip(&LENGTH_EXTRA);
        let distances = self.distances().iter().zip(&DISTANCE_EXTRA);
        lengths
            .chain(distances)
            .map(|(&count, &bits)| u64::from(count) * u64::from(bits))
            .sum()
    }
}
