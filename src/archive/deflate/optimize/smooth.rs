//! Smoothing of counts. Neighbours that differ little become equal, and so do the lengths of their
//! codes. Equal lengths take fewer bits in the header, and the codes are hardly worse.

use super::format::SYMBOLS;
use super::token::Tally;

/// The length of the shortest row that is smoothed: a repetition is for at least three lengths.
const FEWEST: usize = 4;

/// The smoothed counts. Zeros stay zeros.
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

/// A row of counts that differ little.
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

    /// Adds a count to the row if it differs little from the mean.
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

    /// The mean, rounded to the nearest integer.
    fn mean(&self) -> u32 {
        let mean = (self.sum + self.length / 2) / self.length;
        u32::try_from(mean).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_counts_become_equal_and_zeros_stay() {
        let mut tally = Tally::EMPTY;
        tally.counts[..12].copy_from_slice(&[9, 10, 11, 10, 30, 50, 50, 0, 0, 0, 0, 1]);
        let smooth = smooth(&tally);
        let expected = [10, 10, 10, 10, 30, 50, 50, 0, 0, 0, 0, 1];
        assert_eq!(smooth.counts[..12], expected);
        assert_eq!(smooth.counts[12..], tally.counts[12..]);
    }
}
