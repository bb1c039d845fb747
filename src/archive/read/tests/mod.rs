//! Correct zips, and zips with one defect each.

mod eocd;

use std::io;

use super::*;
use forge::{Forged, Forgery};

/// The contents of every entry, or the first defect.
fn contents(bytes: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let bytes = bytes.to_vec();
    let zip = Zip::open(&bytes).map_err(why)?;
    if let Some(defect) = &zip.defect {
        return Err(defect.why.clone());
    }
    let all = |_: &[u8]| true;
    zip.entries
        .iter()
        .map(|record| {
            zip.look(
                record,
                &LargeEntryLock::default(),
                all,
                |_| {},
                <[u8]>::to_vec,
            )
            .map_err(why)
        })
        .collect()
}

fn why(fault: Fault) -> String {
    match fault {
        Fault::Defect(defect) => defect.why,
        Fault::Io(error) => panic!("{error}"),
    }
}

fn file() -> Forged {
    Forged::file("a", 0o644, "some text, some text, some text")
}

fn data() -> Vec<u8> {
    file().data
}

/// More bytes than are unpacked at once, with some variety.
fn large() -> Vec<u8> {
    (0..1_500_000_u32)
        .flat_map(|n| (n / 9).to_le_bytes())
        .collect()
}

#[test]
fn every_legal_zip_is_read() {
    let zips = [
        Forgery::of([file()]),
        Forgery::of([file().deflated()]),
        Forgery::of([file().with_descriptor()]),
        Forgery::of([file().deflated().with_descriptor()]),
        Forgery::of([Forged {
            local_size: Some(1),
            ..file().with_descriptor()
        }]),
        Forgery::of([Forged {
            zip64: true,
            ..file()
        }]),
        Forgery {
            zip64: true,
            ..Forgery::of([file()])
        },
        Forgery {
            comment: b"PK\x05\x06 is no end".to_vec(),
            ..Forgery::of([file()])
        },
    ];
    for (nth, zip) in zips.iter().enumerate() {
        assert_eq!(contents(&zip.bytes()), Ok(vec![data()]), "zip {nth}");
    }
}

#[test]
fn a_large_entry_is_read_in_pieces_to_the_same_end() {
    let large = large();
    for entry in [
        Forged::file("a", 0o644, large.clone()),
        Forged::file("a", 0o644, large.clone()).deflated(),
    ] {
        let bytes = Forgery::of([entry]).bytes();
        let zip = Zip::open(&bytes).unwrap();
        let [record] = &zip.entries[..] else { panic!() };
        let large_entry_lock = LargeEntryLock::default();
        let all = zip
            .look(
                record,
                &large_entry_lock,
                |_| true,
                |_| {},
                |bytes| bytes == large,
            )
            .unwrap();
        assert!(all, "all of it");
        let beginning = zip
            .look(record, &large_entry_lock, |_| false, |_| {}, <[u8]>::to_vec)
            .unwrap();
        assert!(beginning.len() < large.len() && large.starts_with(&beginning));
    }
}

#[test]
fn bytes_around_a_zip_are_counted() {
    let zip = Forgery::of([file(), Forged::file("b", 0o644, "b")]).bytes();
    let around = [b"#!/bin/sh\n".to_vec(), zip, b"\n\n".to_vec()].concat();
    let zip = Zip::open(&around).unwrap();
    let (before, after) = (10, 2);
    assert_eq!(zip.foreign, Foreign { before, after });
    assert_eq!(contents(&around), Ok(vec![data(), b"b".to_vec()]));
}

#[test]
fn a_zip_cut_anywhere_is_broken_and_never_more_than_that() {
    let whole = Forgery::of([file().deflated(), file().with_descriptor()]).bytes();
    for length in 0..whole.len() {
        assert!(contents(&whole[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn a_byte_changed_anywhere_is_no_surprise() {
    let entries = [
        file().deflated(),
        Forged {
            zip64: true,
            ..file()
        },
    ];
    let whole = Forgery {
        zip64: true,
        ..Forgery::of(entries)
    }
    .bytes();
    for place in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[place] ^= change;
            let _ = contents(&bytes);
        }
    }
}

#[test]
fn every_contradiction_is_found() {
    let noise = || Forged::file("b", 0o644, "b");
    for (entry, expected) in [
        (
            Forged {
                crc32: Some(1),
                ..file()
            },
            "checksum",
        ),
        (
            Forged {
                crc32: Some(1),
                ..file().deflated()
            },
            "checksum",
        ),
        (
            Forged {
                size: Some(7),
                ..file()
            },
            "stored, but declares two different sizes",
        ),
        (
            Forged {
                size: Some(7),
                ..file().deflated()
            },
            "does not unpack to the size",
        ),
        (
            Forged {
                size: Some(u32::MAX - 1),
                ..file().deflated()
            },
            "does not unpack to the size",
        ),
        (
            Forged {
                size: Some(5_000_000),
                ..file().deflated()
            },
            "does not unpack to the size",
        ),
        (
            Forged {
                local_size: Some(7),
                ..file()
            },
            "another size or checksum in its local header",
        ),
        (
            Forged {
                local_name: Some(b"b".to_vec()),
                ..file()
            },
            "another name in its local header",
        ),
        (
            Forged {
                packed: Some(b"\xff\xff".to_vec()),
                method: 8,
                ..file()
            },
            "damaged data",
        ),
        (
            Forged {
                place: Some(3),
                ..file()
            },
            "no local header",
        ),
        (
            Forged {
                place: Some(0x7fff_ffff),
                ..file()
            },
            "is cut off",
        ),
    ] {
        let zip = Forgery::of([entry, noise()]).bytes();
        let why = contents(&zip).unwrap_err();
        assert!(why.contains(expected), "{why}, not {expected}");
    }
}

#[test]
fn bytes_after_the_end_of_deflated_data_are_found() {
    // Those that gzip would have there, too.
    let gzips_end = [crc32fast::hash(&data()), 31]
        .map(u32::to_le_bytes)
        .concat();
    let empty = Forged::file("a", 0o644, "").deflated();
    for entry in [
        file().deflated(),
        empty,
        Forged::file("a", 0o644, large()).deflated(),
    ] {
        let followed_by = |more: &[u8]| {
            let mut entry = entry.clone();
            entry.packed.as_mut().unwrap().extend(more);
            contents(&Forgery::of([entry]).bytes())
        };
        assert_eq!(followed_by(b""), Ok(vec![entry.data.clone()]));
        for more in [&b"\0"[..], b"a lot more", &vec![0; 300_000], &gzips_end] {
            let why = followed_by(more).unwrap_err();
            assert!(why.contains("after the end of its data"), "{why}");
        }
    }
}

#[test]
fn a_bomb_is_left_where_it_exceeds_what_it_declares() {
    let bomb = Forged::file("a", 0o644, vec![0; 64 << 20]).deflated();
    for size in [100, 5 << 20] {
        let zip = Forgery::of([Forged {
            size: Some(size),
            ..bomb.clone()
        }])
        .bytes();
        assert!(
            contents(&zip)
                .unwrap_err()
                .contains("does not unpack to the size")
        );
    }
}

#[test]
fn entries_that_share_bytes_are_found() {
    let same = Forged {
        place: Some(0),
        ..file()
    };
    let zip = Forgery::of([same.clone(), same]).bytes();
    assert!(contents(&zip).unwrap_err().contains("overlap"));
}

#[test]
fn encryption_is_seen_in_all_its_forms() {
    for (flags, method) in [(1, 0), (0x41, 8), (1 << 13, 0), (0, 99)] {
        let entry = Forged {
            method,
            flags,
            ..file()
        };
        let bytes = Forgery::of([entry]).bytes();
        let zip = Zip::open(&bytes).unwrap();
        assert!(zip.entries[0].is_encrypted(), "{flags} {method}");
    }
}

#[test]
fn what_lies_beyond_a_file_is_no_failure_of_the_system() {
    let mut file = tempfile::tempfile().unwrap();
    io::Write::write_all(&mut file, b"abcd").unwrap();
    let source = FileSource::new(file).unwrap();
    let mut two = [0; 2];
    source.read_at(2, &mut two).unwrap();
    assert_eq!(&two, b"cd");
    for offset in [3, 4, 1 << 62, (1 << 63) + 5, u64::MAX] {
        let error = source.read_at(offset, &mut two).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{offset}");
    }
}

#[test]
fn large_entries_take_turns_whichever_zip_they_are_in() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let bytes = Forgery::of([Forged::file("a", 0o644, large()).deflated()]).bytes();
    let zips = [(); 3].map(|()| Zip::open(&bytes).unwrap());
    let large_entry_lock = LargeEntryLock::default();
    let [held, most] = [const { AtomicUsize::new(0) }; 2];
    let look = |_: &[u8]| {
        most.fetch_max(held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(100));
        held.fetch_sub(1, Ordering::SeqCst);
    };
    std::thread::scope(|scope| {
        for zip in &zips {
            scope.spawn(|| {
                zip.look(&zip.entries[0], &large_entry_lock, |_| true, |_| {}, look)
                    .unwrap();
            });
        }
    });
    assert_eq!(most.into_inner(), 1);
}

#[test]
fn what_readers_do_not_know_is_refused() {
    let patch = Forged {
        flags: 1 << 5,
        ..file()
    };
    let why = contents(&Forgery::of([patch]).bytes()).unwrap_err();
    assert!(why.contains("patched data"), "{why}");
    for (version_needed, is_known) in [(45, true), (46, true), (47, false), (63, false)] {
        let entry = Forged {
            version_needed,
            ..file()
        };
        let read = contents(&Forgery::of([entry]).bytes());
        assert_eq!(read.is_ok(), is_known, "{version_needed}: {read:?}");
    }
    // The upper byte is the system's.
    let entry = Forged {
        version_needed: 0x0300 + 20,
        ..file()
    };
    assert_eq!(contents(&Forgery::of([entry]).bytes()), Ok(vec![data()]));
}

#[test]
fn local_extra_fields_end_where_they_say_too() {
    let with = |extra: &[u8]| {
        let entry = Forged {
            local_extra: extra.to_vec(),
            ..file()
        };
        contents(&Forgery::of([entry]).bytes())
    };
    // The last two are what aligns data.
    for whole in [&b"\xfe\xca\x01\0x"[..], b"\0", b"\0\0\0\0\0\0\0"] {
        assert_eq!(with(whole), Ok(vec![data()]), "{whole:?}");
    }
    let why = with(b"\xfe\xca\x09\0x").unwrap_err();
    assert!(why.contains("extra field"), "{why}");
}
