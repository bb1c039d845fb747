//! Permissions: the function is run by another user than the one who owns its files.

use super::case::{Case, prove};
use super::programs::{bootstrap, greeting, ready};
use super::scripts::bash;
use super::table::Section;
use super::zip::{Entry, Zip};

fn of_the_program(name: &'static str, mode: u32) -> Case {
    Case::new(name, &Zip::of([bootstrap().mode(mode)]))
}

fn of_a_script(name: &'static str, mode: u32) -> Case {
    let script = Entry::new("bootstrap", &ready("function.sh")).mode(mode);
    Case::new(name, &Zip::of([script, greeting()])).mount(bash())
}

fn of_a_folder(name: &'static str, mode: u32) -> Case {
    let folder = Entry::folder("data/").mode(mode);
    Case::new(
        name,
        &Zip::of([folder, Entry::new("data/a", b"a").mode(0o644), bootstrap()]),
    )
}

fn cases() -> Vec<Case> {
    vec![
        of_the_program("0755", 0o755),
        of_the_program("0777", 0o777),
        of_the_program("0555", 0o555),
        of_the_program("0711", 0o711),
        of_the_program("0001", 0o001),
        of_the_program("4755, which sets the user", 0o4755),
        of_the_program("0644", 0o644).finds(&["not-executable"]),
        of_the_program("0744", 0o744).finds(&["not-executable"]),
        of_the_program("0754", 0o754).finds(&["not-executable"]),
        of_the_program("0770", 0o770).finds(&["not-executable"]),
        of_the_program("0700", 0o700).finds(&["not-executable"]),
        of_the_program("0000", 0o000).finds(&["not-executable"]),
        of_a_script("0755 on a script", 0o755),
        of_a_script("0711 on a script", 0o711).finds(&["not-executable"]),
        of_a_script("0644 on a script", 0o644).finds(&["not-executable"]),
        of_a_folder("0755 on a folder", 0o755),
        of_a_folder("0700 on a folder", 0o700),
        of_a_folder("0644 on a folder", 0o644),
        Case::new(
            "0600 on a data file",
            &Zip::of([bootstrap(), Entry::new("data.txt", b"data").mode(0o600)]),
        )
        .finds(&["not-readable"]),
        Case::new(
            "0755 on a data file",
            &Zip::of([bootstrap(), Entry::new("data.txt", b"data")]),
        ),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets, bash and the readers: run tests/run"]
fn permissions() {
    prove(Section::Modes, cases());
}
