//! The start files of C libraries: the first instructions of a program say which C library it is
//! linked with.

use crate::lambda::Architecture;

/// The C library whose start file a program begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StartFile {
    Glibc,
    Musl,
}

/// The beginning of a start file, without the instruction that marks a target of indirect branches.
struct Pattern {
    architecture: Architecture,
    start_file: StartFile,
    before: &'static [u8],
    /// The bytes between `before` and `after`, which hold an address.
    address: usize,
    after: &'static [u8],
}

/// These instructions have been the same for years.
///
/// Source: sysdeps/{x86_64,aarch64}/start.S of glibc, arch/{x86_64,aarch64}/crt_arch.h of musl.
const PATTERNS: [Pattern; 4] = [
    Pattern {
        architecture: Architecture::X86_64,
        start_file: StartFile::Glibc,
        // xor %ebp,%ebp; mov %rdx,%r9; pop %rsi; mov %rsp,%rdx; and $-16,%rsp
        before: b"\x31\xed\x49\x89\xd1\x5e\x48\x89\xe2\x48\x83\xe4\xf0",
        address: 0,
        // push %rax; push %rsp
        after: b"\x50\x54",
    },
    Pattern {
        architecture: Architecture::X86_64,
        start_file: StartFile::Musl,
        // xor %rbp,%rbp; mov %rsp,%rdi; lea _DYNAMIC(%rip),%rsi
        before: b"\x48\x31\xed\x48\x89\xe7\x48\x8d\x35",
        address: 4,
        // and $-16,%rsp; call
        after: b"\x48\x83\xe4\xf0\xe8",
    },
    Pattern {
        architecture: Architecture::Arm64,
        start_file: StartFile::Glibc,
        // mov x29,#0; mov x30,#0; mov x5,x0
        before: b"\x1d\x00\x80\xd2\x1e\x00\x80\xd2\xe5\x03\x00\xaa",
        address: 0,
        // ldr x1,[sp]; add x2,sp,#8; mov x6,sp
        after: b"\xe1\x03\x40\xf9\xe2\x23\x00\x91\xe6\x03\x00\x91",
    },
    Pattern {
        architecture: Architecture::Arm64,
        start_file: StartFile::Musl,
        // mov x29,#0; mov x30,#0; mov x0,sp; adrp x1,_DYNAMIC; add x1,x1,:lo12:_DYNAMIC
        before: b"\x1d\x00\x80\xd2\x1e\x00\x80\xd2\xe0\x03\x00\x91",
        address: 8,
        // and sp,x0,#-16
        after: b"\x1f\xec\x7c\x92",
    },
];

/// `endbr64` and `bti c`, which mark a target of indirect branches.
const MARKS: [(Architecture, [u8; 4]); 2] = [
    (Architecture::X86_64, [0xf3, 0x0f, 0x1e, 0xfa]),
    (Architecture::Arm64, [0x5f, 0x24, 0x03, 0xd5]),
];

impl StartFile {
    /// The most bytes of a program that are looked at.
    pub(super) const LENGTH: u64 = 32;

    /// The start file of a program with this `code` at its entry point, and the rest of the code
    /// after the part that it is known by; `None` if it is no known one. For musl, the rest begins
    /// with the operand of a call.
    pub(super) fn of(architecture: Architecture, code: &[u8]) -> Option<(Self, &[u8])> {
        let mut marks = MARKS.iter().filter(|(of, _)| *of == architecture);
        let code = marks
            .find_map(|(_, mark)| code.strip_prefix(mark))
            .unwrap_or(code);
        let mut patterns = PATTERNS
            .iter()
            .filter(|pattern| pattern.architecture == architecture);
        patterns.find_map(|pattern| {
            let rest = code.strip_prefix(pattern.before)?;
            let rest = rest.get(pattern.address..)?.strip_prefix(pattern.after)?;
            Some((pattern.start_file, rest))
        })
    }

    /// True if `library`, a `DT_NEEDED`, is the C library itself.
    pub(super) fn is_of(self, library: &str) -> bool {
        match self {
            Self::Glibc => library == "libc.so.6",
            Self::Musl => library == "libc.so" || library.starts_with("libc.musl-"),
        }
    }
}
