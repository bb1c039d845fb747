//! Headers of a program that contradict each other: Linux starts it, and it crashes at once.

use object::Endianness;
use object::elf;
use object::read::elf::{FileHeader, ProgramHeader};

use super::elf::Header;

/// A reason why a program crashes before its first instruction, or instead of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadStart {
    /// It needs shared libraries, and names no dynamic loader (`PT_INTERP`).
    NoLoader,
    /// It is linked with a static C library, and names a dynamic loader: both relocate it and set
    /// up its threads.
    LoaderOfStatic,
    /// It is linked to fixed addresses with the start file of a static PIE, which relocates the
    /// program as a dynamic segment says (`PT_DYNAMIC`), and has no such segment.
    FixedStaticPie,
    /// It names a dynamic loader, and has nothing that the loader reads (`PT_DYNAMIC`).
    NoDynamicSegment,
    /// The name of a needed library is not in its table of strings.
    UnreadableLibraries,
    /// The address of its first instruction is outside of what is loaded as code.
    EntryOutsideCode,
    /// A segment is larger in the file than in memory, or beyond the addresses of a program.
    ImpossibleSegment,
    /// It has fixed addresses, and the first of them is 0.
    AtAddressZero,
}

impl BadStart {
    /// A clause for the reason, with the program as its subject.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NoLoader => "needs shared libraries, but names no dynamic loader",
            Self::LoaderOfStatic => {
                "is linked as a static program, with its C library inside, but names a dynamic loader"
            }
            Self::FixedStaticPie => {
                "is linked to fixed addresses, but begins as a static PIE, which relocates itself"
            }
            Self::NoDynamicSegment => {
                "names a dynamic loader, but has no dynamic segment, which the loader reads"
            }
            Self::UnreadableLibraries => "needs libraries whose names are not in it",
            Self::EntryOutsideCode => "has its entry point outside of its code",
            Self::ImpossibleSegment => "has a segment that does not fit into memory",
            Self::AtAddressZero => "is linked to the address 0, where Linux loads no program",
        }
    }
}

/// The facts about the dynamic segment of a program that decide whether it can start.
pub(super) struct Links {
    /// True if it begins with the start file of a C library, and needs no such library.
    pub(super) contains_libc: bool,
    /// True if it begins with musl's start file of static PIEs.
    pub(super) relocates_itself: bool,
    pub(super) has_loader: bool,
    pub(super) has_dynamic_segment: bool,
    pub(super) needs_libraries: bool,
    pub(super) has_unreadable_libraries: bool,
}

/// The contradiction in the headers of a program, if there is one.
///
/// Source: `load_elf_binary` in fs/binfmt_elf.c of Linux, `start_thread` of each architecture, and
/// elf/rtld.c of glibc.
pub(super) fn check(
    header: &Header,
    endian: Endianness,
    segments: &[elf::ProgramHeader64<Endianness>],
    links: &Links,
) -> Option<BadStart> {
    /// The first address that no program can have, on either architecture.
    const END: u64 = 1 << 48;
    /// Linux maps whole pages.
    const PAGE: u64 = 4096;
    let loaded = || {
        segments
            .iter()
            .filter(|segment| segment.p_type(endian) == elf::PT_LOAD)
    };
    let end = |segment: &elf::ProgramHeader64<Endianness>| {
        segment
            .p_vaddr(endian)
            .saturating_add(segment.p_memsz(endian))
    };
    let is_impossible = |segment: &elf::ProgramHeader64<Endianness>| {
        segment.p_filesz(endian) > segment.p_memsz(endian) || end(segment) > END
    };
    let entry = header.e_entry(endian);
    let is_code = |segment: &elf::ProgramHeader64<Endianness>| {
        let is_inside = segment.p_vaddr(endian) <= entry && entry < end(segment);
        is_inside && segment.p_flags(endian).0 & elf::PF_X.0 != 0
    };
    let is_fixed = header.e_type(endian) == elf::ET_EXEC;
    let found = [
        (loaded().any(is_impossible), BadStart::ImpossibleSegment),
        (
            is_fixed && loaded().any(|segment| segment.p_vaddr(endian) < PAGE),
            BadStart::AtAddressZero,
        ),
        (!loaded().any(is_code), BadStart::EntryOutsideCode),
        (
            links.has_loader && links.contains_libc,
            BadStart::LoaderOfStatic,
        ),
        (
            links.relocates_itself && !links.has_dynamic_segment,
            BadStart::FixedStaticPie,
        ),
        (
            links.has_loader && !links.has_dynamic_segment,
            BadStart::NoDynamicSegment,
        ),
        (
            links.needs_libraries && !links.has_loader,
            BadStart::NoLoader,
        ),
        (
            links.has_unreadable_libraries,
            BadStart::UnreadableLibraries,
        ),
    ];
    found
        .into_iter()
        .find_map(|(is_so, bad)| is_so.then_some(bad))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::{Executable, inspect};
    use forge::{Elf, Machine};

    // Places in the header of the file, and in that of its only loaded segment, the last one.
    const KIND: usize = 16;
    const ENTRY: usize = 24;
    const FLAGS: usize = 4;
    const ADDRESS: usize = 16;
    const SIZE_IN_MEMORY: usize = 40;

    fn bad_start(bytes: &[u8]) -> Option<BadStart> {
        match inspect(bytes) {
            Ok(Executable::Binary(facts)) => facts.bad_start,
            other => panic!("{other:?}"),
        }
    }

    /// The program with other bytes in its header.
    fn with(elf: &Elf, at: usize, bytes: &[u8]) -> Vec<u8> {
        let mut changed = elf.bytes();
        changed[at..][..bytes.len()].copy_from_slice(bytes);
        changed
    }

    fn segment(elf: &Elf, nth: usize) -> usize {
        assert!(nth < usize::from(elf.bytes()[56]));
        64 + 56 * nth
    }

    #[test]
    fn usual_programs_do_not_contradict_themselves() {
        let x86 = Machine::X86_64;
        for elf in [
            Elf::fixed(x86),
            Elf::static_pie(x86),
            Elf::dynamic(x86).needs("libc.so.6", &["GLIBC_2.34"]),
            Elf::fixed(Machine::Aarch64).without_section_headers(),
        ] {
            assert_eq!(bad_start(&elf.bytes()), None);
        }
    }

    #[test]
    fn libraries_without_a_loader_are_never_loaded() {
        let elf = Elf::static_pie(Machine::X86_64).needs("libgreet.so", &[]);
        assert_eq!(bad_start(&elf.bytes()), Some(BadStart::NoLoader));
    }

    #[test]
    fn a_loader_needs_a_dynamic_segment() {
        let fixed = Elf::fixed(Machine::X86_64).interpreter("/lib64/ld-linux-x86-64.so.2");
        assert_eq!(bad_start(&fixed.bytes()), Some(BadStart::NoDynamicSegment));
    }

    /// The program, which starts with this code.
    fn starting_with(elf: &Elf, code: &[u8]) -> Vec<u8> {
        let mut bytes = elf.clone().payload(code).bytes();
        let at = bytes.windows(code.len()).position(|bytes| bytes == code);
        let base = u64::from_le_bytes(bytes[ENTRY..][..8].try_into().unwrap());
        let entry = base + u64::try_from(at.unwrap()).unwrap();
        bytes[ENTRY..][..8].copy_from_slice(&entry.to_le_bytes());
        bytes
    }

    const MUSL: [u8; 18] =
        *b"\x48\x31\xed\x48\x89\xe7\x48\x8d\x35\x2b\x8d\x05\0\x48\x83\xe4\xf0\xe8";
    const GLIBC: [u8; 19] =
        *b"\xf3\x0f\x1e\xfa\x31\xed\x49\x89\xd1\x5e\x48\x89\xe2\x48\x83\xe4\xf0\x50\x54";
    const MUSL_ARM64: [u8; 24] =
        *b"\x1d\0\x80\xd2\x1e\0\x80\xd2\xe0\x03\0\x91\xc1\xee\xff\xf0\x21\0\0\x91\x1f\xec\x7c\x92";
    const GLIBC_ARM64: [u8; 28] = *b"\x5f\x24\x03\xd5\x1d\0\x80\xd2\x1e\0\x80\xd2\xe5\x03\0\xaa\xe1\x03\x40\xf9\xe2\x23\0\x91\xe6\x03\0\x91";

    #[test]
    fn a_static_program_has_no_loader() {
        let starts = [
            (Machine::X86_64, &MUSL[..], "libc.so"),
            (Machine::X86_64, &GLIBC, "libc.so.6"),
            (Machine::Aarch64, &MUSL_ARM64, "libc.musl-aarch64.so.1"),
            (Machine::Aarch64, &GLIBC_ARM64, "libc.so.6"),
        ];
        for (machine, code, libc) in starts {
            let bad = Some(BadStart::LoaderOfStatic);
            let dynamic = Elf::dynamic(machine);
            assert_eq!(bad_start(&starting_with(&dynamic, code)), bad);
            let helped = dynamic.clone().needs("libgreet.so", &[]);
            assert_eq!(bad_start(&starting_with(&helped, code)), bad);
            let usual = helped.needs(libc, &[]);
            assert_eq!(bad_start(&starting_with(&usual, code)), None);
            let fixed = starting_with(&Elf::fixed(machine), code);
            assert_eq!(bad_start(&fixed), None);
        }
        // As Go's programs with `-buildmode=pie`: they leave their relocation to the loader.
        let of_go = b"\x48\x8b\x3c\x24\x48\x8d\x74\x24\x08\xe9\0\0\0\0";
        let elf = Elf::dynamic(Machine::X86_64);
        assert_eq!(bad_start(&starting_with(&elf, of_go)), None);
    }

    #[test]
    fn a_program_with_fixed_addresses_does_not_relocate_itself() {
        // The call leads to the code right behind it.
        let with = |next: [u8; 7]| [&MUSL[..], &[0; 4], &next, &[0; 16]].concat();
        // sub $0x1c0,%rsp
        let of_pie = with(*b"\x48\x81\xec\xc0\x01\0\0");
        // mov (%rdi),%rsi; lea 8(%rdi),%rdx
        let of_fixed = with(*b"\x48\x8b\x37\x48\x8d\x57\x08");
        let start = |elf: Elf, code| bad_start(&starting_with(&elf, code));
        let (fixed, pie) = (
            Elf::fixed(Machine::X86_64),
            Elf::static_pie(Machine::X86_64),
        );
        assert_eq!(
            start(fixed.clone(), &of_pie),
            Some(BadStart::FixedStaticPie)
        );
        assert_eq!(start(fixed, &of_fixed), None);
        assert_eq!(start(pie, &of_pie), None);
    }

    #[test]
    fn a_program_starts_in_its_code() {
        let elf = Elf::fixed(Machine::X86_64);
        let outside = Some(BadStart::EntryOutsideCode);
        assert_eq!(bad_start(&with(&elf, ENTRY, &[0; 8])), outside);
        assert_eq!(bad_start(&with(&elf, ENTRY + 4, &[1])), outside);
        let readable = with(&elf, segment(&elf, 0) + FLAGS, &[4]);
        assert_eq!(bad_start(&readable), outside);
    }

    #[test]
    fn segments_fit_into_memory() {
        let elf = Elf::static_pie(Machine::X86_64);
        let load = segment(&elf, 1);
        let impossible = Some(BadStart::ImpossibleSegment);
        let smaller = with(&elf, load + SIZE_IN_MEMORY, &[1, 0]);
        assert_eq!(bad_start(&smaller), impossible);
        let larger = with(&elf, load + SIZE_IN_MEMORY + 6, &[1]);
        assert_eq!(bad_start(&larger), impossible);
        let beyond = with(&elf, load + ADDRESS + 6, &[1]);
        assert_eq!(bad_start(&beyond), impossible);
        assert_eq!(
            bad_start(&with(&elf, KIND, &[2])),
            Some(BadStart::AtAddressZero)
        );
    }
}
