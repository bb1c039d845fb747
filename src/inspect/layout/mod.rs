//! The layout of a program: every byte of its file belongs to a function of a crate, to a section,
//! or to the headers.

mod crate_name;
mod debug_file;
mod owners;
mod regions;
mod symbols;

use object::read::ReadRef;

pub(crate) use debug_file::{DebugLink, is_of as is_debug_file_of};
pub(crate) use owners::Origin;

use owners::{Owner, Owners};
use regions::{Elf, Region};
use symbols::Symbol;

/// The layout of a program.
pub(crate) struct Layout {
    /// Consecutive ranges from the first byte of the file to the last.
    pub(crate) ranges: Vec<Range>,
    pub(crate) owners: Vec<Owner>,
    /// True if there is a table of all symbols, in the program or in its debug file.
    pub(crate) has_symbols: bool,
}

/// Bytes of the file that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    /// The length in bytes; not zero.
    pub(crate) bytes: u64,
    /// The index in [`Layout::owners`].
    pub(crate) owner: usize,
}

impl Layout {
    /// Reads the layout of a 64-bit ELF file. The symbols are those of `debug_file`, if there is one.
    /// `None` if the program is another file, or is damaged.
    pub(crate) fn read<'data, R: ReadRef<'data>>(
        program: R,
        debug_file: Option<R>,
    ) -> Option<Self> {
        let elf = Elf::parse(program)?;
        let debug_file = debug_file.and_then(Elf::parse);
        let mut owners = Owners::default();
        let sources = debug_file.iter().chain([&elf]);
        let all = { sources }.find_map(|source| symbols::all(source, &mut owners));
        let has_symbols = all.is_some();
        let symbols = all.unwrap_or_else(|| symbols::exported(&elf, &mut owners));
        let mut ranges = Ranges {
            list: Vec::new(),
            end: 0,
            length: elf.length,
        };
        let padding = owners.other("padding");
        for region in elf.regions(debug_file.as_ref(), &mut owners) {
            ranges.add_until(region.start, padding);
            ranges.add_symbols(&region, &symbols);
            ranges.add_until(region.end, region.owner);
        }
        ranges.add_until(elf.length, padding);
        Some(Self {
            ranges: ranges.list,
            owners: owners.list,
            has_symbols,
        })
    }
}

/// The ranges up to an offset.
struct Ranges {
    list: Vec<Range>,
    end: u64,
    /// The length of the file in bytes.
    length: u64,
}

impl Ranges {
    /// Gives the bytes up to the offset `end` to an owner, as far as they are not taken.
    fn add_until(&mut self, end: u64, owner: usize) {
        let end = end.min(self.length);
        let Some(bytes) = end.checked_sub(self.end).filter(|bytes| *bytes > 0) else {
            return;
        };
        self.end = end;
        match self.list.last_mut() {
            Some(last) if last.owner == owner => last.bytes += bytes,
            _ => self.list.push(Range { bytes, owner }),
        }
    }

    /// Gives bytes of a region to the symbols that are in it, and the bytes between them to the
    /// region. The symbols are sorted by address.
    fn add_symbols(&mut self, region: &Region, symbols: &[Symbol]) {
        let Some(address) = region.address else {
            return;
        };
        // What is taken is skipped, so that regions over each other do not multiply the work.
        let taken = self.end.saturating_sub(region.start);
        let first = address.saturating_add(taken);
        let last = address.saturating_add(region.end - region.start);
        let first = symbols.partition_point(|symbol| symbol.address < first);
        for symbol in &symbols[first..] {
            if symbol.address >= last {
                break;
            }
            let start = region.start + (symbol.address - address);
            let end = start.saturating_add(symbol.bytes).min(region.end);
            self.add_until(start, region.owner);
            self.add_until(end, symbol.owner);
        }
    }
}
