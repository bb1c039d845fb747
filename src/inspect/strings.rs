//! Strings of an ELF file, with a limit on their number and length.

/// A table of zero-terminated strings, with a budget: a few bytes can refer to one long string
/// thousands of times.
pub(super) struct Strings<'data> {
    table: &'data [u8],
    /// The bytes that may still be read.
    left: usize,
}

/// The strings are more or longer than the limit.
#[derive(Debug)]
pub(super) struct TooMuch;

impl<'data> Strings<'data> {
    /// The longest string in bytes: no path is longer (`PATH_MAX` in linux/limits.h).
    const LONGEST: usize = 4096;
    /// The most bytes of all strings together, each with [`Self::OVERHEAD`]. The largest programs
    /// need a few hundred libraries.
    const MOST: usize = 256 * 1024;
    /// The memory in bytes that a string takes beside its own.
    const OVERHEAD: usize = 64;

    /// The strings of a file of `length` bytes. Small files get a smaller budget, since there may
    /// be many of them.
    pub(super) fn new(table: &'data [u8], length: u64) -> Self {
        let half = usize::try_from(length / 2).unwrap_or(usize::MAX);
        let left = half.saturating_add(512).min(Self::MOST);
        Self { table, left }
    }

    /// The string at `offset`; `None` outside of the table.
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

    /// Takes a string of `length` bytes from the budget.
    pub(super) fn take(&mut self, length: usize) -> Result<(), TooMuch> {
        self.left = self
            .left
            .checked_sub(length + Self::OVERHEAD)
            .ok_or(TooMuch)?;
        Ok(())
    }
}

/// The bytes as text, with U+FFFD for what is not UTF-8.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_limits_what_is_read() {
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
