//! The dynamic symbols that need a version of glibc.

use std::collections::BTreeSet;

use object::Endianness;
use object::elf;
use object::read::ReadRef;
use object::read::elf::{FileHeader, Sym};

use super::elf::Header;
use super::strings::Strings;

/// The sorted names of the dynamic symbols that need one of the versions `indexes`, within the
/// budget of `strings`. The list is empty if the section headers were stripped, which the loader
/// does not mind.
pub(super) fn needing<'data>(
    indexes: &BTreeSet<u16>,
    strings: &mut Strings<'_>,
    header: &Header,
    endian: Endianness,
    data: impl ReadRef<'data>,
) -> Vec<String> {
    let mut names = read(indexes, strings, header, endian, data).unwrap_or_default();
    names.sort_unstable();
    names.dedup();
    names
}

fn read<'data>(
    indexes: &BTreeSet<u16>,
    strings: &mut Strings<'_>,
    header: &Header,
    endian: Endianness,
    data: impl ReadRef<'data>,
) -> Option<Vec<String>> {
    let sections = header.sections(endian, data).ok()?;
    let (versions, _) = sections.gnu_versym(endian, data).ok()??;
    let symbols = sections.symbols(endian, data, elf::SHT_DYNSYM).ok()?;
    let mut names = Vec::new();
    for ((_, symbol), version) in symbols.enumerate().zip(versions) {
        let index = version.0.get(endian).index().0;
        if symbol.is_undefined(endian) && indexes.contains(&index) {
            match strings.get(symbol.st_name(endian).into()) {
                Ok(name) => names.extend(name),
                Err(_) => break,
            }
        }
    }
    Some(names)
}
