//! Programs for other machines and systems, and what is no program at all.

use super::case::{Case, prove};
use super::programs::{Workshop, of_the_shop, orders};
use super::table::Section;
use super::zip::{Entry, Zip};
use crate::architecture::Architecture::Arm64;

// Places in an ELF header.
const CLASS: usize = 4;
const KIND: usize = 16;
const MACHINE: usize = 18;
const SEGMENT_COUNT: usize = 56;
const SEGMENTS: usize = 64;
// And in that of a segment.
const ADDRESS: usize = 16;

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

/// With `change` made to each header of a segment that is loaded.
fn with_segments(change: impl Fn(&mut [u8])) -> Vec<u8> {
    const LENGTH: usize = 56;
    const LOAD: [u8; 4] = [1, 0, 0, 0];
    let mut program = orders().to_vec();
    let count = usize::from(program[SEGMENT_COUNT]);
    for header in program[SEGMENTS..].chunks_mut(LENGTH).take(count) {
        if header.starts_with(&LOAD) {
            change(header);
        }
    }
    program
}

fn cases() -> Vec<Case> {
    const RISC_V: u8 = 243;
    let workshop = Workshop::new("programs");
    let library = workshop.library("libnothing.so", "int nothing;\n", ["-nostdlib"]);
    vec![
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
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets, a C compiler and the readers: run tests/run"]
fn programs() {
    prove(Section::Programs, cases());
}
