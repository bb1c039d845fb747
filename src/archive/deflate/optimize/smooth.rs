//! Counts that differ little made the same, so that lengths of codes in a row are the same: those
//! take fewer bits to write, and the codes are hardly worse.

use super::format::SYMBOLS;
use super::token::Tally;

/// Shorter rows are not worth it: a length is repeated three times at least.
const FEWEST: usize = 4;

/// Counts to make codes by, instead of the real ones. Those of what is never used remain none.
pub(crate) fn smooth(tally: &Tally) -> Tally {
    let mut smooth = tally.clone();
    let (symbols, distances) = smooth.counts.split_at_mut(SYMBOLS);
    for counts in [symbols, distances] {
        let mut rest = counts;
        while let Some(&first) = rest.first() {
            let mut row = Row::of(first);
            while rest.get(row.length).is_some_and(|&count| row.takes(count)) {}
            let (counts, others) = rest.split_at_mut(row.length);
            if counts.len() >= FEWEST {
                counts.fill(row.mean());
            }
            rest = others;
        }
    }
    smooth
}

/// Counts that differ little.
struct Row {
    length: usize,
    sum: usize,
}

impl Row {
    fn of(count: u32) -> Self {
        Self {
            length: 1,
            sum: count as usize,
        }
    }

    /// Takes a count that differs little from the mean of those before.
    fn takes(&mut self, count: u32) -> bool {
        let (count, mean) = (count as usize, self.sum / self.length);
        let is_close = count.abs_diff(mean) <= mean / 2 + mean.min(2);
        let takes = is_close && (count == 0) == (mean == 0);
        if takes {
            self.length += 1;
            self.sum += count;
        }
        takes
    }

    /// To the nearest whole number.
    fn mean(&self) -> u32 {
        let mean = (self.sum + self.length / 2) / self.length;
        u32::try_from(mean).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_little_becomes_the_same_and_zero_remains() {
        let mut tally = Tally::EMPTY;
        tally.counts[..12].copy_from_slice(&[9, 10, 11, 10, 30, 50, 50, 0, 0, 0, 0, 1]);
        let smooth = smooth(&tally);
        let expected = [10, 10, 10, 10, 30, 50, 50, 0, 0, 0, 0, 1];
        assert_eq!(smooth.counts[..12], expected);
        assert_eq!(smooth.counts[12..], tally.counts[12..]);
    }
}
