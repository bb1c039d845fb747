//! The constants of deflate. Source: RFC 1951.

use std::ops::RangeInclusive;

/// The longest distance of a match in bytes. Source: section 2.
pub(crate) const WINDOW: usize = 32 * 1024;

/// The number of symbols for literals, the end of a block and lengths of matches. Source: section
/// 3.2.5.
pub(crate) const SYMBOLS: usize = 286;
/// The number of symbols for distances. Source: section 3.2.5.
pub(crate) const DISTANCES: usize = 30;

/// The symbol that ends a block.
pub(crate) const END_OF_BLOCK: usize = 256;
/// The first symbol of a match.
pub(crate) const FIRST_LENGTH: usize = 257;

/// The longest code in bits. Source: section 3.2.7.
pub(crate) const LONGEST_CODE: usize = 15;
/// The longest code for code lengths in bits. Source: section 3.2.7.
pub(crate) const LONGEST_LENGTH_CODE: usize = 7;

/// The number of extra bits after each symbol for lengths.
pub(crate) const LENGTH_EXTRA: [u8; SYMBOLS - FIRST_LENGTH] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];

/// The smallest length of each symbol.
pub(crate) const LENGTH_BASE: [u16; SYMBOLS - FIRST_LENGTH] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];

/// The number of extra bits after each symbol for distances.
pub(crate) const DISTANCE_EXTRA: [u8; DISTANCES] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
];

/// The numbers of the codings of a block. Source: section 3.2.3.
pub(crate) const STORED: u32 = 0;
pub(crate) const FIXED: u32 = 1;
pub(crate) const DYNAMIC: u32 = 2;

/// The number of symbols for code lengths: the lengths themselves, and repetitions of the previous
/// length, of a few zeros, and of many zeros. Source: section 3.2.7.
pub(crate) const LENGTH_SYMBOLS: usize = 19;
pub(crate) const REPEAT: usize = 16;
const FEW_ZEROS: usize = 17;
const MANY_ZEROS: usize = 18;

/// A symbol for repetitions, with its smallest number of them, and the number of extra bits.
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

    /// The repetition of a symbol; `None` if the symbol is a length.
    pub(crate) fn of(symbol: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.symbol == symbol)
    }

    /// The numbers of repetitions that are worth a try in a run of equal lengths.
    pub(crate) fn times(self, run: usize) -> RangeInclusive<usize> {
        let most = run.min(self.least + (1 << self.extra) - 1);
        match self.symbol {
            // A smaller number would hardly ever be better.
            MANY_ZEROS => most.max(self.least)..=most,
            _ => self.least..=most,
        }
    }
}

/// The order in which the code lengths of these symbols are written: the last are mostly zero.
pub(crate) const LENGTH_SYMBOL_ORDER: [usize; LENGTH_SYMBOLS] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// The code lengths of a block with fixed codes. The two unused symbols count, because longer codes
/// follow theirs. Source: section 3.2.6.
pub(crate) const FIXED_SYMBOL_LENGTHS: [u8; SYMBOLS + 2] = {
    let mut lengths = [8; SYMBOLS + 2];
    let mut symbol = 144;
    while symbol < 280 {
        lengths[symbol] = if symbol < 256 { 9 } else { 7 };
        symbol += 1;
    }
    lengths
};
/// The same for distances. The two unused ones are the last, and are left out.
pub(crate) const FIXED_DISTANCE_LENGTHS: [u8; DISTANCES + 2] = {
    let mut lengths = [5; DISTANCES + 2];
    lengths[DISTANCES] = 0;
    lengths[DISTANCES + 1] = 0;
    lengths
};
