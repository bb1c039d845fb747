//! The numbers of deflate. Source: RFC 1951.

use std::ops::RangeInclusive;

/// How far back a match may be. Source: section 2.
pub(crate) const WINDOW: usize = 32 * 1024;

/// The literals, the end of a block and the lengths of matches share an alphabet; distances have
/// their own. Source: section 3.2.5.
pub(crate) const SYMBOLS: usize = 286;
pub(crate) const DISTANCES: usize = 30;

/// The symbol that ends a block.
pub(crate) const END_OF_BLOCK: usize = 256;
/// The first symbol that stands for a match.
pub(crate) const FIRST_LENGTH: usize = 257;

/// No code is longer than this. Source: section 3.2.7.
pub(crate) const LONGEST_CODE: usize = 15;
/// No code for the lengths of codes is longer than this. Source: section 3.2.7.
pub(crate) const LONGEST_LENGTH_CODE: usize = 7;

/// How many bits after its symbol tell a length from the others that share the symbol.
pub(crate) const LENGTH_EXTRA: [u8; SYMBOLS - FIRST_LENGTH] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];

/// The least length of those that share a symbol.
pub(crate) const LENGTH_BASE: [u16; SYMBOLS - FIRST_LENGTH] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];

/// The same of distances.
pub(crate) const DISTANCE_EXTRA: [u8; DISTANCES] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
];

/// How a block is coded, in the two bits before it. Source: section 3.2.3.
pub(crate) const STORED: u32 = 0;
pub(crate) const FIXED: u32 = 1;
pub(crate) const DYNAMIC: u32 = 2;

/// The symbols that lengths of codes are written with: the lengths themselves, and repetitions of
/// the length before, of a few zeros, and of many. Source: section 3.2.7.
pub(crate) const LENGTH_SYMBOLS: usize = 19;
pub(crate) const REPEAT: usize = 16;
const FEW_ZEROS: usize = 17;
const MANY_ZEROS: usize = 18;

/// A symbol for repetitions: the fewest that it stands for, and the bits that say how many more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repetition {
    pub(crate) symbol: usize,
    pub(crate) least: usize,
    pub(crate) extra: u8,
}

impl Repetition {
    pub(crate) const ALL: [Self; 3] = [
        Self::new(REPEAT, 3, 2),
        Self::new(FEW_ZEROS, 3, 3),
        Self::new(MANY_ZEROS, 11, 7),
    ];

    const fn new(symbol: usize, least: usize, extra: u8) -> Self {
        Self {
            symbol,
            least,
            extra,
        }
    }

    /// What a symbol stands for; none if it is a length itself.
    pub(crate) fn of(symbol: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.symbol == symbol)
    }

    /// How many of a run of the same it is worth trying to repeat.
    pub(crate) fn times(self, run: usize) -> RangeInclusive<usize> {
        let most = run.min(self.least + (1 << self.extra) - 1);
        match self.symbol {
            // Fewer than there are would hardly ever be better.
            MANY_ZEROS => most.max(self.least)..=most,
            _ => self.least..=most,
        }
    }
}

/// The order in which their own lengths are written, so that the last are mostly none.
pub(crate) const LENGTH_SYMBOL_ORDER: [usize; LENGTH_SYMBOLS] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// The codes' lengths where a block does not bring its own. Two symbols that are never used take
/// part, since longer codes come after theirs. Source: section 3.2.6.
pub(crate) const FIXED_SYMBOL_LENGTHS: [u8; SYMBOLS + 2] = {
    let mut lengths = [8; SYMBOLS + 2];
    let mut symbol = 144;
    while symbol < 280 {
        lengths[symbol] = if symbol < 256 { 9 } else { 7 };
        symbol += 1;
    }
    lengths
};
/// The two distances that are never used come last, and are left out.
pub(crate) const FIXED_DISTANCE_LENGTHS: [u8; DISTANCES + 2] = {
    let mut lengths = [5; DISTANCES + 2];
    lengths[DISTANCES] = 0;
    lengths[DISTANCES + 1] = 0;
    lengths
};
