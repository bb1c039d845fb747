//! The start file of static PIEs with musl (`rcrt1.o`), which begins by relocating the program.

use object::read::ReadRef;

use super::dynamic::Memory;

/// True if musl's start file of a program for x86_64 relocates it, as its dynamic segment says.
/// Without such a segment, it reads from the address 0. `call` is the rest of its code from the
/// operand of its call on, which is at the address `at`.
///
/// The function that it calls reserves hundreds of bytes of the stack for two tables. Start files of
/// other programs begin as this one does, but their function only passes its arguments on. On arm64,
/// the address that is read without a dynamic segment is one of the program, and it may survive.
///
/// Source: `_dlstart_c` in ldso/dlstart.c of musl.
pub(super) fn is_called<'data>(
    call: &[u8],
    at: u64,
    memory: &Memory<'data, impl ReadRef<'data>>,
) -> bool {
    /// The bytes in which a function reserves its part of the stack.
    const PROLOGUE: u64 = 16;
    /// Fewer bytes than the smaller table has, that of the auxiliary vector.
    const TABLE: u32 = 192;
    let reserved = || {
        // The distance is from its own end.
        let distance = i32::from_le_bytes(*call.first_chunk()?);
        let function = at.checked_add(4)?.checked_add_signed(distance.into())?;
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
