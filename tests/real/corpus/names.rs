//! Names.

use super::case::{Case, prove};
use super::programs::{bootstrap, data_file, orders};
use super::table::Section;
use super::zip::{Entry, FOLDER, UTF8, Zip};

fn of_the_program(name: &'static str, entry: &str) -> Case {
    Case::new(name, &Zip::of([Entry::new(entry, orders())]))
}

fn of_a_data_file(name: &'static str, entry: impl AsRef<[u8]>) -> Case {
    let file = Entry::new(entry, b"data\n").mode(0o644);
    Case::new(name, &Zip::of([bootstrap(), file]))
}

fn of_the_program_cases() -> Vec<Case> {
    vec![
        of_the_program("of another name", "orders").finds(&["missing-bootstrap"]),
        of_the_program("`Bootstrap`", "Bootstrap").finds(&["misplaced-bootstrap"]),
        of_the_program("`bootstrap.exe`", "bootstrap.exe").finds(&["misplaced-bootstrap"]),
        of_the_program("in a folder", "orders/bootstrap").finds(&["misplaced-bootstrap"]),
        of_the_program("`./bootstrap`", "./bootstrap").finds(&["odd-name"]),
        of_the_program("a space after it", "bootstrap ").finds(&["misplaced-bootstrap"]),
        Case::new(
            "a folder named `bootstrap`",
            &Zip::of([
                Entry::folder("bootstrap/"),
                Entry::new("bootstrap/orders", orders()),
            ]),
        )
        .finds(&["misplaced-bootstrap"]),
        Case::new(
            "`bootstrap` twice, the same",
            &Zip::of([bootstrap(), bootstrap()]),
        )
        .finds(&["duplicate-entry"])
        .refused_since("which of two entries Lambda takes is not documented"),
        Case::new(
            "`bootstrap` twice, the last one good",
            &Zip::of([Entry::new("bootstrap", b"no program"), bootstrap()]),
        )
        .finds(&["duplicate-entry"])
        .refused_since("which of two entries Lambda takes is not documented"),
        Case::new(
            "`bootstrap` twice, the first one good",
            &Zip::of([bootstrap(), Entry::new("bootstrap", b"no program")]),
        )
        .finds(&["duplicate-entry", "not-an-executable"]),
    ]
}

const LETTERS: &str = "Grüße.txt";
const LETTERS_IN_CP437: &[u8] = b"Gr\x81\xe1e.txt";

/// Info-ZIP's extra field with the name in UTF-8, beside `raw`.
fn unicode_path(raw: &[u8], name: &str) -> Vec<u8> {
    let checksum = crc32fast::hash(raw).to_le_bytes();
    let data = [&[1], &checksum[..], name.as_bytes()].concat();
    let length = u16::try_from(data.len()).unwrap().to_le_bytes();
    [&b"up"[..], &length, &data].concat()
}

/// A data file that has another name in an extra field.
fn of_two_names(raw: &[u8], name: &str) -> Entry {
    let extra = unicode_path(raw, name);
    let file = Entry::new(raw, b"data\n").mode(0o644);
    file.both(|header| header.extra.clone_from(&extra))
}

fn of_encodings() -> Vec<Case> {
    let with = |name: &'static str, entry: Entry| Case::new(name, &Zip::of([bootstrap(), entry]));
    let letters = LETTERS.as_bytes();
    vec![
        of_a_data_file("Unicode, not said to be so", LETTERS).finds(&["odd-name"]),
        with(
            "Unicode, not said to be so, but in an extra field",
            of_two_names(letters, LETTERS),
        )
        .finds(&["odd-name"]),
        with(
            "in the code page of DOS, and Unicode in an extra field",
            of_two_names(LETTERS_IN_CP437, LETTERS),
        )
        .finds(&["odd-name"]),
        with(
            "another name in an extra field",
            of_two_names(b"data", "other"),
        )
        .finds(&["odd-name"]),
        with(
            "another name in an extra field, of Unicode that is said to be so",
            of_two_names(letters, "other").both(|header| header.flags = UTF8),
        )
        .finds(&["odd-name"]),
        with(
            "another name in an extra field, of another checksum",
            Entry::new("data", b"data\n")
                .mode(0o644)
                .both(|header| header.extra = unicode_path(b"former", "other")),
        ),
        with(
            "another name in an extra field of the directory alone",
            of_two_names(b"data", "other").with(|entry| entry.local.extra.clear()),
        )
        .finds(&["broken-zip", "odd-name"]),
        Case::new(
            "`bootstrap`, but another name in an extra field",
            &Zip::of([bootstrap().both(|header| {
                header.extra = unicode_path(b"bootstrap", "orders");
            })]),
        )
        .finds(&["missing-bootstrap", "odd-name"]),
        Case::new(
            "`bootstrap` by an extra field",
            &Zip::of([Entry::new("orders", orders()).both(|header| {
                header.extra = unicode_path(b"orders", "bootstrap");
            })]),
        )
        .finds(&["odd-name"]),
    ]
}

fn of_folders() -> Vec<Case> {
    let with = |name: &'static str, entry: Entry| Case::new(name, &Zip::of([bootstrap(), entry]));
    let folder = (FOLDER | 0o755) << 16;
    vec![
        with(
            "a slash after it, of a file",
            Entry::new("data/", b"data\n").mode(0o644),
        ),
        with(
            "a slash after it, of a link",
            Entry::link("data/", "bootstrap"),
        )
        .finds(&["odd-name"]),
        with("no slash after it, of a folder", Entry::folder("data")).finds(&["odd-name"]),
        Case::new(
            "`bootstrap`, and a folder by its type",
            &Zip::of([bootstrap().with(|entry| entry.attributes = folder)]),
        )
        .finds(&["odd-name"]),
        Case::new(
            "`bootstrap`, and a folder for DOS too",
            &Zip::of([bootstrap().with(|entry| entry.attributes |= 0x10)]),
        )
        .finds(&["odd-name"]),
        Case::new(
            "`bootstrap/`, and a program",
            &Zip::of([Entry::new("bootstrap/", orders())]),
        )
        .finds(&["misplaced-bootstrap"]),
    ]
}

fn of_data_files() -> Vec<Case> {
    vec![
        Case::new(
            "Unicode, said to be so",
            &Zip::of([
                bootstrap(),
                Entry::new("Grüße/日本 🚀.txt", b"data")
                    .mode(0o644)
                    .both(|header| header.flags = UTF8),
            ]),
        ),
        of_a_data_file("in no Unicode", LETTERS_IN_CP437).finds(&["odd-name"]),
        of_a_data_file("absolute", "/tmp/corpus/data.txt")
            .finds(&["unsafe-path"])
            .refused_since("not every unzipper leaves out the slash"),
        of_a_data_file("`..` at the start", "../data.txt").finds(&["unsafe-path"]),
        of_a_data_file("`..` in the middle, not leading out", "data/../data.txt")
            .finds(&["unsafe-path"]),
        of_a_data_file("`..` in the middle, leading out", "data/../../data.txt")
            .finds(&["unsafe-path"]),
        of_a_data_file("backslashes", "data\\file.txt").finds(&["odd-name"]),
        of_a_data_file("a drive of Windows", "C:/data.txt").finds(&["unsafe-path"]),
        of_a_data_file("a colon, as after a drive of Windows", "a:b").finds(&["odd-name"]),
        of_a_data_file("two slashes", "data//file.txt").finds(&["odd-name"]),
        of_a_data_file("`.` in the middle", "data/./file.txt").finds(&["odd-name"]),
        of_a_data_file("no name", "").finds(&["unsafe-path"]),
        of_a_data_file("a zero byte", "data\0.txt").finds(&["odd-name"]),
        of_a_data_file("a line end", "data\n.txt").finds(&["odd-name"]),
        of_a_data_file("a dash at the start", "-rf"),
        of_a_data_file("longer than a file system allows", "a".repeat(256)).finds(&["unsafe-path"]),
        Case::new(
            "names that differ in case alone",
            &Zip::of([
                bootstrap(),
                data_file(),
                Entry::new("Data.txt", b"other data").mode(0o644),
            ]),
        )
        .finds(&["case-conflict"]),
        Case::new(
            "a data file twice",
            &Zip::of([bootstrap(), data_file(), data_file()]),
        )
        .finds(&["duplicate-entry"])
        .refused_since("which of two entries Lambda takes is not documented"),
        Case::new(
            "a file in a file",
            &Zip::of([
                bootstrap(),
                data_file(),
                Entry::new("data.txt/a", b"a").mode(0o644),
            ]),
        )
        .finds(&["duplicate-entry"]),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets and the readers: run tests/run"]
fn names() {
    let groups = [
        of_the_program_cases,
        of_data_files,
        of_encodings,
        of_folders,
    ];
    prove(Section::Names, groups.iter().flat_map(|group| group()));
}
