//! Zips made to hurt whoever reads them: their verdict takes bounded time and memory.

use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use flate2::{Compress, Compression, FlushCompress};

use super::judged::{Judged, check};
use super::programs::{Workshop, bootstrap, data_file, orders};
use super::table::{Row, Section};
use super::zip::{DEFLATED, Entry, Header, IN_ZIP64, Zip, word};
use crate::parts::{program, repository};

/// What a verdict may take on a tool that is not optimised, in seconds and MiB. An honest
/// package of 250 MiB takes some of both.
const MOST_SECONDS: f64 = 15.0;
const MOST_MEMORY: u64 = 200;

struct Hostile {
    name: &'static str,
    zip: Vec<u8>,
    lints: &'static [&'static str],
}

impl Hostile {
    fn new(name: &'static str, zip: &Zip) -> Self {
        Self {
            name,
            zip: zip.bytes(),
            lints: &[],
        }
    }

    fn finds(self, lints: &'static [&'static str]) -> Self {
        Self { lints, ..self }
    }

    fn prove(&self, workshop: &Workshop) -> (Row, Vec<String>) {
        workshop.write("hostile.zip", &self.zip);
        let zip = workshop.path("hostile.zip");
        let report = workshop.path("measured");
        let mut judge = check();
        judge.args(["--arch", "x86_64"]).arg(&zip);
        let mut measured = Command::new(program("python3"));
        measured
            .arg(repository().join("tests/real/corpus/measured.py"))
            .arg(&report)
            .arg(judge.get_program())
            .args(judge.get_args());
        let judged = Judged::of(&measured.output().unwrap());
        let report = fs_err::read_to_string(report).unwrap();
        let (seconds, memory) = report.trim().split_once(' ').unwrap();
        let seconds: f64 = seconds.parse().unwrap();
        let memory = memory.parse::<u64>().unwrap() >> 10;

        let mut wrong = Vec::new();
        if seconds > MOST_SECONDS || memory > MOST_MEMORY {
            wrong.push(format!("{}: it took {seconds} s, {memory} MiB", self.name));
        }
        if !judged.lints().iter().eq(self.lints) {
            wrong.push(format!("{}: {judged}", self.name));
        }
        if judged.is_accepted && !is_good(&zip) {
            wrong.push(format!("{}: unzip does not accept it", self.name));
        }
        let row = Row::new([self.name.to_owned(), judged.to_string()]);
        (row, wrong)
    }
}

/// Whether Info-ZIP finds nothing wrong with it.
fn is_good(zip: &Path) -> bool {
    let mut unzip = Command::new(program("unzip"));
    unzip
        .arg("-tqq")
        .arg(zip)
        .output()
        .unwrap()
        .status
        .success()
}

/// Deflated zeros, a MiB `count` times over, and their checksum.
fn zeros(count: usize) -> (Vec<u8>, u32) {
    static ONCE: LazyLock<(Vec<u8>, crc32fast::Hasher)> = LazyLock::new(|| {
        let plain = vec![0; 1 << 20];
        let mut data = Vec::with_capacity(1 << 12);
        // After a full flush, what follows does not look back.
        Compress::new(Compression::best(), false)
            .compress_vec(&plain, &mut data, FlushCompress::Full)
            .unwrap();
        let mut crc = crc32fast::Hasher::new();
        crc.update(&plain);
        (data, crc)
    });
    let (once, crc) = &*ONCE;
    let mut data = once.repeat(count);
    // The last block, which is empty.
    data.extend([3, 0]);
    let mut all = crc32fast::Hasher::new();
    (0..count).for_each(|_| all.combine(crc));
    (data, all.finalize())
}

/// A file of `count` MiB of zeros.
fn bomb(name: &str, count: usize) -> Entry {
    let (data, crc) = zeros(count);
    let packed = data.len() as u64;
    let bomb = Entry::packed(name, b"", DEFLATED, data).mode(0o644);
    let bomb = bomb.both(|header| header.crc = crc);
    bomb.zip64((count as u64) << 20, packed)
}

fn small(count: usize) -> impl Iterator<Item = Entry> {
    (0..count).map(|nth| Entry::stored(format!("data/{nth:05}"), b"").mode(0o644))
}

/// Every entry is the first one, under another name.
fn overlapping(rename: bool) -> Zip {
    let first = bomb("data/00000", 100);
    let offset = word(30 + bootstrap().local.name.len() + bootstrap().data.len());
    let others = (1..5000).map(|nth| {
        let mut other = Entry {
            data: Vec::new(),
            offset: Some(offset),
            ..first.clone()
        };
        other.local = Entry::stored("", b"").local;
        if rename {
            other.central.name = format!("data/{nth:05}").into_bytes();
        }
        other
    });
    Zip::of([bootstrap(), first.clone()].into_iter().chain(others))
}

/// An entry whose data are the next one, header and all.
fn nested() -> Zip {
    let inner = Zip::of([data_file()]).bytes();
    let local = inner
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    let outer = Entry::stored("outer", &inner[..local]).mode(0o644);
    let offset = word(30 + outer.local.name.len());
    let inner = Entry {
        data: Vec::new(),
        offset: Some(offset),
        ..data_file()
    };
    Zip::of([outer, inner, bootstrap()])
}

fn of_sizes() -> Vec<Hostile> {
    let lie = |change: &dyn Fn(&mut Header)| Zip::of([bootstrap(), data_file().both(change)]);
    vec![
        Hostile::new(
            "a bomb of 10 GiB",
            &Zip::of([bootstrap(), bomb("data", 10 << 10)]),
        )
        .finds(&["unzipped-too-large"]),
        Hostile::new("a bomb of 10 GiB that says it is of 1 MiB", &{
            let bomb = bomb("data", 10 << 10).both(|header| {
                header.extra[4..12].copy_from_slice(&(1_u64 << 20).to_le_bytes());
            });
            Zip::of([bootstrap(), bomb])
        })
        .finds(&["broken-zip"]),
        Hostile::new("2000 bombs of 10 MiB", &{
            let bombs = (0..2000).map(|nth| bomb(&format!("data/{nth}"), 10));
            Zip::of([bootstrap()].into_iter().chain(bombs))
        })
        .finds(&["unzipped-too-large"]),
        Hostile::new("a bomb for a bootstrap", &{
            Zip::of([bomb("bootstrap", 10 << 10).mode(0o755)])
        })
        .finds(&["unzipped-too-large"]),
        Hostile::new("a bomb for a link's target", &{
            let link = bomb("link", 100).with(|entry| entry.attributes = 0o120_777 << 16);
            Zip::of([bootstrap(), link])
        })
        .finds(&["unsafe-path"]),
        Hostile::new(
            "ten bytes that say they are of 4 GiB",
            &lie(&|header| {
                header.size = IN_ZIP64 - 1;
            }),
        )
        .finds(&["broken-zip", "unzipped-too-large"]),
        Hostile::new("ten bytes that say they are of 16 EiB", &{
            Zip::of([bootstrap(), data_file().zip64(u64::MAX, u64::MAX)])
        })
        .finds(&["broken-zip", "unzipped-too-large"]),
        Hostile::new("a bootstrap that says it is of 4 GiB, stored", &{
            Zip::of([Entry::stored("bootstrap", orders()).both(|header| {
                header.size = IN_ZIP64 - 1;
                header.packed = IN_ZIP64 - 1;
            })])
        })
        .finds(&["broken-zip", "unzipped-too-large"]),
    ]
}

fn of_links() -> Vec<Hostile> {
    vec![
        Hostile::new("a link of 4 MiB to itself", &{
            let target = "a/../".repeat(800_000) + "link";
            let link = Entry::new("link", target.as_bytes());
            Zip::of([
                bootstrap(),
                link.with(|entry| entry.attributes = 0o120_777 << 16),
            ])
        })
        .finds(&["unsafe-path"]),
        Hostile::new("5000 links through 38 of 4 KiB each", &{
            let on = |nth: usize| format!("{}chain{nth}", "data/../".repeat(500));
            let chain = (0..38).map(|nth| Entry::link(&format!("chain{nth}"), &on(nth + 1)));
            let to_it = (0..5000).map(|nth| Entry::link(&format!("link{nth}"), "chain0"));
            let files = [
                bootstrap(),
                Entry::folder("data/"),
                Entry::stored("chain38", b""),
            ];
            Zip::of(files.into_iter().chain(chain).chain(to_it))
        })
        .finds(&["unsafe-path"]),
    ]
}

fn of_entries() -> Vec<Hostile> {
    let many = |count: usize| Zip::of([bootstrap()].into_iter().chain(small(count - 1)));
    vec![
        Hostile::new(
            "5000 entries of one and the same 100 MiB",
            &overlapping(true),
        )
        .finds(&["broken-zip", "unzipped-too-large"]),
        Hostile::new(
            "5000 entries of the same 100 MiB and the same name",
            &overlapping(false),
        )
        .finds(&["broken-zip", "duplicate-entry", "unzipped-too-large"]),
        Hostile::new("an entry in another's data", &nested()).finds(&["broken-zip"]),
        Hostile::new("65 534 entries", &many(65_534)),
        Hostile::new(
            "65 536 entries",
            &Zip {
                zip64_end: true,
                ..many(65_536)
            },
        ),
        Hostile::new("65 536 entries of one name", &{
            let entries = (0..65_535).map(|_| data_file());
            Zip {
                zip64_end: true,
                ..Zip::of([bootstrap()].into_iter().chain(entries))
            }
        })
        .finds(&["duplicate-entry"]),
        Hostile::new("a directory said to be of 4 GiB", &{
            Zip {
                declared_directory: Some(IN_ZIP64 - 1),
                ..many(2)
            }
        })
        .finds(&["broken-zip"]),
        Hostile::new("65 534 entries said to be there, and one that is", &{
            Zip {
                declared_entries: Some(65_534),
                ..many(1)
            }
        })
        .finds(&["broken-zip"]),
    ]
}

fn of_names() -> Vec<Hostile> {
    let long = |name: String| Entry::stored(name, b"").mode(0o644);
    vec![
        Hostile::new("500 names of 64 KiB", &{
            let name = "a".repeat(65_530);
            let entries = (0..500).map(|nth| long(format!("{name}{nth:05}")));
            Zip::of([bootstrap()].into_iter().chain(entries))
        })
        .finds(&["unsafe-path", "zip-too-large"]),
        Hostile::new("a name of 32 767 folders", &{
            Zip::of([bootstrap(), long("a/".repeat(32_767) + "a")])
        })
        .finds(&["unsafe-path"]),
        Hostile::new("a link by each of 10 000 links", &{
            let links =
                (0..10_000).map(|nth| Entry::link(&format!("l{nth}"), &format!("l{}", nth + 1)));
            let end = Entry::link("l10000", "bootstrap");
            Zip::of([bootstrap(), end].into_iter().chain(links))
        })
        .finds(&["dangling-symlink"]),
        Hostile::new("a comment of nothing but ends", &{
            Zip {
                comment: b"PK\x05\x06".repeat(16_383),
                ..Zip::of([bootstrap()])
            }
        })
        .finds(&["broken-zip"]),
        Hostile::new("extra fields of nothing", &{
            let extra = [0xfe, 0xca, 0, 0].repeat(16_383);
            Zip::of([bootstrap().both(|header| header.extra.clone_from(&extra))])
        }),
    ]
}

fn of_programs() -> Vec<Hostile> {
    /// Where an ELF header tells its tables' places and lengths.
    const TABLES: Range<usize> = 32..48;
    const COUNTS: Range<usize> = 54..64;
    let spoilt = |places: Range<usize>| {
        let mut program = orders().to_vec();
        program[places].fill(0xff);
        Zip::of([Entry::new("bootstrap", &program)])
    };
    vec![
        Hostile::new("a program whose tables are beyond its end", &spoilt(TABLES))
            .finds(&["not-an-executable"]),
        Hostile::new(
            "a program with 65 535 segments and sections",
            &spoilt(COUNTS),
        )
        .finds(&["not-an-executable"]),
    ]
}

#[test]
#[ignore = "needs the musl targets, Python and unzip: run tests/run"]
fn hostile_zips() {
    let workshop = Workshop::new("hostile");
    let groups = [of_sizes, of_entries, of_names, of_links, of_programs];
    let (rows, wrong): (Vec<_>, Vec<_>) = groups
        .iter()
        .flat_map(|group| group())
        .map(|hostile| hostile.prove(&workshop))
        .unzip();
    Section::Hostile.keep(&rows);
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
