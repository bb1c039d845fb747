//! The page of `--html`.

use forge::{Forged, Forgery};
use serde_json::Value;

use super::{folder, number, part, size, sizes};
use crate::support::project::Project;

fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn page(folder: &Project, path: &str) -> String {
    String::from_utf8(folder.read(path)).unwrap()
}

#[test]
fn the_page_has_the_sizes_and_needs_nothing_else() {
    let folder = folder();
    let outcome = size(&folder, &["f.zip", "--html", "out/f.html"]);
    outcome
        .exits(0)
        .prints("serde_json")
        .says("Wrote out/f.html");
    let page = page(&folder, "out/f.html");
    assert!(!page.contains("://"), "it loads nothing");
    let root = data(&page);
    let found = sizes(&folder, &["f.zip"]).remove(0);
    assert_eq!(root[0], "f.zip");
    assert_eq!(root[2], found["zipped_bytes"]);
    let entry = &root[4][0];
    assert_eq!(
        (&entry[0], &entry[1]),
        (&found["entries"][0]["path"], &found["entries"][0]["bytes"])
    );
    let crates = entry[4].as_array().unwrap();
    let orders = crates.iter().find(|one| one[0] == "orders").unwrap();
    assert_eq!(
        orders[1].as_u64().unwrap(),
        number(part(&found["entries"][0], "orders"), "bytes")
    );
    assert_eq!(orders[4][0][0], "orders::main");
}

#[test]
fn a_page_replaces_a_page_and_nothing_else() {
    let folder = folder().file("notes.html", "<p>my notes</p>");
    let run = |path: &str| size(&folder, &["f.zip", "--html", path]);
    run("f.html").exits(0);
    let first = page(&folder, "f.html");
    run("f.html").exits(0);
    assert_eq!(
        page(&folder, "f.html"),
        first,
        "the same zip, the same page"
    );
    run("notes.html")
        .exits(2)
        .says("it would be overwritten")
        .says("help:");
    assert_eq!(page(&folder, "notes.html"), "<p>my notes</p>");
    run("f.zip").exits(2).says("it would be overwritten");
    run("f.zip/page.html")
        .exits(2)
        .says("which is not a folder");
    run(".").exits(2).says("is a folder");
}

#[cfg(unix)] // needs permissions and limits
#[test]
fn a_page_that_cannot_be_written_is_named() {
    let folder = Project::empty().with(&["locked/x"]);
    folder.write("f.zip", zip_of_text());
    folder.set_mode("locked", 0o555);
    let run = |path: &str| folder.command(&["size", "f.zip", "--html", path]);
    let locked = run("locked/f.html").bound_by_permissions().run();
    folder.set_mode("locked", 0o755);
    let full = run("f.html").largest_file("1").run();
    for (outcome, why) in [
        (locked, "locked/f.html`: Permission denied"),
        (full, "f.html`: File too large"),
    ] {
        outcome
            .exits(4)
            .says("could not write the page")
            .says(why)
            .never_says(".lambda-zip-");
    }
    assert_eq!(folder.files(""), ["f.zip", "locked/x"]);
}

/// A zip of which nothing is taken apart.
fn zip_of_text() -> Vec<u8> {
    Forgery::of([Forged::file("notes", 0o644, "text")]).bytes()
}

#[test]
fn there_is_no_page_if_no_zip_can_be_read() {
    let folder = folder();
    let outcome = size(&folder, &["missing.zip", "--html", "f.html"]);
    outcome.exits(3).never_says("Wrote");
    assert!(!folder.path("f.html").exists());
    // Those that can be read have one.
    size(&folder, &["missing.zip", "f.zip", "--html", "f.html"]).exits(3);
    assert_eq!(data(&page(&folder, "f.html"))[0], "f.zip");
}
