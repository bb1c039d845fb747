//! Bit streams. The first bit is the lowest of a byte. Source: RFC 1951, section 3.1.1.

/// A few bits: the lowest `count` bits of `value`; all higher ones are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bits {
    value: u64,
    count: u32,
}

impl Bits {
    pub(crate) const NONE: Self = Self { value: 0, count: 0 };

    pub(crate) fn new(value: impl Into<u64>, count: impl Into<u32>) -> Self {
        Self {
            value: value.into(),
            count: count.into(),
        }
    }

    /// These bits, followed by `others`.
    #[inline]
    pub(crate) fn then(self, others: Self) -> Self {
        Self {
            value: self.value | others.value << self.count,
            count: self.count + others.count,
        }
    }

    pub(crate) fn count(self) -> u32 {
        self.count
    }
}

/// A reader of bits.
#[derive(Clone)]
pub(crate) struct Reader<'bytes> {
    /// The bytes that are not yet in `held`, although some of their bits may be.
    rest: &'bytes [u8],
    /// The next bits, from the lowest on. Above the valid ones there may be bits of `rest`, which
    /// the next refill sets again.
    held: u64,
    /// The number of valid bits.
    count: u32,
}

impl<'bytes> Reader<'bytes> {
    pub(crate) fn new(bytes: &'bytes [u8]) -> Self {
        Self {
            rest: bytes,
            held: 0,
            count: 0,
        }
    }

    /// Loads at least 56 bits, or all that are left: enough for a whole token.
    #[inline]
    pub(crate) fn refill(&mut self) {
        if let Some(next) = self.rest.first_chunk::<8>() {
            self.held |= u64::from_le_bytes(*next) << self.count;
            let taken = (63 - self.count) / 8;
            self.rest = &self.rest[taken as usize..];
            self.count += taken * 8;
        } else {
            while self.count < 56
                && let Some((next, rest)) = self.rest.split_first()
            {
                self.held |= u64::from(*next) << self.count;
                self.rest = rest;
                self.count += 8;
            }
        }
    }

    /// The next bits, at most 32, without taking them. Bits after the end are zeros.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "higher bits are masked out"
    )]
    pub(crate) fn peek(&self, count: u32) -> u32 {
        (self.held as u32) & ((1 << count) - 1)
    }

    /// Skips bits. Returns `None` after the end.
    #[inline]
    pub(crate) fn skip(&mut self, count: u32) -> Option<()> {
        self.count = self.count.checked_sub(count)?;
        self.held >>= count;
        Some(())
    }

    /// Takes a number of at most 16 bits. A refill must have loaded them.
    #[inline]
    pub(crate) fn take(&mut self, count: u32) -> Option<u32> {
        let bits = self.peek(count);
        self.skip(count)?;
        Some(bits)
    }

    /// Skips to the next byte.
    pub(crate) fn align(&mut self) -> Option<()> {
        self.skip(self.count % 8)
    }
}

/// A writer of bits, with a fixed capacity.
pub(crate) struct Writer {
    bytes: Vec<u8>,
    /// The number of complete bytes.
    length: usize,
    held: u64,
    count: u32,
}

impl Writer {
    /// A writer for at most `room` bytes.
    pub(crate) fn new(room: usize) -> Self {
        Self {
            bytes: vec![0; room + size_of::<u64>()],
            length: 0,
            held: 0,
            count: 0,
        }
    }

    /// Appends at most 56 bits. Returns `None` if there is no room.
    #[inline]
    pub(crate) fn put(&mut self, bits: Bits) -> Option<()> {
        self.held |= bits.value << self.count;
        self.count += bits.count;
        let room = self.bytes.get_mut(self.length..)?;
        *room.first_chunk_mut()? = self.held.to_le_bytes();
        self.length += (self.count / 8) as usize;
        self.held >>= self.count / 8 * 8;
        self.count %= 8;
        Some(())
    }

    /// Pads the last byte with zeros.
    pub(crate) fn align(&mut self) -> Option<()> {
        self.put(Bits::new(0_u64, self.count.wrapping_neg() % 8))
    }

    /// Appends whole bytes. The writer must be aligned.
    pub(crate) fn put_bytes(&mut self, bytes: &[u8]) -> Option<()> {
        let room = self.bytes.get_mut(self.length..)?;
        room.get_mut(..bytes.len())?.copy_from_slice(bytes);
        self.length += bytes.len();
        Some(())
    }

    /// The bytes, the last one padded with zeros.
    pub(crate) fn finish(mut self) -> Option<Vec<u8>> {
        self.align()?;
        self.bytes.truncate(self.length);
        Some(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_bits_are_read_back() {
        let mut writer = Writer::new(100);
        for count in 0..=16_u32 {
            writer.put(Bits::new((1_u64 << count) >> 1, count)).unwrap();
        }
        writer.align().unwrap();
        writer.put_bytes(b"whole").unwrap();
        let bytes = writer.finish().unwrap();
        assert_eq!(bytes.len(), (16 * 17 / 2_usize).div_ceil(8) + 5);
        let mut reader = Reader::new(&bytes);
        for count in 0..=16 {
            reader.refill();
            assert_eq!(reader.take(count), Some((1 << count) >> 1));
        }
        reader.align().unwrap();
        for byte in b"whole" {
            reader.refill();
            assert_eq!(reader.take(8), Some(u32::from(*byte)));
        }
        reader.refill();
        assert_eq!(reader.take(1), None);
    }

    #[test]
    fn the_capacity_is_limited() {
        let mut writer = Writer::new(0);
        assert!((0..3).any(|_| writer.put(Bits::new(0_u64, 56_u32)).is_none()));
        assert_eq!(writer.put_bytes(&[0; 9]), None);
    }
}
