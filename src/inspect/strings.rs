//! Strings of an ELF file, of which it may have only so many.

use crate::inspect::text;

/// A table of strings that end in a zero, and how much may still be read from it: a few bytes can
/// name one long string thousands of times.
pub(super) struct Strings<'data> {
    table: &'data [u8],
    left: usize,
}

/// More, or longer, strings than there may be.
#[derive(Debug)]
pub(super) struct TooMuch;

impl<'data> Strings<'data> {
    /// The longest string: no path is longer (`PATH_MAX` in linux/limits.h).
    const LONGEST: usize = 4096;
    /// Bytes of all strings, each with what it takes to keep it. The largest programs there are need
    /// a few hundred libraries.
    const MOST: usize = 256 * 1024;
    const KEPT: usize = 64;

    /// Of a file of `length` bytes, which itself limits how much it may name: there may be many
    /// files.
    pub(super) fn new(table: &'data [u8], length: u64) -> Self {
        let half = usize::try_from(length / 2).unwrap_or(usize::MAX);
        let left = half.saturating_add(512).min(Self::MOST);
        Self { table, left }
    }

    /// The string at `offset`; none outside of the table.
    pub(super) fn get(&mut self, offset: u64) -> Result<Option<String>, TooMuch> {
        let rest = usize::try_from(offset).ok();
        let Some(rest) = rest.and_then(|offset| self.table.get(offset..)) else {
            return Ok(None);
        };
        let reach = &rest[..rest.len().min(Self::LONGEST)];
        let length = reach.iter().position(|byte| *byte == 0);
        let length = match length {
            Some(length) => length,
            None if reach.len() < Self::LONGEST => return Ok(None),
            None => return Err(TooMuch),
        };
        self.take(length)?;
        Ok(Some(text(&reach[..length])))
    }

    /// Counts a string of `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<(), TooMuch> {
        self.left = self.left.checked_sub(length + Self::KEPT).ok_or(TooMuch)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_there_may_be() {
        let long = [vec![b'a'; 5000], vec![0]].concat();
        let length = long.len() as u64;
        let mut strings = Strings::new(&long, length);
        assert!(strings.get(0).is_err(), "longer than any path");
        let name = |strings: &mut Strings<'_>| strings.get(4990).map(|name| name.map(|n| n.len()));
        assert!(matches!(name(&mut strings), Ok(Some(10))));
        let read = (0..1000).take_while(|_| name(&mut strings).is_ok());
        assert!(read.count() < 50, "half of the file, and a little");
    }
}
