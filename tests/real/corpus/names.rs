//! Names.

use super::case::{Case, prove};
use super::programs::{bootstrap, data_file, orders};
use super::table::Section;
use super::zip::{Entry, UTF8, Zip};

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
        of_a_data_file("in no Unicode", b"Gr\x81\xe1e.txt").finds(&["odd-name"]),
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
    prove(
        Section::Names,
        of_the_program_cases().into_iter().chain(of_data_files()),
    );
}
