//! Oddities that the format allows.

use super::case::{Case, prove};
use super::programs::{bootstrap, data_file, orders};
use super::table::Section;
use super::zip::{DOS, Entry, FILE, IN_ZIP64, MACOS, Zip};

fn plain() -> Zip {
    Zip::of([bootstrap(), data_file()])
}

/// Fields of an extra field: what Info-ZIP's `zip` writes of times and owners.
const TIMES_AND_OWNER: &[u8] = b"UT\x05\0\x01\0\0\0\0ux\x0b\0\x01\x04\0\0\0\0\x04\0\0\0\0";

fn of_entries() -> Vec<Case> {
    let stored = Entry::stored("bootstrap", orders());
    let size = orders().len() as u64;
    let packed = bootstrap().data.len() as u64;
    vec![
        Case::new("as it should be", &plain()),
        Case::new("stored", &Zip::of([stored.clone()])),
        Case::new(
            "a data descriptor, signed",
            &Zip::of([bootstrap().descriptor(true)]),
        ),
        Case::new(
            "a data descriptor without signature",
            &Zip::of([bootstrap().descriptor(false)]),
        ),
        Case::new(
            "a data descriptor after stored data",
            &Zip::of([stored.descriptor(true)]),
        ),
        Case::new(
            "a data descriptor, and the sizes in the header too",
            &Zip::of([bootstrap().descriptor(true).with(|entry| {
                let Entry { local, central, .. } = entry;
                (local.crc, local.packed, local.size) = (central.crc, central.packed, central.size);
            })]),
        ),
        Case::new(
            "zip64 sizes, in an extra field",
            &Zip::of([bootstrap().zip64(size, packed)]),
        ),
        Case::new(
            "a zip64 offset, in an extra field",
            &Zip::of([bootstrap().with(|entry| {
                entry.offset = Some(IN_ZIP64);
                entry.central.extra = b"\x01\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
            })]),
        ),
        Case::new(
            "made on macOS, by its number",
            &Zip::of([bootstrap().with(|entry| entry.host = MACOS)]),
        )
        .finds(&["no-unix-mode"]),
        Case::new(
            "made on DOS, with a mode",
            &Zip::of([bootstrap().with(|entry| entry.host = DOS)]),
        )
        .finds(&["no-unix-mode"]),
        Case::new(
            "made on DOS, as Windows does",
            &Zip::of([bootstrap().with(|entry| {
                entry.host = DOS;
                // An archived file.
                entry.attributes = 0x20;
            })]),
        )
        .finds(&["no-unix-mode"]),
        Case::new(
            "a mode without the type of file",
            &Zip::of([bootstrap().with(|entry| entry.attributes = 0o755 << 16)]),
        )
        .finds(&["missing-file-type"]),
        Case::new(
            "attributes of DOS beside the mode",
            &Zip::of([bootstrap().with(|entry| entry.attributes = (FILE | 0o755) << 16 | 0x21)]),
        ),
        Case::new(
            "times and owner in extra fields",
            &Zip::of([bootstrap().both(|header| header.extra = TIMES_AND_OWNER.to_vec())]),
        ),
        Case::new(
            "an extra field in the directory alone",
            &Zip::of([bootstrap().with(|entry| entry.central.extra = TIMES_AND_OWNER.to_vec())]),
        ),
        Case::new(
            "a date of zero",
            &Zip::of([bootstrap().both(|header| header.date = 0)]),
        ),
        Case::new(
            "a comment of an entry",
            &Zip::of([bootstrap().with(|entry| entry.comment = b"made by hand".to_vec())]),
        ),
        Case::new(
            "flags for the level of compression",
            &Zip::of([bootstrap().both(|header| header.flags = 0b110)]),
        ),
        Case::new(
            "an extractor of version 4.5 needed",
            &Zip::of([bootstrap().both(|header| header.version_needed = 45)]),
        ),
    ]
}

/// Entries that some readers skip.
fn of_attributes() -> Vec<Case> {
    vec![
        Case::new(
            "a data file of DOS, marked as the label of a disk",
            &Zip::of([
                bootstrap(),
                data_file().with(|entry| (entry.host, entry.attributes) = (DOS, 0x08)),
            ]),
        )
        .finds(&["missing-file-type"]),
        Case::new(
            "a data file of DOS, marked as a folder",
            &Zip::of([
                bootstrap(),
                data_file().with(|entry| (entry.host, entry.attributes) = (DOS, 0x10)),
            ]),
        )
        .finds(&["odd-name"]),
        Case::new(
            "marked as the label of a disk beside the mode",
            &Zip::of([bootstrap().with(|entry| entry.attributes |= 0x08)]),
        )
        .finds(&["missing-file-type"]),
        Case::ready("of another part, by its disk number", {
            let mut zip = Zip::of([bootstrap()]).bytes();
            let start = zip.windows(4).rposition(|four| four == b"PK\x01\x02");
            zip[start.unwrap() + 34] = 1;
            zip
        })
        .finds(&["broken-zip"]),
    ]
}

fn of_zips() -> Vec<Case> {
    let program = b"#!/bin/sh\nexec unzip \"$0\"\n".to_vec();
    vec![
        Case::new(
            "a zip64 end record",
            &Zip {
                zip64_end: true,
                ..plain()
            },
        ),
        Case::new(
            "a zip64 end record that nobody needs",
            &Zip {
                zip64_end_too: true,
                ..plain()
            },
        ),
        Case::new(
            "a comment",
            &Zip {
                comment: b"version 1.2.3".to_vec(),
                ..plain()
            },
        ),
        Case::new(
            "bytes after the end",
            &Zip {
                trailing: b"trailing\n".to_vec(),
                ..plain()
            },
        )
        .finds(&["foreign-bytes"]),
        Case::new(
            "a self-extractor",
            &Zip {
                before: program.clone(),
                ..plain()
            },
        )
        .finds(&["foreign-bytes"]),
        Case::new(
            "a self-extractor whose offsets are from its first entry",
            &Zip {
                before: program,
                offsets_without_before: true,
                ..plain()
            },
        )
        .finds(&["foreign-bytes"]),
        Case::new(
            "bytes of no entry between two",
            &Zip::of([
                bootstrap().with(|entry| entry.after = vec![0; 4096]),
                data_file(),
            ]),
        ),
        Case::new(
            "an entry that is not in the directory",
            &Zip::of([bootstrap().with(|entry| {
                let deleted = Zip::of([data_file()]).bytes();
                let start_of_directory = deleted.windows(4).position(|four| four == b"PK\x01\x02");
                entry.after = deleted[..start_of_directory.unwrap()].to_vec();
            })]),
        )
        .finds(&["hidden-entry"]),
        Case::new("another order in the directory", &reordered()),
        Case::new(
            "folders",
            &Zip::of([
                Entry::folder("data/"),
                Entry::new("data/a", b"a").mode(0o644),
                bootstrap(),
            ]),
        ),
        Case::new(
            "a zip beside the program",
            &Zip::of([
                bootstrap(),
                Entry::stored("inner.zip", &plain().bytes()).mode(0o644),
            ]),
        ),
        Case::new(
            "nothing but a zip",
            &Zip::of([Entry::stored("function.zip", &plain().bytes()).mode(0o644)]),
        )
        .finds(&["missing-bootstrap"]),
    ]
}

/// Entries that lie in another order than they are listed in.
fn reordered() -> Zip {
    let first = bootstrap();
    let length = 30 + first.local.name.len() + first.data.len();
    let mut zip = Zip::of([first, data_file()]);
    let offset = super::zip::word(length);
    let [first, second] = &mut zip.entries[..] else {
        unreachable!("there are two")
    };
    std::mem::swap(&mut first.central, &mut second.central);
    std::mem::swap(&mut first.attributes, &mut second.attributes);
    first.offset = Some(offset);
    second.offset = Some(0);
    zip
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets and the readers: run tests/run"]
fn oddities_that_the_format_allows() {
    prove(
        Section::Format,
        [of_entries(), of_zips(), of_attributes()]
            .into_iter()
            .flatten(),
    );
}
