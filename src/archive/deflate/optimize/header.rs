//! The header of a block with dynamic codes: their lengths. Source: RFC 1951, section 3.2.7.

use super::bits::{Bits, Writer};
use super::format::{
    DISTANCES, LENGTH_SYMBOL_ORDER, LENGTH_SYMBOLS, LONGEST_LENGTH_CODE, REPEAT, Repetition,
    SYMBOLS,
};
use super::huffman::{code_lengths, codes};

/// The number of rounds; each uses the prices of the previous one.
const ROUNDS: usize = 2;

/// The price of a symbol without a code, in bits: that of the longest code.
const UNUSED: u32 = 7;

/// The code lengths of both alphabets, as symbols and repetitions.
pub(crate) struct Header {
    symbols: usize,
    distances: usize,
    steps: Vec<Step>,
    /// The lengths of the codes for code lengths.
    lengths: [u8; LENGTH_SYMBOLS],
    /// The number of these that are written.
    written: usize,
    /// The size of the header in bits.
    pub(crate) bits: u64,
}

/// A length or a repetition.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    symbol: u8,
    /// The number of lengths.
    times: u8,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most 138 times a symbol below 19"
)]
impl Step {
    fn single(length: u8) -> Self {
        Self {
            symbol: length,
            times: 1,
        }
    }

    fn repeated(repetition: Repetition, times: usize) -> Self {
        Self {
            symbol: repetition.symbol as u8,
            times: times as u8,
        }
    }

    /// The extra bits after its symbol.
    fn extra(self) -> Bits {
        match Repetition::of(self.symbol.into()) {
            Some(repetition) => {
                let more = usize::from(self.times) - repetition.least;
                Bits::new(more as u64, repetition.extra)
            }
            None => Bits::NONE,
        }
    }
}

impl Header {
    pub(crate) fn of(symbols: &[u8], distances: &[u8]) -> Self {
        let symbols = &symbols[..used(symbols).max(257)];
        let distances = &distances[..used(distances).max(1)];
        let lengths = [symbols, distances].concat();
        // In the first round, all symbols have the same price.
        let mut best = Self::at_prices(&lengths, symbols.len(), &[4; LENGTH_SYMBOLS]);
        for _ in 1..ROUNDS {
            let prices = best.lengths.map(|length| match length {
                0 => UNUSED,
                length => length.into(),
            });
            let header = Self::at_prices(&lengths, symbols.len(), &prices);
            if header.bits >= best.bits {
                break;
            }
            best = header;
        }
        best
    }

    fn at_prices(lengths: &[u8], symbols: usize, prices: &[u32; LENGTH_SYMBOLS]) -> Self {
        let steps = cheapest(lengths, prices);
        let mut counts = [0; LENGTH_SYMBOLS];
        for step in &steps {
            counts[usize::from(step.symbol)] += 1;
        }
        let code = code_lengths(&counts, LONGEST_LENGTH_CODE);
        let written = LENGTH_SYMBOL_ORDER.map(|symbol| code[symbol]);
        let written = used(&written).max(4);
        let body: u64 = steps
            .iter()
            .map(|step| u64::from(code[usize::from(step.symbol)]) + u64::from(step.extra().count()))
            .sum();
        Self {
            symbols,
            distances: lengths.len() - symbols,
            steps,
            lengths: code,
            written,
            bits: 5 + 5 + 4 + 3 * written as u64 + body,
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Option<()> {
        writer.put(Bits::new(self.symbols as u64 - 257, 5_u8))?;
        writer.put(Bits::new(self.distances as u64 - 1, 5_u8))?;
        writer.put(Bits::new(self.written as u64 - 4, 4_u8))?;
        for &symbol in &LENGTH_SYMBOL_ORDER[..self.written] {
            writer.put(Bits::new(self.lengths[symbol], 3_u8))?;
        }
        let codes = codes(&self.lengths);
        for step in &self.steps {
            writer.put(codes[usize::from(step.symbol)].then(step.extra()))?;
        }
        Some(())
    }
}

/// The number of lengths without the zeros at the end.
fn used(lengths: &[u8]) -> usize {
    lengths
        .iter()
        .rposition(|length| *length > 0)
        .map_or(0, |last| last + 1)
}

/// The cheapest steps for the lengths, found from the back to the front.
fn cheapest(lengths: &[u8], prices: &[u32; LENGTH_SYMBOLS]) -> Vec<Step> {
    let mut costs = [(0, Step::default()); SYMBOLS + DISTANCES + 1];
    let mut run = 0;
    for (place, &length) in lengths.iter().enumerate().rev() {
        let is_same = |other: Option<&u8>| other == Some(&length);
        run = if is_same(lengths.get(place + 1)) {
            run + 1
        } else {
            1
        };
        let step = Step::single(length);
        let mut best = (prices[usize::from(length)] + costs[place + 1].0, step);
        let repeats = is_same(place.checked_sub(1).and_then(|before| lengths.get(before)));
        for repetition in Repetition::ALL {
            let applies = match repetition.symbol {
                REPEAT => repeats,
                _ => length == 0,
            };
            if !applies {
                continue;
            }
            let price = prices[repetition.symbol] + u32::from(repetition.extra);
            for times in repetition.times(run) {
                let cost = price + costs[place + times].0;
                if cost < best.0 {
                    best = (cost, Step::repeated(repetition, times));
                }
            }
        }
        costs[place] = best;
    }
    let mut place = 0;
    let next = || {
        let (_, step) = costs[..lengths.len()].get(place)?;
        place += usize::from(step.times);
        Some(*step)
    };
    std::iter::from_fn(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(lengths: &[u8]) -> Vec<(u8, u8)> {
        let steps = cheapest(lengths, &[4; LENGTH_SYMBOLS]);
        steps.iter().map(|step| (step.symbol, step.times)).collect()
    }

    #[test]
    fn repeated_lengths_become_repetitions() {
        assert_eq!(steps(&[8, 8, 7]), [(8, 1), (8, 1), (7, 1)]);
        assert_eq!(steps(&[8, 8, 8, 8]), [(8, 1), (16, 3)]);
        assert_eq!(steps(&[0, 0, 0, 5]), [(17, 3), (5, 1)]);
        assert_eq!(steps(&[0; 150]), [(18, 138), (18, 12)]);
    }

    #[test]
    fn two_repetitions_are_better_than_one_and_a_remainder() {
        assert_eq!(steps(&[8; 9]), [(8, 1), (16, 3), (16, 5)]);
    }
}
