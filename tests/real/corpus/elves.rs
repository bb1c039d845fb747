//! Programs for other machines and systems, and what is no program at all.

use super::case::{Case, prove};
use super::libraries;
use super::programs::{Workshop, of_the_shop, orders};
use super::table::Section;
use super::zip::{Entry, Zip};
use crate::architecture::Architecture::Arm64;

// Places in an ELF header.
const CLASS: usize = 4;
const KIND: usize = 16;
const MACHINE: usize = 18;
const ENTRY: usize = 24;
const SEGMENT_COUNT: usize = 56;
const SEGMENTS: usize = 64;
// And in that of a segment.
const FLAGS: usize = 4;
const ADDRESS: usize = 16;
const SIZE_IN_FILE: usize = 32;
const SIZE_IN_MEMORY: usize = 40;

// The types of segments.
const LOAD: u8 = 1;
const DYNAMIC: u8 = 2;
const LOADER: u8 = 3;

fn package(name: &'static str, program: &[u8]) -> Case {
    Case::new(name, &Zip::of([Entry::new("bootstrap", program)]))
}

fn with_byte(at: usize, byte: u8) -> Vec<u8> {
    let mut program = orders().to_vec();
    program[at] = byte;
    program
}

fn of_32_bits() -> Vec<u8> {
    const CLASS_32: u8 = 1;
    const X86: u8 = 3;
    let mut program = with_byte(MACHINE, X86);
    program[CLASS] = CLASS_32;
    program
}

/// The bootstrap, with another address of its first instruction.
fn with_entry(address: u64) -> Vec<u8> {
    let mut program = orders().to_vec();
    program[ENTRY..][..8].copy_from_slice(&address.to_le_bytes());
    program
}

/// With `change` made to each header of a segment of the type `kind`.
fn with_segments_of(mut program: Vec<u8>, kind: u8, change: impl Fn(&mut [u8])) -> Vec<u8> {
    const LENGTH: usize = 56;
    let count = usize::from(program[SEGMENT_COUNT]);
    for header in program[SEGMENTS..].chunks_mut(LENGTH).take(count) {
        if header.starts_with(&[kind, 0, 0, 0]) {
            change(header);
        }
    }
    program
}

/// With `change` made to each header of a segment that is loaded.
fn with_segments(change: impl Fn(&mut [u8])) -> Vec<u8> {
    with_segments_of(orders().to_vec(), LOAD, change)
}

/// What is linked as one kind of program, and has the headers of another.
fn of_two_minds(workshop: &Workshop) -> Vec<Case> {
    let of_glibc = |name: &'static str, program: &[u8]| {
        libraries::package(name, [Entry::new("bootstrap", program)])
    };
    let dynamic = workshop.function("cc", [] as [&str; 0]);
    workshop.write(
        "greets.c",
        "unsigned greet(void);\n\
         __attribute__((constructor)) static void start(void) { greet(); }\n",
    );
    workshop.library(
        "libgreet.so",
        "unsigned greet(void) { return 0; }\n",
        ["-nostdlib"],
    );
    let of_both = |how: &[&str]| {
        let with = [
            "greets.c",
            "-L.",
            "-Wl,-Bdynamic,--no-as-needed,-lgreet,-Bstatic",
        ];
        workshop.function("cc", how.iter().chain(&with))
    };
    let greet = || {
        Entry::new(
            "lib/libgreet.so",
            &fs_err::read(workshop.path("libgreet.so")).unwrap(),
        )
    };
    vec![
        of_glibc("static, and needing a library", &of_both(&["-static-pie"]))
            .finds(&["missing-interpreter"])
            .says("libgreet.so"),
        libraries::package(
            "static, and needing a library that is in the package",
            [Entry::new("bootstrap", &of_both(&["-static-pie"])), greet()],
        )
        .finds(&["missing-interpreter"]),
        of_glibc(
            "of a loader, and without anything for it",
            &with_segments_of(dynamic.clone(), DYNAMIC, |header| header[0] = 0),
        )
        .finds(&["not-an-executable"]),
        of_glibc(
            "of a loader whose path does not end",
            &with_segments_of(dynamic, LOADER, |header| header[SIZE_IN_FILE] -= 1),
        )
        .finds(&["not-an-executable"]),
        of_glibc(
            "of musl, static, and of a loader",
            &workshop.rust("-dynamic-linker=/lib64/ld-linux-x86-64.so.2"),
        )
        .finds(&["not-an-executable"])
        .says("names a dynamic loader"),
        package(
            "of musl, a static PIE with fixed addresses",
            &workshop.rust("-no-pie"),
        )
        .finds(&["not-an-executable"])
        .says("begins as a static PIE"),
        of_glibc(
            "static, and of a loader",
            &workshop.function(
                "cc",
                [
                    "-static-pie",
                    "-Wl,-dynamic-linker,/lib64/ld-linux-x86-64.so.2",
                ],
            ),
        )
        .finds(&["not-an-executable"])
        .says("names a dynamic loader"),
        package("that starts at 0", &with_entry(0)).finds(&["not-an-executable"]),
        package("that starts nowhere", &with_entry(0x7fff_0000)).finds(&["not-an-executable"]),
        package(
            "whose code may not be executed",
            &with_segments(|header| header[FLAGS] &= 6),
        )
        .finds(&["not-an-executable"]),
        package(
            "of segments that are larger in the file",
            &with_segments(|header| header[SIZE_IN_MEMORY + 1] = 0),
        )
        .finds(&["not-an-executable"]),
        package(
            "of segments that no memory has room for",
            &with_segments(|header| header[SIZE_IN_MEMORY + 6] = 1),
        )
        .finds(&["not-an-executable"]),
        package("at fixed addresses, from 0 on", &with_byte(KIND, 2)).finds(&["not-an-executable"]),
    ]
}

fn cases() -> Vec<Case> {
    const RISC_V: u8 = 243;
    let workshop = Workshop::new("programs");
    let library = workshop.library("libnothing.so", "int nothing;\n", ["-nostdlib"]);
    let mut cases = vec![
        package("for arm64", &of_the_shop("orders", Arm64, "bootstrap"))
            .finds(&["wrong-architecture"]),
        package("for RISC-V", &with_byte(MACHINE, RISC_V)).finds(&["wrong-architecture"]),
        package("for 32-bit x86", &of_32_bits()).finds(&["not-an-executable"]),
        package("cut off in its header", &orders()[..40]).finds(&["not-an-executable"]),
        package("cut off after its headers", &orders()[..4096]).finds(&["not-an-executable"]),
        package("cut off in the middle", &orders()[..orders().len() / 2])
            .finds(&["not-an-executable"]),
        package("an object file by its header", &with_byte(KIND, 1)).finds(&["not-an-executable"]),
        package("of no segments", &with_byte(SEGMENT_COUNT, 0)).finds(&["not-an-executable"]),
        package(
            "of which nothing is loaded",
            &with_segments(|header| header[0] = 0),
        )
        .finds(&["not-an-executable"]),
        package(
            "of segments that lie otherwise in memory",
            &with_segments(|header| header[ADDRESS] ^= 16),
        )
        .finds(&["not-an-executable"]),
        package("a shared library", &library).finds(&["not-an-executable"]),
        package(
            "of macOS",
            b"\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x02\0\0\0",
        )
        .finds(&["not-an-executable"]),
        package("of Windows", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0")
            .finds(&["not-an-executable"]),
        package("a class of Java", b"\xca\xfe\xba\xbe\0\0\0\x3d").finds(&["not-an-executable"]),
        package("text", b"not a program\n").finds(&["not-an-executable"]),
        package("empty", b"").finds(&["not-an-executable"]),
        Case::new("an empty folder", &Zip::of([Entry::folder("bootstrap/")]))
            .finds(&["misplaced-bootstrap"]),
    ];
    cases.extend(of_two_minds(&workshop));
    cases
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets, C compilers and the readers: run tests/run"]
fn programs() {
    prove(Section::Programs, cases());
}
