//! The split of tokens into blocks.

use super::block::stored_bits;
use super::entropy::{BIT, entropy, log2};
use super::format::SYMBOLS;
use super::token::{ALL, BOTH, Tally, Token};

/// The number of tokens in a chunk. Blocks consist of chunks, until their ends are moved by at most
/// as many tokens.
const CHUNK: usize = 1024;

/// The most chunks of a block.
const MOST_CHUNKS: usize = 64;

/// An estimate of the header of a block: a constant, and about two bits for each symbol that is
/// used.
const HEADER: u64 = 320 * BIT;
const HEADER_OF_SYMBOL: u64 = 2 * BIT;

/// The search for the start of a block stops when a start is worse than the best one by this much.
/// A whole header would miss nothing, since two blocks cost at most a header more than one. This
/// value misses next to nothing in half of the time.
const HOPELESS: u64 = 300 * BIT;

/// The number of rounds in which all ends of blocks are moved.
const ROUNDS: usize = 3;

/// The price of a symbol that is new in a block, above one that the block has once.
const NEWCOMER: u64 = 6 * BIT;

/// The tokens of a block.
pub(crate) struct Span<'tokens> {
    pub(crate) tokens: &'tokens [Token],
    pub(crate) tally: Tally,
}

/// Splits the tokens into blocks whose total size is nearly the smallest. No tokens give one block.
pub(crate) fn split(tokens: &[Token]) -> Vec<Span<'_>> {
    let chunks: Vec<Tally> = tokens.chunks(CHUNK).map(Tally::of).collect();
    let mut spans = Vec::new();
    let mut rest = tokens;
    for chunks in runs(&chunks) {
        let (tokens, others) = rest.split_at(rest.len().min(chunks.len() * CHUNK));
        rest = others;
        let mut tally = Tally::EMPTY;
        for chunk in chunks {
            tally.add(chunk);
        }
        spans.push(Span { tokens, tally });
    }
    for _ in 0..ROUNDS {
        move_ends(tokens, &mut spans);
    }
    spans.retain(|span| !span.tokens.is_empty());
    if spans.is_empty() {
        let tally = Tally::EMPTY;
        spans.push(Span { tokens, tally });
    }
    spans
}

/// The best runs of chunks, by dynamic programming over the chunk that a run ends with.
fn runs(chunks: &[Tally]) -> Vec<&[Tally]> {
    let mut best = vec![(0, 0)];
    for end in 1..=chunks.len() {
        let mut tally = Tally::EMPTY;
        let mut least = (u64::MAX, 0);
        for (start, chunk) in chunks[..end].iter().enumerate().rev().take(MOST_CHUNKS) {
            tally.add(chunk);
            let cost = best[start].0 + estimate(&tally);
            if cost < least.0 {
                least = (cost, start);
            } else if cost > least.0 + HOPELESS {
                break;
            }
        }
        best.push(least);
    }
    let mut runs = Vec::new();
    let mut end = chunks.len();
    while end > 0 {
        let (_, start) = best[end];
        runs.push(&chunks[start..end]);
        end = start;
    }
    runs.reverse();
    runs
}

/// An estimate of the size of a block.
fn estimate(tally: &Tally) -> u64 {
    let used: u32 = tally.counts.iter().map(|&count| u32::from(count > 0)).sum();
    let codes = entropy(tally.symbols()) + entropy(tally.distances());
    let header = HEADER + u64::from(used) * HEADER_OF_SYMBOL;
    (header + codes + tally.extra_bits * BIT).min(stored_bits(tally.bytes) * BIT)
}

/// Moves tokens between neighbouring blocks to where they take less, at the current prices.
fn move_ends<'tokens>(tokens: &'tokens [Token], spans: &mut [Span<'tokens>]) {
    let mut start = 0;
    for index in 1..spans.len() {
        let [left, right] = &mut spans[index - 1..=index] else {
            break;
        };
        let end = start + left.tokens.len();
        let last = end + right.tokens.len();
        let first = start.max(end.saturating_sub(CHUNK));
        let near = &tokens[first..last.min(end + CHUNK)];
        let best = first + best_end(near, &prices(&left.tally), &prices(&right.tally));
        if best < end {
            let moved = Tally::of(&tokens[best..end]);
            left.tally.remove(&moved);
            right.tally.add(&moved);
        } else {
            let moved = Tally::of(&tokens[end..best]);
            left.tally.add(&moved);
            right.tally.remove(&moved);
        }
        left.tokens = &tokens[start..best];
        right.tokens = &tokens[best..last];
        start = best;
    }
}

/// The best number of tokens in the code on the left; the others are in the code on the right.
fn best_end(tokens: &[Token], left: &[i64; BOTH], right: &[i64; BOTH]) -> usize {
    let mut differences = [0; ALL];
    for ((difference, left), right) in differences.iter_mut().zip(left).zip(right) {
        *difference = left - right;
    }
    let (mut sum, mut least, mut best) = (0, 0, 0);
    for (end, token) in (1..).zip(tokens) {
        sum += differences[token.symbol()] + differences[SYMBOLS + token.distance()];
        if sum < least {
            (least, best) = (sum, end);
        }
    }
    best
}

/// The price of each symbol in the codes of a block.
fn prices(tally: &Tally) -> [i64; BOTH] {
    let mut prices = [0; BOTH];
    let (symbols, distances) = prices.split_at_mut(SYMBOLS);
    for (counts, prices) in [(tally.symbols(), symbols), (tally.distances(), distances)] {
        let total = log2(counts.iter().sum());
        for (&count, price) in counts.iter().zip(prices) {
            let newcomer = if count == 0 { NEWCOMER } else { 0 };
            *price = (total + newcomer).cast_signed() - log2(count).cast_signed();
        }
    }
    prices
}
