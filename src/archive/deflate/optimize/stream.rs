//! A parser of deflate streams. Source: RFC 1951, section 3.2.3.

use super::bits::Reader;
use super::decoder::Decoder;
use super::format::{
    DISTANCE_EXTRA, DISTANCES, DYNAMIC, END_OF_BLOCK, FIRST_LENGTH, FIXED, FIXED_DISTANCE_LENGTHS,
    FIXED_SYMBOL_LENGTHS, LENGTH_EXTRA, LENGTH_SYMBOL_ORDER, LENGTH_SYMBOLS, REPEAT, Repetition,
    STORED, SYMBOLS,
};
use super::token::Token;

/// The tokens of a stream; `None` if the stream is invalid.
pub(crate) fn tokens_of(deflated: &[u8]) -> Option<Vec<Token>> {
    let mut stream = Stream {
        bits: Reader::new(deflated),
        is_over: false,
    };
    // Most tokens take at least a byte.
    let mut tokens = Vec::with_capacity(deflated.len());
    while !stream.is_over {
        stream.read_block(&mut tokens)?;
    }
    Some(tokens)
}

/// A stream that is read block by block.
struct Stream<'bytes> {
    bits: Reader<'bytes>,
    /// True if the last block has been read.
    is_over: bool,
}

impl Stream<'_> {
    /// Appends the tokens of the next block.
    fn read_block(&mut self, tokens: &mut Vec<Token>) -> Option<()> {
        self.bits.refill();
        self.is_over = self.bits.take(1)? == 1;
        match self.bits.take(2)? {
            STORED => self.read_stored(tokens),
            FIXED => {
                let symbols = Decoder::new(&FIXED_SYMBOL_LENGTHS)?;
                let distances = Decoder::new(&FIXED_DISTANCE_LENGTHS)?;
                self.read_coded(&symbols, &distances, tokens)
            }
            DYNAMIC => {
                let (symbols, distances) = self.read_codes()?;
                self.read_coded(&symbols, &distances, tokens)
            }
            _ => None,
        }
    }

    /// Appends stored bytes as literals. Source: section 3.2.4.
    fn read_stored(&mut self, tokens: &mut Vec<Token>) -> Option<()> {
        self.bits.align()?;
        self.bits.refill();
        let length = self.bits.take(16)?;
        if self.bits.take(16)? != !length & 0xffff {
            return None;
        }
        for _ in 0..length {
            self.bits.refill();
            let byte = u8::try_from(self.bits.take(8)?).ok()?;
            tokens.push(Token::literal(byte));
        }
        Some(())
    }

    fn read_coded(
        &mut self,
        symbols: &Decoder,
        distances: &Decoder,
        tokens: &mut Vec<Token>,
    ) -> Option<()> {
        // A local copy stays in registers.
        let mut bits = self.bits.clone();
        loop {
            bits.refill();
            let symbol = symbols.symbol(&mut bits)?;
            if let Ok(byte) = u8::try_from(symbol) {
                tokens.push(Token::literal(byte));
                continue;
            }
            let Some(index) = usize::from(symbol).checked_sub(FIRST_LENGTH) else {
                self.bits = bits;
                return Some(());
            };
            let length_extra = bits.take((*LENGTH_EXTRA.get(index)?).into())?;
            let distance = distances.symbol(&mut bits)?;
            let extra = *DISTANCE_EXTRA.get(usize::from(distance))?;
            let distance_extra = bits.take(extra.into())?;
            tokens.push(Token::matching(
                symbol,
                length_extra,
                distance,
                distance_extra,
            ));
        }
    }

    /// Reads the codes of a dynamic block. Source: section 3.2.7.
    fn read_codes(&mut self) -> Option<(Decoder, Decoder)> {
        let bits = &mut self.bits;
        let symbols = 257 + bits.take(5)? as usize;
        let distances = 1 + bits.take(5)? as usize;
        let count = 4 + bits.take(4)? as usize;
        if symbols > SYMBOLS || distances > DISTANCES {
            return None;
        }
        let mut lengths = [0; LENGTH_SYMBOLS];
        for &symbol in &LENGTH_SYMBOL_ORDER[..count] {
            bits.refill();
            lengths[symbol] = u8::try_from(bits.take(3)?).ok()?;
        }
        let decoder = Decoder::new(&lengths)?;
        let mut lengths = Vec::with_capacity(SYMBOLS + DISTANCES);
        while lengths.len() < symbols + distances {
            bits.refill();
            let symbol = usize::from(decoder.symbol(bits)?);
            let Some(repetition) = Repetition::of(symbol) else {
                lengths.push(u8::try_from(symbol).ok()?);
                continue;
            };
            let times = repetition.least + bits.take(repetition.extra.into())? as usize;
            let length = match symbol {
                REPEAT => *lengths.last()?,
                _ => 0,
            };
            lengths.resize(lengths.len() + times, length);
        }
        if lengths.len() > symbols + distances {
            return None;
        }
        let (symbols, distances) = lengths.split_at(symbols);
        if symbols.get(END_OF_BLOCK)? == &0 {
            return None;
        }
        Some((Decoder::new(symbols)?, Decoder::new(distances)?))
    }
}
