//! What a deflate stream is made of below its codes: literals, and matches with what was before.

use super::format::{
    DISTANCE_EXTRA, DISTANCES, END_OF_BLOCK, FIRST_LENGTH, LENGTH_BASE, LENGTH_EXTRA, SYMBOLS,
};

/// A literal or a match. From the lowest bits: 9 of the symbol, 5 of the distance's symbol, and the
/// extra bits: 5 of the length, 13 of the distance.
///
/// A literal has a distance, too, which takes no bits: nobody has to tell literals from matches,
/// which a processor guesses wrong half of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token(u32);

/// As many as a token has room for, so that nobody has to look whether there are as many.
pub(crate) const ROOM_OF_SYMBOLS: usize = 1 << 9;
pub(crate) const ROOM_OF_DISTANCES: usize = 1 << 5;

/// The distance of literals, which is none of a match.
const NO_DISTANCE: u32 = 0x1f;

/// How many bytes a symbol stands for at least.
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

    /// A match, of symbols and extra bits that are within their alphabets.
    pub(crate) fn matching(
        symbol: u16,
        length_extra: u32,
        distance: u16,
        distance_extra: u32,
    ) -> Self {
        let symbols = u32::from(symbol) | u32::from(distance) << 9;
        Self(symbols | length_extra << 14 | distance_extra << 19)
    }

    /// A match of another length with what is as far away; none if no match is so short.
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

    /// How many bytes it stands for.
    #[inline]
    fn bytes(self) -> usize {
        usize::from(BYTES_BY_SYMBOL[self.symbol()]) + self.length_extra() as usize
    }
}

/// The tokens without those of the first `bytes` bytes, so that they stand for `rest`: of one that
/// stands for the end of these and the beginning of that, the latter remains.
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

/// How many symbols of both alphabets there are.
pub(crate) const BOTH: usize = SYMBOLS + DISTANCES;

/// With what a token has room for beside them.
pub(crate) const ALL: usize = SYMBOLS + ROOM_OF_DISTANCES;

/// What there is to know of a block's tokens to tell what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How often each symbol is used, and behind them each distance: in one array, so that they are
    /// quickly added.
    pub(crate) counts: [u32; BOTH],
    /// How many bytes the tokens stand for.
    pub(crate) bytes: usize,
    /// The bits that are the same whatever the codes.
    pub(crate) extra_bits: u64,
}

impl Tally {
    /// A block without tokens, which has an end nevertheless.
    pub(crate) const EMPTY: Self = {
        let mut counts = [0; BOTH];
        counts[END_OF_BLOCK] = 1;
        Self {
            counts,
            bytes: 0,
            extra_bits: 0,
        }
    };

    /// A part of a block, without its end.
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

    /// Takes a part out that is in it.
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
