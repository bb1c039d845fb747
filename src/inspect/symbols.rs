//! Which symbols ask for a version of glibc.

use object::Endianness;
use object::elf;
use object::read::ReadRef;
use object::read::elf::{FileHeader, Sym};

use super::{Header, text};
use crate::target::GlibcVersion;

/// The names of the dynamic symbols that need `version`, sorted. None are found where the section
/// headers were stripped, which changes nothing for the loader.
pub(super) fn needing<'data>(
    version: GlibcVersion,
    header: &Header,
    endian: Endianness,
    data: impl ReadRef<'data>,
) -> Vec<String> {
    let mut names = read(version, header, endian, data).unwrap_or_default();
    names.sort_unstable();
    names.dedup();
    names
}

fn read<'data>(
    version: GlibcVersion,
    header: &Header,
    endian: Endianness,
    data: impl ReadRef<'data>,
) -> Option<Vec<String>> {
    let wanted = format!("GLIBC_{version}");
    let sections = header.sections(endian, data).ok()?;
    let versions = sections.versions(endian, data).ok()??;
    let symbols = sections.symbols(endian, data, elf::SHT_DYNSYM).ok()?;
    let needs = |index| {
        let index = versions.version_index(endian, index).index();
        matches!(versions.version(index), Ok(Some(found)) if found.name() == wanted.as_bytes())
    };
    let names = symbols
        .enumerate()
        .filter(|(index, symbol)| symbol.is_undefined(endian) && needs(*index))
        .filter_map(|(_, symbol)| Some(text(symbols.symbol_name(endian, symbol).ok()?)));
    Some(names.collect())
}
