//! The order of rooms: a room of `src` uses rooms on floors below its own, and no other. The
//! floors are those of the table in the documentation of `src/lib.rs`.
//!
//! The unit tests inside `src` are held as well: what a room's tests need is below it, too.
//!
//! No files of `src` use each other in a circle either.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

mod circles;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use circles::Modules;
use fs_err as fs;
use tokens::{Token, tokens};

/// Room → floor.
type Floors = BTreeMap<String, u32>;

/// The rows `//! | FLOOR | `ROOM` | … |`.
fn floors(lib: &str) -> Floors {
    let rows = lib.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("//! |")?.split('|').map(str::trim);
        let floor = cells.next()?.parse().ok()?;
        Some((cells.next()?.trim_matches('`').to_owned(), floor))
    });
    rows.collect()
}

/// The modules that `lib.rs` declares.
fn declared(lib: &str) -> BTreeSet<String> {
    let names = lib.lines().filter_map(|line| {
        let (_, name) = line.strip_suffix(';')?.rsplit_once("mod ")?;
        Some(name.to_owned())
    });
    names.collect()
}

/// A use that breaks the order.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    /// Below `src`.
    file: String,
    line: usize,
    /// What is used.
    room: String,
    why: String,
}

fn faults(file: &str, text: &str, floors: &Floors) -> Vec<Fault> {
    let path = file.strip_suffix(".rs").expect("a source file");
    let module = path.strip_suffix("/mod").unwrap_or(path);
    let depth = module.split('/').count();
    let own = module.split('/').next().expect("a room");
    let floor = floors[own];
    let wrong = uses(text, depth, floors).into_iter();
    let wrong = wrong.filter_map(|Token { line, text: room }| {
        let why = match floors.get(room) {
            _ if room == own => return None,
            Some(&other) if other < floor => return None,
            Some(other) => format!("`{own}` of floor {floor} uses `{room}` of floor {other}"),
            None => format!("`crate::{room}` is not in the table of rooms"),
        };
        Some(Fault {
            file: file.to_owned(),
            line,
            room: room.to_owned(),
            why,
        })
    });
    wrong.collect()
}

/// What is named after `crate::`; and the rooms named after as many `super::` as lead out of a
/// module that is `depth` below the crate.
fn uses<'a>(text: &'a str, depth: usize, floors: &Floors) -> Vec<Token<'a>> {
    let tokens = tokens(text);
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    let mut uses = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is(at, "crate") && is(at + 1, "::") {
            at += 2;
            uses.extend(heads(&tokens[at..]));
            continue;
        }
        let mut supers = 0;
        while is(at, "super") && is(at + 1, "::") {
            at += 2;
            supers += 1;
        }
        if supers >= depth {
            let heads = heads(&tokens[at..]).into_iter();
            uses.extend(heads.filter(|head| floors.contains_key(head.text)));
        }
        at += usize::from(supers == 0);
    }
    uses
}

/// The first word of a path, or of each path in a group `{a::x, b::{y, z}}`.
fn heads<'a>(path: &[Token<'a>]) -> Vec<Token<'a>> {
    let Some(first) = path.first() else {
        return Vec::new();
    };
    if first.text != "{" {
        return vec![*first];
    }
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut at_start = true;
    for token in path {
        match token.text {
            "{" => depth += 1,
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," => at_start = depth == 1,
            _ if at_start => {
                heads.push(*token);
                at_start = false;
            }
            _ => {}
        }
    }
    heads
}

fn sources(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            sources(&path, &format!("{name}/"), found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((name, fs::read_to_string(path).unwrap()));
        }
    }
}

fn lib() -> String {
    let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    fs::read_to_string(lib).unwrap()
}

/// The files below `src` but for the two that are above all rooms.
fn files_of_rooms() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, "", &mut files);
    files.sort();
    let above = ["lib.rs", "main.rs"];
    files.retain(|(file, _)| !above.contains(&&**file));
    files
}

#[test]
fn rooms_use_what_is_below_them_and_nothing_else() {
    let floors = floors(&lib());
    let files = files_of_rooms();

    let faults: Vec<String> = files
        .iter()
        .flat_map(|(file, text)| faults(file, text, &floors))
        .map(|fault| format!("src/{}:{}: {}\n", fault.file, fault.line, fault.why))
        .collect();

    assert!(faults.is_empty(), "\n{}", faults.concat());
}

#[test]
fn the_table_has_every_room_and_no_other() {
    let lib = lib();

    assert_eq!(
        floors(&lib).into_keys().collect::<BTreeSet<_>>(),
        declared(&lib)
    );
}

/// The checker itself, on text: each of these is found, at its line.
#[test]
fn a_use_of_a_room_above_or_beside_is_found() {
    let floors = [("plan", 7), ("config", 6), ("report", 6), ("error", 1)];
    let floors: Floors = floors.map(|(room, floor)| (room.to_owned(), floor)).into();
    let found = |file, text| -> Vec<(usize, String)> {
        let faults = faults(file, text, &floors).into_iter();
        faults.map(|fault| (fault.line, fault.room)).collect()
    };
    let plan = || "plan".to_owned();
    let report = || "report".to_owned();

    assert_eq!(
        found("config/a.rs", "\nuse crate::plan::Plan;"),
        [(2, plan())]
    );
    assert_eq!(
        found("config/a.rs", "use crate::report::{Model, Human};"),
        [(1, report())]
    );
    assert_eq!(
        found(
            "config/a.rs",
            "use crate::{\n    error::{Error, Result},\n    plan,\n    report::x::{y},\n};"
        ),
        [(3, plan()), (4, report())]
    );
    assert_eq!(
        found("config/mod.rs", "fn f() -> crate::plan::Plan {}"),
        [(1, plan())]
    );
    assert_eq!(
        found("config/a/b.rs", "use super::super::super::plan;"),
        [(1, plan())]
    );
    assert_eq!(
        found(
            "config/a.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::plan;\n}"
        ),
        [(3, plan())]
    );
    assert_eq!(
        found("config/a.rs", "use crate::elsewhere;"),
        [(1, "elsewhere".to_owned())]
    );
    // After what could be taken for the beginning of a string or of a comment.
    assert_eq!(
        found(
            "config/a.rs",
            "const A: char = '\"'; fn f<'a>(_: &'a str) {} use crate::plan;"
        ),
        [(1, plan())]
    );
    assert_eq!(
        found(
            "config/a.rs",
            "const A: &str = r#\"\"/*\"#; const B: &str = \"\\\"//\"; use crate::plan;"
        ),
        [(1, plan())]
    );
}

#[test]
fn a_use_of_a_room_below_is_none_of_those() {
    let floors = [("plan", 7), ("config", 6), ("error", 1)];
    let floors: Floors = floors.map(|(room, floor)| (room.to_owned(), floor)).into();
    for text in [
        "use crate::error::Error;",
        "use crate::config::Settings;",
        "use super::plan;",
        "use super::super::plan::x;",
        "pub(crate) fn plan() {}",
        "// crate::plan\n/* crate::plan /* */ crate::plan */",
        "/// See [`crate::plan`].",
        "const A: &str = \"crate::plan\";",
        "const A: &str = r#\"crate::\"plan\"#;",
    ] {
        assert_eq!(faults("config/a/b.rs", text, &floors), [], "{text}");
    }
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let modules = Modules::read(&files_of_rooms());

    let circles: Vec<String> = (modules.circles().iter())
        .map(|circle| format!("src/{}\n", circle.join(" ↔ src/")))
        .collect();

    assert!(circles.is_empty(), "\n{}", circles.concat());
}

#[test]
fn a_circle_is_found_through_groups_names_passed_on_and_paths_in_code() {
    let circles = |files: &[(&str, &str)]| -> Vec<Vec<String>> {
        let files: Vec<_> = (files.iter())
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
            .collect();
        let modules = Modules::read(&files);
        let circles = modules.circles().into_iter();
        circles
            .map(|circle| circle.into_iter().map(str::to_owned).collect())
            .collect()
    };
    let both = vec![vec!["a/b.rs".to_owned(), "a/c.rs".to_owned()]];

    let passed_on = (
        "a/mod.rs",
        "mod b; mod c; pub(crate) use b::B; pub(crate) use c::{C as D};",
    );
    let uses_b = ("a/c.rs", "use super::{B, Other};");
    assert_eq!(
        circles(&[passed_on, ("a/b.rs", "use crate::a::D;"), uses_b]),
        both
    );
    assert_eq!(
        circles(&[passed_on, ("a/b.rs", "fn f() { super::c::f() }"), uses_b]),
        both
    );
    assert_eq!(
        circles(&[("a/mod.rs", "struct S;"), ("a/b.rs", "use super::S;")]).len(),
        0
    );
    assert_eq!(
        circles(&[
            ("a/mod.rs", "mod b; use b::f; struct S;"),
            ("a/b.rs", "use super::S;")
        ]),
        [["a/mod.rs", "a/b.rs"]]
    );
    let in_tests = (
        "a/b.rs",
        "struct B;\n#[cfg(test)]\nmod tests { use crate::a::D; }",
    );
    assert_eq!(
        circles(&[passed_on, in_tests, uses_b]),
        Vec::<Vec<String>>::new()
    );
}
