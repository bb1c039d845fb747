//! Zips that are not what they say.

use super::case::{Case, prove};
use super::programs::{bootstrap, data_file, orders};
use super::table::Section;
use super::zip::{DEFLATED, Entry, Header, STORED, Zip, word};

/// Good, and then spoilt in what its program is said to be.
fn spoilt(spoil: impl FnOnce(&mut Entry)) -> Zip {
    Zip::of([bootstrap().with(spoil), data_file()])
}

fn plain() -> Vec<u8> {
    spoilt(|_| ()).bytes()
}

fn in_both(change: impl Fn(&mut Header)) -> Zip {
    Zip::of([bootstrap().both(change), data_file()])
}

fn data() -> Vec<Case> {
    let stored = Entry::stored("bootstrap", orders());
    vec![
        Case::new("a wrong checksum", &in_both(|header| header.crc ^= 1)).finds(&["broken-zip"]),
        Case::new("a bit of stored data has changed", &{
            Zip::of([stored.clone().with(|entry| entry.data[5000] ^= 1)])
        })
        .finds(&["broken-zip"]),
        Case::new("a byte in the middle of deflated data has changed", &{
            spoilt(|entry| {
                let middle = entry.data.len() / 2;
                entry.data[middle] ^= 0xff;
            })
        })
        .finds(&["broken-zip"]),
        Case::new("larger than it says", &in_both(|header| header.size -= 1))
            .finds(&["broken-zip"]),
        Case::new("smaller than it says", &in_both(|header| header.size += 1))
            .finds(&["broken-zip"]),
        Case::new(
            "deflated data that does not end",
            &in_both(|header| header.packed -= 2),
        )
        .finds(&["broken-zip"]),
        Case::new("bytes after the end of deflated data", &{
            let data = [&bootstrap().data[..], b"more"].concat();
            Zip::of([Entry::packed("bootstrap", orders(), DEFLATED, data)])
        })
        .finds(&["broken-zip"])
        .says("after the end of its data"),
        Case::new("bytes after the end of deflated data, of a large file", &{
            let large = vec![7; 5 << 20];
            let whole = Entry::new("data.bin", &large);
            let data = [&whole.data[..], b"more"].concat();
            let file = Entry::packed("data.bin", &large, DEFLATED, data).mode(0o644);
            Zip::of([bootstrap(), file])
        })
        .finds(&["broken-zip"])
        .says("after the end of its data"),
        Case::new("stored in another size than it has", &{
            Zip::of([stored.both(|header| header.size += 10)])
        })
        .finds(&["broken-zip"]),
        Case::new(
            "said to be stored, and deflated",
            &in_both(|header| header.method = STORED),
        )
        .finds(&["broken-zip"]),
        Case::new("a data descriptor with a wrong checksum", &{
            let after = |entry: &mut Entry| entry.after[4] ^= 1;
            Zip::of([bootstrap().descriptor(true).with(after), data_file()])
        })
        .finds(&["broken-zip"])
        .refused_since("a descriptor that nobody reads is wrong"),
        Case::new("a data descriptor that is not there", &{
            Zip::of([
                bootstrap()
                    .descriptor(true)
                    .with(|entry| entry.after.clear()),
                data_file(),
            ])
        })
        .finds(&["broken-zip"]),
    ]
}

fn headers() -> Vec<Case> {
    vec![
        Case::new(
            "another name before the data",
            &spoilt(|entry| entry.local.name = b"bootstrip".to_vec()),
        )
        .finds(&["broken-zip"]),
        Case::new(
            "another method before the data",
            &spoilt(|entry| entry.local.method = STORED),
        )
        .finds(&["broken-zip"]),
        Case::new(
            "another size before the data",
            &spoilt(|entry| entry.local.size += 1),
        )
        .finds(&["broken-zip"]),
        Case::new(
            "another packed size before the data",
            &spoilt(|entry| entry.local.packed -= 100),
        )
        .finds(&["broken-zip"]),
        Case::new(
            "another checksum before the data",
            &spoilt(|entry| entry.local.crc ^= 1),
        )
        .finds(&["broken-zip"]),
        Case::new(
            "another method in the directory",
            &Zip::of([
                Entry::stored("bootstrap", orders()).with(|entry| entry.central.method = DEFLATED)
            ]),
        )
        .finds(&["broken-zip"]),
        Case::new(
            "an offset into the data",
            &spoilt(|entry| entry.offset = Some(100)),
        )
        .finds(&["broken-zip", "foreign-bytes"]),
        Case::new("an offset beyond the end", &{
            let beyond = word(plain().len() + 100);
            spoilt(|entry| entry.offset = Some(beyond))
        })
        .finds(&["broken-zip", "foreign-bytes"]),
        Case::new(
            "an extra field that is longer than itself",
            &spoilt(|entry| entry.central.extra = b"UT\xff\0\x01".to_vec()),
        )
        .finds(&["broken-zip"]),
    ]
}

fn records() -> Vec<Case> {
    let plain = plain();
    let directory = plain
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    let cut = |length: usize| plain[..length].to_vec();
    vec![
        Case::ready("cut off in the data", cut(plain.len() / 2)).finds(&["broken-zip"]),
        Case::ready("cut off in the directory", cut(directory + 20)).finds(&["broken-zip"]),
        Case::ready("cut off before the end record", cut(plain.len() - 22)).finds(&["broken-zip"]),
        Case::ready("cut off in the end record", cut(plain.len() - 1)).finds(&["broken-zip"]),
        Case::ready("the first bytes are lost", plain[100..].to_vec()).finds(&["broken-zip"]),
        Case::ready("without its first bytes' signature", {
            let mut bytes = plain.clone();
            bytes[..4].fill(0);
            bytes
        })
        .finds(&["broken-zip"]),
        Case::new("fewer entries than it says", &{
            Zip {
                declared_entries: Some(3),
                ..spoilt(|_| ())
            }
        })
        .finds(&["broken-zip"]),
        Case::new("more entries than it says", &{
            Zip {
                declared_entries: Some(1),
                ..spoilt(|_| ())
            }
        })
        .finds(&["broken-zip"]),
        Case::new("a directory of another size than it says", &{
            Zip {
                declared_directory: Some(60),
                ..spoilt(|_| ())
            }
        })
        .finds(&["broken-zip", "foreign-bytes"]),
        Case::new("no entries", &Zip::default()).finds(&["broken-zip"]),
        Case::ready("no bytes", Vec::new()).finds(&["broken-zip"]),
        Case::ready("no zip, but text", b"not a zip\n".repeat(100)).finds(&["broken-zip"]),
        Case::ready("no zip, but the program itself", orders().to_vec()).finds(&["broken-zip"]),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets and the readers: run tests/run"]
fn broken_zips() {
    prove(
        Section::Broken,
        [data(), headers(), records()].into_iter().flatten(),
    );
}
