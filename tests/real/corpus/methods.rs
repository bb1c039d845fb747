//! Methods of compression and encryption, of which Lambda knows few.

use std::process::Command;

use super::case::{Case, prove};
use super::programs::{Workshop, bootstrap, data_file, orders};
use super::table::Section;
use super::zip::{DEFLATED, ENCRYPTED, Entry, Zip, word};
use super::zip_crypto::encrypt;
use crate::parts::{output, part};

// Methods that Lambda has no use for.
const DEFLATE64: u16 = 9;
const ZSTANDARD: u16 = 93;
const AES: u16 = 99;

/// What deflate and its successor have in common: blocks without compression.
fn deflate_stored(contents: &[u8]) -> Vec<u8> {
    let blocks: Vec<&[u8]> = contents.chunks(usize::from(u16::MAX)).collect();
    let mut data = Vec::new();
    for (nth, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        data.push(u8::from(nth + 1 == blocks.len()));
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend(*block);
    }
    data
}

/// A frame of Zstandard, of raw blocks.
fn zstandard_raw(contents: &[u8]) -> Vec<u8> {
    const MOST: usize = 128 << 10;
    // The magic number; a content size of four bytes, in a single segment.
    let mut data = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    data.extend(u32::try_from(contents.len()).unwrap().to_le_bytes());
    let blocks: Vec<&[u8]> = contents.chunks(MOST).collect();
    for (nth, block) in blocks.iter().enumerate() {
        let is_last = u32::from(nth + 1 == blocks.len());
        let header = u32::try_from(block.len()).unwrap() << 3 | is_last;
        data.extend(&header.to_le_bytes()[..3]);
        data.extend(*block);
    }
    data
}

/// The bootstrap's zip as 7-Zip makes it with `options`.
fn by_seven_zip(workshop: &Workshop, name: &str, options: &[&str]) -> Vec<u8> {
    let zip = workshop.path(name);
    let mut command = Command::new(part("7zip"));
    command.args(["a", "-tzip"]).args(options).arg(&zip);
    output(command.arg(workshop.path("bootstrap")));
    fs_err::read(zip).unwrap()
}

/// The bootstrap, deflated and then encrypted.
fn encrypted(password: &[u8]) -> Entry {
    bootstrap().with(|entry| {
        // The readers check the last byte of the header against the checksum of the contents.
        entry.data = encrypt(&entry.data, entry.central.crc, password);
        let packed = word(entry.data.len());
        *entry = entry.clone().both(|header| {
            header.flags |= ENCRYPTED;
            header.packed = packed;
        });
    })
}

fn cases() -> Vec<Case> {
    let workshop = Workshop::new("methods");
    workshop.write("bootstrap", orders());
    workshop.make_executable("bootstrap");
    vec![
        Case::new(
            "deflated without compression",
            &Zip::of([Entry::packed(
                "bootstrap",
                orders(),
                DEFLATED,
                deflate_stored(orders()),
            )]),
        ),
        Case::new(
            "Deflate64",
            &Zip::of([Entry::packed(
                "bootstrap",
                orders(),
                DEFLATE64,
                deflate_stored(orders()),
            )]),
        )
        .finds(&["unsupported-compression"]),
        Case::ready(
            "bzip2",
            by_seven_zip(&workshop, "bzip2.zip", &["-mm=BZip2"]),
        )
        .finds(&["unsupported-compression"]),
        Case::ready("LZMA", by_seven_zip(&workshop, "lzma.zip", &["-mm=LZMA"]))
            .finds(&["unsupported-compression"]),
        Case::new(
            "Zstandard",
            &Zip::of([Entry::packed(
                "bootstrap",
                orders(),
                ZSTANDARD,
                zstandard_raw(orders()),
            )]),
        )
        .finds(&["unsupported-compression"]),
        Case::new(
            "Zstandard, of a file that is not the program",
            &Zip::of([
                bootstrap(),
                Entry::packed("data.txt", b"data", ZSTANDARD, zstandard_raw(b"data")).mode(0o644),
            ]),
        )
        .finds(&["unsupported-compression"]),
        Case::new(
            "encrypted with a password",
            &Zip::of([encrypted(b"secret")]),
        )
        .finds(&["encrypted-entry"]),
        Case::ready(
            "encrypted with AES",
            by_seven_zip(&workshop, "aes.zip", &["-psecret", "-mem=AES256"]),
        )
        .finds(&["encrypted-entry"]),
        Case::new(
            "a data file said to be encrypted",
            &Zip::of([
                bootstrap(),
                data_file().both(|header| header.flags |= ENCRYPTED),
            ]),
        )
        .finds(&["encrypted-entry"]),
        Case::new(
            "a method that only encryption has",
            &Zip::of([bootstrap().both(|header| header.method = AES)]),
        )
        .finds(&["encrypted-entry"]),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets and the readers: run tests/run"]
fn methods_of_compression_and_encryption() {
    prove(Section::Methods, cases());
}
