//! Optimal prefix codes for given counts. Source: RFC 1951, section 3.2.2.

use super::bits::Bits;
use super::format::{LONGEST_CODE, SYMBOLS};

/// The most items in a round of package-merge: symbols, and pairs of items.
const MOST: usize = 2 * SYMBOLS;

/// The lengths of the optimal prefix code with no code longer than `limit`.
///
/// There are always at least two codes. The RFC allows one or no code for distances (section
/// 3.2.7), but not every inflater does, and code lengths need two.
pub(crate) fn code_lengths<const N: usize>(counts: &[u32], limit: usize) -> [u8; N] {
    let mut lengths = [0; N];
    let mut leaves = [(0, 0); SYMBOLS];
    let mut used = 0;
    let is_used = |(_, count): &(u16, u32)| *count > 0;
    for (leaf, (symbol, count)) in leaves
        .iter_mut()
        .zip((0..).zip(counts.iter().copied()).filter(is_used))
    {
        *leaf = (count, symbol);
        used += 1;
    }
    let leaves = &mut leaves[..used];
    leaves.sort_unstable();
    if let [] | [_] = leaves {
        let only = leaves.first().map_or(0, |&(_, symbol)| symbol);
        lengths[usize::from(only)] = 1;
        lengths[usize::from(only == 0)] = 1;
        return lengths;
    }
    let by_weight = match unlimited(leaves) {
        lengths if usize::from(lengths[0]) <= limit => lengths,
        _ => limited(leaves, limit),
    };
    for (&(_, symbol), length) in leaves.iter().zip(by_weight) {
        lengths[usize::from(symbol)] = length;
    }
    lengths
}

/// The lengths for at least two symbols, sorted by weight, with Huffman's algorithm. The first is
/// the longest.
fn unlimited(leaves: &[(u32, u16)]) -> [u8; SYMBOLS] {
    // Pairs are created in the order of their weights, so they need no sorting.
    let pairs = leaves.len() - 1;
    let mut weights = [0; SYMBOLS];
    let (mut parents_of_leaves, mut parents_of_pairs) = ([0_u16; SYMBOLS], [0_u16; SYMBOLS]);
    let (mut leaf, mut pair) = (0, 0);
    for (made, parent) in (0..pairs).zip(0..) {
        for _ in 0..2 {
            let takes_leaf =
                leaf < leaves.len() && (pair == made || leaves[leaf].0 <= weights[pair]);
            if takes_leaf {
                weights[made] += leaves[leaf].0;
                parents_of_leaves[leaf] = parent;
                leaf += 1;
            } else {
                weights[made] += weights[pair];
                parents_of_pairs[pair] = parent;
                pair += 1;
            }
        }
    }
    let mut depths = [0; SYMBOLS];
    for pair in (0..pairs - 1).rev() {
        depths[pair] = depths[usize::from(parents_of_pairs[pair])] + 1;
    }
    parents_of_leaves.map(|parent| depths[usize::from(parent)] + 1)
}

/// The same with a limit, by the package-merge algorithm: L. Larmore and D. Hirschberg, "A fast
/// algorithm for optimal length-limited Huffman codes".
fn limited(leaves: &[(u32, u16)], limit: usize) -> [u8; SYMBOLS] {
    // A round adds one bit. It has the symbols and the pairs of the previous round, sorted by
    // weight.
    let wanted = MOST.min(2 * leaves.len() - 2);
    let mut is_leaf = [[false; MOST]; LONGEST_CODE];
    let (mut before, mut length) = ([0; MOST], 0);
    for is_leaf in &mut is_leaf[..limit] {
        let pairs = before[..length].chunks_exact(2);
        let mut pairs = pairs.map(|pair| pair[0] + pair[1]).peekable();
        let mut symbols = leaves.iter().map(|&(count, _)| count).peekable();
        let mut after = [0; MOST];
        length = 0;
        while length < wanted {
            let takes_symbol = match (symbols.peek(), pairs.peek()) {
                (Some(symbol), Some(pair)) => symbol <= pair,
                (symbol, _) => symbol.is_some(),
            };
            let next = if takes_symbol {
                symbols.next()
            } else {
                pairs.next()
            };
            let Some(next) = next else { break };
            after[length] = next;
            is_leaf[length] = takes_symbol;
            length += 1;
        }
        before = after;
    }

    // The length of a code is the number of rounds that have the symbol among their lightest items.
    let mut lengths = [0; SYMBOLS];
    let mut taken = wanted;
    for is_leaf in is_leaf[..limit].iter().rev() {
        let symbols = is_leaf[..taken].iter().filter(|is| **is).count();
        for length in &mut lengths[..symbols] {
            *length += 1;
        }
        taken = 2 * (taken - symbols);
    }
    lengths
}

/// The codes for the lengths. The first bit of each is the lowest, as it is written.
pub(crate) fn codes<const N: usize>(lengths: &[u8; N]) -> [Bits; N] {
    let mut next = [0_u16; LONGEST_CODE + 1];
    for &length in lengths.iter().filter(|length| **length > 0) {
        next[usize::from(length)] += 1;
    }
    let mut code = 0;
    for next in &mut next[1..] {
        let count = std::mem::replace(next, code);
        code = (code + count) << 1;
    }
    lengths.map(|length| {
        if length == 0 {
            return Bits::NONE;
        }
        let next = &mut next[usize::from(length)];
        let code = *next << (16 - u32::from(length));
        *next += 1;
        Bits::new(code.reverse_bits(), length)
    })
}

#[cfg(test)]
mod tests {
    use super::super::format::LONGEST_LENGTH_CODE;
    use super::*;

    fn cost(counts: &[u32], lengths: &[u8]) -> u32 {
        let pairs = counts.iter().zip(lengths);
        pairs
            .map(|(count, length)| count * u32::from(*length))
            .sum()
    }

    /// The share of the code space that is used; 1 is all of it.
    fn taken(lengths: &[u8]) -> f64 {
        let used = lengths.iter().filter(|length| **length > 0);
        used.map(|length| 0.5_f64.powi((*length).into())).sum()
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        assert_eq!(code_lengths(&[1, 0, 8, 2, 1], 15), [3, 0, 1, 2, 3]);
        let codes = codes(&[3, 0, 1, 2, 3]);
        let expected = [(0b011, 3), (0, 0), (0b0, 1), (0b01, 2), (0b111, 3)];
        assert_eq!(
            codes,
            expected.map(|(code, length): (u16, u8)| Bits::new(code, length))
        );
    }

    #[test]
    fn there_are_at_least_two_codes() {
        assert_eq!(code_lengths(&[0, 0, 0], 15), [1, 1, 0]);
        assert_eq!(code_lengths(&[7, 0, 0], 15), [1, 1, 0]);
        assert_eq!(code_lengths(&[0, 0, 7], 15), [1, 0, 1]);
        assert_eq!(code_lengths(&[0, 5, 7], 15), [0, 1, 1]);
    }

    #[test]
    fn no_code_is_longer_than_the_limit_and_all_codes_are_used() {
        // Fibonacci numbers give the longest codes.
        let mut counts = [1; 24];
        for index in 2..counts.len() {
            counts[index] = counts[index - 1] + counts[index - 2];
        }
        let mut costs = Vec::new();
        for limit in [LONGEST_LENGTH_CODE, 10, LONGEST_CODE] {
            let lengths: [u8; 24] = code_lengths(&counts, limit);
            assert_eq!(usize::from(*lengths.iter().max().unwrap()), limit);
            assert!((taken(&lengths) - 1.0).abs() < 1e-9);
            costs.push(cost(&counts, &lengths));
        }
        assert!(costs.is_sorted_by(|more, less| more > less));
    }

    #[test]
    fn a_high_limit_does_not_change_the_cost() {
        let counts: Vec<u32> = (1..).map(|n| 1 + n * 7919 % 257).take(SYMBOLS).collect();
        let mut leaves: Vec<(u32, u16)> = counts.iter().copied().zip(0..).collect();
        leaves.sort_unstable();
        let by_weight: Vec<u32> = leaves.iter().map(|(count, _)| *count).collect();
        let (one, other) = (unlimited(&leaves), limited(&leaves, LONGEST_CODE));
        assert_eq!(cost(&by_weight, &one), cost(&by_weight, &other));
    }
}
