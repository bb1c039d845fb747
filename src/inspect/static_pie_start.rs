//! The start file of static PIEs with musl (`rcrt1.o`), which begins by relocating the program.

use object::read::ReadRef;

use super::dynamic::Memory;
use super::start_file::StartFile;
use crate::lambda::Architecture;

/// True if the start file at the address `entry` of a program for x86_64 relocates it, as its
/// dynamic segment says. Without such a segment, it reads from the address 0.
///
/// The function that it calls reserves hundreds of bytes of the stack for two tables. Start files of
/// other programs begin as this one does, but their function only passes its arguments on. On arm64,
/// the address that is read without a dynamic segment is one of the program, and it may survive.
///
/// Source: `_dlstart_c` in ldso/dlstart.c of musl.
pub(super) fn is_at<'data>(entry: u64, memory: &Memory<'data, impl ReadRef<'data>>) -> bool {
    /// The bytes in which a function reserves its part of the stack.
    const PROLOGUE: u64 = 16;
    /// Fewer bytes than the smaller table has, that of the auxiliary vector.
    const TABLE: u32 = 192;
    let reserved = || {
        let code = memory.from(entry, StartFile::LENGTH)?;
        let (StartFile::Musl, rest) = StartFile::split(Architecture::X86_64, code)? else {
            return None;
        };
        let (distance, rest) = rest.split_first_chunk()?;
        // The distance is from the end of the call.
        let end = entry.checked_add((code.len() - rest.len()) as u64)?;
        let function = end.checked_add_signed(i32::from_le_bytes(*distance).into())?;
        reserved(memory.from(function, PROLOGUE)?)
    };
    reserved().is_some_and(|bytes| bytes >= TABLE)
}

/// The bytes of the stack that a function reserves; `None` if it reserves none.
fn reserved(code: &[u8]) -> Option<u32> {
    // sub $bytes,%rsp
    let bytes = code
        .windows(7)
        .find_map(|code| code.strip_prefix(b"\x48\x81\xec"))?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}
