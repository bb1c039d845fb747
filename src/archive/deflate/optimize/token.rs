//! The tokens of a deflate stream: literals, and matches with earlier bytes.

use super::format::{
    DISTANCE_EXTRA, DISTANCES, END_OF_BLOCK, FIRST_LENGTH, LENGTH_BASE, LENGTH_EXTRA, SYMBOLS,
};

/// A literal or a match. From the lowest bit on: 9 bits for the symbol, 5 for the symbol of the
/// distance, 5 for the extra bits of the length, and 13 for those of the distance.
///
/// A literal also has a distance, which takes no bits. So no code has to distinguish literals from
/// matches, which processors mispredict half of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token(u32);

/// The sizes of tables with an item for every value in a token, so that an index is always valid.
pub(crate) const ROOM_OF_SYMBOLS: usize = 1 << 9;
pub(crate) const ROOM_OF_DISTANCES: usize = 1 << 5;

/// The distance of literals. No match has it.
const NO_DISTANCE: u32 = 0x1f;

/// The smallest number of bytes of each symbol.
static BYTES_BY_SYMBOL: [u16; ROOM_OF_SYMBOLS] = {
    let mut bytes = [1; ROOM_OF_SYMBOLS];
    let mut index = 0;
    while index < LENGTH_BASE.len() {
        bytes[FIRST_LENGTH + index] = LENGTH_BASE[index];
        index += 1;
    }
    bytes
};

impl Token {
    pub(crate) fn literal(byte: u8) -> Self {
        Self(u32::from(byte) | NO_DISTANCE << 9)
    }

    /// A match. The symbols and extra bits must be valid.
    pub(crate) fn matching(
        symbol: u16,
        length_extra: u32,
        distance: u16,
        distance_extra: u32,
    ) -> Self {
        let symbols = u32::from(symbol) | u32::from(distance) << 9;
        Self(symbols | length_extra << 14 | distance_extra << 19)
    }

    /// A match of another length at the same distance; `None` if no match is so short.
    fn with_length(self, bytes: u16) -> Option<Self> {
        let index = LENGTH_BASE.partition_point(|&base| base <= bytes);
        let index = index.checked_sub(1)?;
        let symbol = u32::try_from(FIRST_LENGTH + index).ok()?;
        let extra = u32::from(bytes - LENGTH_BASE[index]);
        let kept = self.0 & !(0x1ff | 0x1f << 14);
        Some(Self(kept | symbol | extra << 14))
    }

    #[inline]
    pub(crate) fn symbol(self) -> usize {
        (self.0 & 0x1ff) as usize
    }

    /// The symbol of the distance.
    #[inline]
    pub(crate) fn distance(self) -> usize {
        (self.0 >> 9 & 0x1f) as usize
    }

    #[inline]
    pub(crate) fn length_extra(self) -> u32 {
        self.0 >> 14 & 0x1f
    }

    #[inline]
    pub(crate) fn distance_extra(self) -> u32 {
        self.0 >> 19
    }

    /// The number of bytes that it unpacks to.
    #[inline]
    fn bytes(self) -> usize {
        usize::from(BYTES_BY_SYMBOL[self.symbol()]) + self.length_extra() as usize
    }
}

/// Drops the tokens of the first `bytes` bytes; the others unpack to `rest`. A token across the
/// border is shortened.
pub(crate) fn without_first(
    bytes: usize,
    mut tokens: Vec<Token>,
    rest: &[u8],
) -> Option<Vec<Token>> {
    let (mut count, mut seen) = (0, 0);
    while seen < bytes {
        seen += tokens.get(count)?.bytes();
        count += 1;
    }
    let remaining = u16::try_from(seen - bytes).ok()?;
    let last = count.checked_sub(1).and_then(|last| tokens.get(last));
    let remaining = if let Some(token) = last.and_then(|last| last.with_length(remaining)) {
        vec![token]
    } else {
        let literals = rest.get(..remaining.into())?.iter();
        literals.map(|&byte| Token::literal(byte)).collect()
    };
    tokens.splice(..count, remaining);
    Some(tokens)
}

/// The number of symbols in both alphabets.
pub(crate) const BOTH: usize = SYMBOLS + DISTANCES;

/// The same with an item for every distance in a token.
pub(crate) const ALL: usize = SYMBOLS + ROOM_OF_DISTANCES;

/// Counts of tokens, from which the size of a block follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// The count of each symbol, and then of each distance. One array is faster to add.
    pub(crate) counts: [u32; BOTH],
    /// The number of bytes that the tokens unpack to.
    pub(crate) bytes: usize,
    /// The number of extra bits, which do not depend on the codes.
    pub(crate) extra_bits: u64,
}

impl Tally {
    /// The tally of an empty block, which has only an end.
    pub(crate) const EMPTY: Self = {
        let mut counts = [0; BOTH];
        counts[END_OF_BLOCK] = 1;
        Self {
            counts,
            bytes: 0,
            extra_bits: 0,
        }
    };

    /// The tally of some tokens, without the end of a block.
    pub(crate) fn of(tokens: &[Token]) -> Self {
        let (mut all, mut bytes) = ([0; ALL], 0);
        for token in tokens {
            all[token.symbol()] += 1;
            all[SYMBOLS + token.distance()] += 1;
            bytes += token.bytes();
        }
        let mut counts = [0; BOTH];
        counts.copy_from_slice(&all[..BOTH]);
        let lengths = counts[FIRST_LENGTH..SYMBOLS].iter().zip(&LENGTH_EXTRA);
        let distances = counts[SYMBOLS..].iter().zip(&DISTANCE_EXTRA);
        let extra_bits = lengths
            .chain(distances)
            .map(|(&count, &bits)| u64::from(count) * u64::from(bits))
            .sum();
        Self {
            counts,
            bytes,
            extra_bits,
        }
    }

    pub(crate) fn add(&mut self, part: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&part.counts) {
            *count += more;
        }
        self.bytes += part.bytes;
        self.extra_bits += part.extra_bits;
    }

    /// Subtracts the tally of a part.
    pub(crate) fn remove(&mut self, part: &Self) {
        for (count, less) in self.counts.iter_mut().zip(&part.counts) {
            *count -= less;
        }
        self.bytes -= part.bytes;
        self.extra_bits -= part.extra_bits;
    }

    pub(crate) fn symbols(&self) -> &[u32] {
        &self.counts[..SYMBOLS]
    }

    pub(crate) fn distances(&self) -> &[u32] {
        &self.counts[SYMBOLS..]
    }
}
