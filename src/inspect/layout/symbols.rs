//! The symbols of a program that name bytes of its file.

use std::cmp::Reverse;

use object::elf;
use object::read::ReadRef;
use object::read::elf::Sym;

use super::crate_name;
use super::owners::Owners;
use super::regions::Elf;

/// A function or a static.
pub(super) struct Symbol {
    /// Its address in memory.
    pub(super) address: u64,
    /// Its size; of a function without one, the distance to the next symbol.
    pub(super) bytes: u64,
    pub(super) owner: usize,
}

/// The most symbols that are read. A program at Lambda's limit has a tenth of it.
const MOST: usize = 4_000_000;

/// The symbols of all functions and statics, sorted by address; `None` if they were stripped.
pub(super) fn all<'data, R: ReadRef<'data>>(
    elf: &Elf<'data, R>,
    owners: &mut Owners,
) -> Option<Vec<Symbol>> {
    read(elf, elf::SHT_SYMTAB, owners).filter(|symbols| !symbols.is_empty())
}

/// The symbols that other programs can see, sorted by address.
pub(super) fn exported<'data, R: ReadRef<'data>>(
    elf: &Elf<'data, R>,
    owners: &mut Owners,
) -> Vec<Symbol> {
    read(elf, elf::SHT_DYNSYM, owners).unwrap_or_default()
}

fn read<'data, R: ReadRef<'data>>(
    elf: &Elf<'data, R>,
    kind: elf::SectionType,
    owners: &mut Owners,
) -> Option<Vec<Symbol>> {
    let endian = elf.endian;
    let table = elf.symbols(kind)?;
    let strings = elf.strings(&table)?;
    let mut symbols = Vec::new();
    // Names may share their ends, but not all of them.
    let mut left = strings.len().saturating_mul(2);
    for symbol in table.iter().take(MOST) {
        let is_sized = match symbol.st_type() {
            elf::STT_FUNC | elf::STT_GNU_IFUNC => true,
            elf::STT_OBJECT => symbol.st_size(endian) > 0,
            _ => false,
        };
        if !is_sized || symbol.is_undefined(endian) {
            continue;
        }
        let Some(name) = name(strings, symbol.st_name(endian)) else {
            continue;
        };
        left = match left.checked_sub(name.len()) {
            Some(left) => left,
            None => break,
        };
        // Data without a name of its own belongs to its section.
        let Some(owner) = crate_name::owner(name) else {
            continue;
        };
        symbols.push(Symbol {
            address: symbol.st_value(endian),
            bytes: symbol.st_size(endian),
            owner: owners.index(owner),
        });
    }
    // Of several symbols at one address, the longest is the first: the others find no room.
    symbols.sort_by_key(|symbol| (symbol.address, Reverse(symbol.bytes)));
    let mut next = u64::MAX;
    for symbol in symbols.iter_mut().rev() {
        if symbol.bytes == 0 {
            symbol.bytes = next.saturating_sub(symbol.address);
        }
        next = symbol.address;
    }
    Some(symbols)
}

/// The name at an offset; `None` if it is damaged, or longer than names are.
fn name(strings: &[u8], offset: u32) -> Option<&str> {
    const LONGEST: usize = 16 * 1024;
    let rest = strings.get(offset as usize..)?;
    let rest = &rest[..rest.len().min(LONGEST)];
    let end = rest.iter().position(|byte| *byte == 0)?;
    std::str::from_utf8(&rest[..end]).ok()
}
