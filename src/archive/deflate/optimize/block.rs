//! A block of a deflate stream, in its smallest coding.

use super::bits::{Bits, Writer};
use super::format::{
    DISTANCE_EXTRA, DISTANCES, DYNAMIC, END_OF_BLOCK, FIRST_LENGTH, FIXED, FIXED_DISTANCE_LENGTHS,
    FIXED_SYMBOL_LENGTHS, LENGTH_EXTRA, LONGEST_CODE, STORED, SYMBOLS,
};
use super::header::Header;
use super::huffman::{code_lengths, codes};
use super::smooth::smooth;
use super::token::{ROOM_OF_DISTANCES, ROOM_OF_SYMBOLS, Tally, Token};

/// The most bytes of a stored block. Source: RFC 1951, section 3.2.4.
const MOST_STORED: usize = 0xffff;

/// The code lengths of both alphabets, with room for unused symbols and for the distance of
/// literals.
pub(crate) struct Lengths {
    symbols: [u8; SYMBOLS + 2],
    distances: [u8; DISTANCES + 2],
}

impl Lengths {
    const FIXED: Self = Self {
        symbols: FIXED_SYMBOL_LENGTHS,
        distances: FIXED_DISTANCE_LENGTHS,
    };

    fn of(tally: &Tally) -> Self {
        Self {
            symbols: code_lengths(tally.symbols(), LONGEST_CODE),
            distances: code_lengths(tally.distances(), LONGEST_CODE),
        }
    }

    /// The size in bits of tokens with this tally.
    fn bits(&self, tally: &Tally) -> u64 {
        let symbols = tally.symbols().iter().zip(&self.symbols);
        let distances = tally.distances().iter().zip(&self.distances);
        let codes: u64 = symbols
            .chain(distances)
            .map(|(&count, &length)| u64::from(count) * u64::from(length))
            .sum();
        codes + tally.extra_bits
    }
}

/// The coding of a block.
pub(crate) enum Coding {
    Stored,
    Fixed,
    Dynamic(Box<(Lengths, Header)>),
}

impl Coding {
    /// The smallest coding for tokens with this tally.
    pub(crate) fn best(tally: &Tally) -> Self {
        let (codes, dynamic) = dynamic(tally);
        let fixed = Lengths::FIXED.bits(tally);
        let stored = stored_bits(tally.bytes);
        if stored < dynamic.min(fixed) {
            Self::Stored
        } else if fixed <= dynamic {
            Self::Fixed
        } else {
            Self::Dynamic(Box::new(codes))
        }
    }
}

/// The largest size in bits of `bytes` stored bytes.
pub(crate) fn stored_bits(bytes: usize) -> u64 {
    let blocks = bytes.div_ceil(MOST_STORED).max(1);
    8 * bytes as u64 + (3 + 7 + 32) * blocks as u64
}

/// The best codes, and the size in bits of their header and the tokens.
fn dynamic(tally: &Tally) -> ((Lengths, Header), u64) {
    let made_for = |guide: &Tally| {
        let lengths = Lengths::of(guide);
        let header = Header::of(&lengths.symbols, &lengths.distances);
        let bits = header.bits + lengths.bits(tally);
        ((lengths, header), bits)
    };
    let (exact, smooth) = (made_for(tally), made_for(&smooth(tally)));
    if smooth.1 < exact.1 { smooth } else { exact }
}

/// A run of tokens and their coding.
pub(crate) struct Block<'data> {
    pub(crate) tokens: &'data [Token],
    /// The bytes that the tokens unpack to.
    pub(crate) bytes: &'data [u8],
    pub(crate) coding: &'data Coding,
}

impl Block<'_> {
    pub(crate) fn write(&self, is_last: bool, writer: &mut Writer) -> Option<()> {
        match self.coding {
            Coding::Stored => self.write_stored(is_last, writer),
            Coding::Fixed => {
                writer.put(start(is_last, FIXED))?;
                self.write_tokens(&Lengths::FIXED, writer)
            }
            Coding::Dynamic(codes) => {
                let (lengths, header) = &**codes;
                writer.put(start(is_last, DYNAMIC))?;
                header.write(writer)?;
                self.write_tokens(lengths, writer)
            }
        }
    }

    fn write_stored(&self, is_last: bool, writer: &mut Writer) -> Option<()> {
        let mut parts = self.bytes.chunks(MOST_STORED).peekable();
        while let Some(part) = parts.next() {
            writer.put(start(is_last && parts.peek().is_none(), STORED))?;
            writer.align()?;
            let length = part.len() as u64;
            writer.put(Bits::new(length, 16_u8))?;
            writer.put(Bits::new(length ^ 0xffff, 16_u8))?;
            writer.put_bytes(part)?;
        }
        Some(())
    }

    fn write_tokens(&self, lengths: &Lengths, writer: &mut Writer) -> Option<()> {
        let (symbols, distances) = (codes(&lengths.symbols), codes(&lengths.distances));
        let end = symbols[END_OF_BLOCK];
        let symbols: [_; ROOM_OF_SYMBOLS] = extensible(&symbols, FIRST_LENGTH, &LENGTH_EXTRA);
        let distances: [_; ROOM_OF_DISTANCES] = extensible(&distances, 0, &DISTANCE_EXTRA);
        for token in self.tokens {
            let symbol = symbols[token.symbol()].bits(token.length_extra());
            let distance = distances[token.distance()].bits(token.distance_extra());
            writer.put(symbol.then(distance))?;
        }
        writer.put(end)
    }
}

/// The code of a symbol, and the number of extra bits after it.
#[derive(Clone, Copy)]
struct Extensible {
    code: Bits,
    extra_bits: u32,
}

impl Extensible {
    #[inline]
    fn bits(self, extra: u32) -> Bits {
        self.code.then(Bits::new(extra, self.extra_bits))
    }
}

/// The codes with their extra bits, which those from `first` on have.
fn extensible<const N: usize>(codes: &[Bits], first: usize, extra: &[u8]) -> [Extensible; N] {
    std::array::from_fn(|symbol| Extensible {
        code: codes.get(symbol).copied().unwrap_or(Bits::NONE),
        extra_bits: symbol
            .checked_sub(first)
            .and_then(|index| extra.get(index))
            .map_or(0, |bits| u32::from(*bits)),
    })
}

/// The first bits of a block. Source: section 3.2.3.
fn start(is_last: bool, coding: u32) -> Bits {
    Bits::new(is_last, 1_u8).then(Bits::new(coding, 2_u8))
}
