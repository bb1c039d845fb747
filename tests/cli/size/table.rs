//! The table for people.

use forge::{Forged, Forgery};

use super::{elf, folder, size, zip};
use crate::support::project::Project;

#[test]
fn the_table_has_entries_crates_and_functions() {
    let outcome = size(&folder(), &["f.zip"]);
    outcome
        .exits(0)
        .prints("f.zip\n")
        .prints("% of 50 MiB")
        .prints("% of 250 MiB");
    let row = |name: &str| {
        let line = outcome.stdout.lines().find(|line| line.ends_with(name));
        line.unwrap_or_else(|| panic!("{name}: {outcome}"))
            .to_owned()
    };
    assert!(
        !row(" bootstrap").contains('≈'),
        "the size of an entry is known"
    );
    assert!(row("  serde_json").contains('≈') && row("  serde_json").contains('█'));
    assert!(row(" core::fmt::write").contains('≈'));
    row(" headers of the zip");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn rows_beyond_the_top_are_one_row() {
    size(
        &folder(),
        &["f.zip", "--top", "2", "--message-format", "json"],
    )
    .exits(2)
    .says("`--top` has no effect on `--message-format json`");
    let outcome = size(&folder(), &["f.zip", "--top", "2"]);
    outcome
        .exits(0)
        .prints("more crates and sections")
        .prints("2 more functions");
    let all = size(&folder(), &["f.zip", "-n", "0"]);
    assert!(!all.exits(0).stdout.contains(" more "), "{all}");
    let one = size(&folder(), &["f.zip", "-n", "1"]);
    one.exits(0).prints("1 more entries");
    for rows in [&["--top=-1"][..], &["--top", "-1"], &["-n", "few"]] {
        let wrong = size(&folder(), &[&["f.zip"], rows].concat());
        wrong
            .exits(2)
            .says("is no number of rows, such as 12, or 0 for all (in `--top`)");
    }
}

#[test]
fn the_table_fits_terminals_of_three_widths_and_of_ascii() {
    let folder = folder();
    for width in ["40", "80", "160"] {
        for locale in ["C.UTF-8", "C"] {
            let run = folder.command(&["size", "f.zip"]).env("COLUMNS", width);
            let outcome = run.env("LC_ALL", locale).run();
            outcome.exits(0);
            let longest = outcome
                .stdout
                .lines()
                .map(|line| line.chars().count())
                .max();
            assert!(longest.unwrap() <= width.parse().unwrap(), "{outcome}");
            assert_eq!(outcome.stdout.is_ascii(), locale == "C", "{outcome}");
        }
    }
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let folder = folder();
    let has_colour = |args: &[&str], no_color: bool| {
        let run = folder.command(&[&["size", "f.zip"], args].concat());
        let run = if no_color {
            run.env("NO_COLOR", "1")
        } else {
            run
        };
        run.run().exits(0).stdout.contains('\u{1b}')
    };
    assert!(!has_colour(&[], false));
    assert!(has_colour(&["--color", "always"], false));
    assert!(!has_colour(&["--color", "never"], true));
    assert!(!has_colour(&[], true));
}

#[test]
fn several_zips_have_a_table_each() {
    let folder = folder();
    folder.write("g.zip", zip(&elf().stripped()));
    let outcome = size(&folder, &["f.zip", "g.zip"]);
    outcome.exits(0).prints("f.zip\n").prints("\n\ng.zip\n");
    outcome
        .says("of g.zip has no symbols")
        .never_says("of f.zip");
}

#[test]
fn standard_input_is_a_zip_too() {
    let folder = folder();
    let outcome = folder.command(&["size", "-"]).input("f.zip").run();
    outcome.exits(0).prints("serde_json");
}

#[test]
fn invisible_characters_are_escaped_in_the_table_the_page_and_notes() {
    let folder = Project::empty();
    let program = elf().stripped().bytes();
    let files = [
        Forged::file("a\u{202e}gpj.sh", 0o755, program),
        Forged::file("zero\u{200b}width", 0o644, "text"),
    ];
    folder.write("f\u{202e}.zip", Forgery::of(files).bytes());
    folder.write(
        "old.zip",
        Forgery::of([Forged::file("b\u{202e}", 0o644, "b")]).bytes(),
    );
    let args = ["f\u{202e}.zip", "--against", "old.zip", "--html", "f.html"];
    let outcome = size(&folder, &args);
    outcome
        .exits(0)
        .prints("f\\u{202e}.zip\n")
        .prints("a\\u{202e}gpj.sh")
        .prints("zero\\u{200b}width")
        .prints("b\\u{202e}")
        .says("of f\\u{202e}.zip has no symbols");
    let page = String::from_utf8(folder.read("f.html")).unwrap();
    assert!(page.contains(r"a\\u{202e}gpj.sh"), "it is escaped in JSON");
    for text in [&outcome.stdout, &outcome.stderr, &page] {
        assert!(!text.contains(['\u{202e}', '\u{200b}']), "{text}");
    }
}
