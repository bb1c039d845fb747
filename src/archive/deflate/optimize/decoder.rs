//! A decoder of prefix codes. Source: RFC 1951, section 3.2.2.

use super::bits::Reader;
use super::format::{LONGEST_CODE, SYMBOLS};

/// The longest code in the lookup table. Longer ones are rare.
const SHORT: u32 = 11;

#[expect(clippy::cast_possible_truncation, reason = "it is 15")]
const LONGEST: u32 = LONGEST_CODE as u32;

/// A prefix code.
pub(crate) struct Decoder {
    /// For each value of the next bits: the symbol, and in the lowest four bits the length of its
    /// code, or 0 if the code is longer.
    short: [u16; 1 << SHORT],
    /// The number of codes of each length.
    counts: [u16; LONGEST_CODE + 1],
    /// The symbols, ordered by their codes.
    symbols: [u16; SYMBOLS + 2],
}

impl Decoder {
    /// Returns `None` if the lengths need more codes than exist.
    pub(crate) fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0; LONGEST_CODE + 1];
        for &length in lengths {
            *counts.get_mut(usize::from(length))? += 1;
        }
        counts[0] = 0;
        let (mut next_code, mut next_place) = ([0_u32; LONGEST_CODE + 1], [0; LONGEST_CODE + 1]);
        let (mut code, mut place) = (0_u32, 0_u16);
        for length in 1..=LONGEST_CODE {
            code <<= 1;
            next_code[length] = code;
            next_place[length] = place;
            code += u32::from(counts[length]);
            place += counts[length];
            if code > 1 << length {
                return None;
            }
        }
        let mut short = [0; 1 << SHORT];
        let mut symbols = [0; SYMBOLS + 2];
        for (symbol, &length) in (0..).zip(lengths).filter(|(_, length)| **length > 0) {
            let index = usize::from(length);
            *symbols.get_mut(usize::from(next_place[index]))? = symbol;
            next_place[index] += 1;
            let code = next_code[index];
            next_code[index] += 1;
            let length = u32::from(length);
            if length <= SHORT {
                let first = code.reverse_bits() >> (32 - length);
                for entry in short[first as usize..].iter_mut().step_by(1 << length) {
                    *entry = symbol << 4 | u16::from(lengths[usize::from(symbol)]);
                }
            }
        }
        Some(Self {
            short,
            counts,
            symbols,
        })
    }

    /// Reads the next symbol. Returns `None` if there is no such code.
    #[inline]
    pub(crate) fn symbol(&self, bits: &mut Reader<'_>) -> Option<u16> {
        let entry = self.short[bits.peek(SHORT) as usize];
        let (symbol, length) = match u32::from(entry & 0xf) {
            0 => self.long_symbol(bits.peek(LONGEST))?,
            length => (entry >> 4, length),
        };
        bits.skip(length)?;
        Some(symbol)
    }

    /// Decodes bit by bit: a code has a length if it is less than the first longer code.
    #[cold]
    fn long_symbol(&self, ahead: u32) -> Option<(u16, u32)> {
        let (mut code, mut first, mut place) = (0, 0, 0);
        for (length, &count) in (1..).zip(&self.counts[1..]) {
            code |= ahead >> (length - 1) & 1;
            let count = u32::from(count);
            if code < first + count {
                let symbol = self.symbols.get((place + code - first) as usize)?;
                return Some((*symbol, length));
            }
            place += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}
