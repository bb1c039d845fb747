//! Symbolic links.

use super::case::{Case, prove};
use super::programs::{bootstrap, data_file, orders};
use super::table::Section;
use super::zip::{Entry, Zip};

/// A package whose program lies elsewhere, and is found through links.
fn through(name: &'static str, links: &[(&str, &str)]) -> Case {
    let links = links.iter().map(|(from, to)| Entry::link(from, to));
    Case::new(
        name,
        &Zip::of(links.chain([Entry::new("bin/orders", orders())])),
    )
}

/// A package that starts, and has a link beside the program.
fn beside(name: &'static str, target: &str) -> Case {
    Case::new(
        name,
        &Zip::of([bootstrap(), Entry::link("data/link", target)]),
    )
}

fn cases() -> Vec<Case> {
    vec![
        through("to the program", &[("bootstrap", "bin/orders")]),
        through(
            "by two links",
            &[("bootstrap", "first"), ("first", "bin/orders")],
        ),
        through(
            "by a folder's link",
            &[("bootstrap", "tools/orders"), ("tools", "bin")],
        ),
        through("through `..`", &[("bootstrap", "bin/../bin/./orders")]),
        through(
            "through a folder that is not there",
            &[("bootstrap", "nodir/../bin/orders")],
        )
        .finds(&["dangling-symlink", "missing-bootstrap"]),
        through("through a file", &[("bootstrap", "bin/orders/../orders")])
            .finds(&["dangling-symlink", "missing-bootstrap"]),
        through(
            "to a file, with a slash at its end",
            &[("bootstrap", "bin/orders/")],
        )
        .finds(&["dangling-symlink", "missing-bootstrap"]),
        through(
            "to a program that the runtime does not have",
            &[("bootstrap", "/usr/bin/python3")],
        )
        .finds(&["missing-bootstrap", "unsafe-path"]),
        through("to nothing", &[("bootstrap", "bin/refund")])
            .finds(&["dangling-symlink", "missing-bootstrap"]),
        through("to itself", &[("bootstrap", "bootstrap")])
            .finds(&["dangling-symlink", "missing-bootstrap"]),
        through(
            "in a circle",
            &[("bootstrap", "other"), ("other", "bootstrap")],
        )
        .finds(&["dangling-symlink", "missing-bootstrap"]),
        through("to a folder", &[("bootstrap", "bin")]).finds(&["missing-bootstrap"]),
        through(
            "to the program, absolute",
            &[("bootstrap", "/var/task/bin/orders")],
        )
        .finds(&["external-symlink"]),
        Case::new(
            "to a program that may not be executed",
            &Zip::of([
                Entry::link("bootstrap", "orders"),
                Entry::new("orders", orders()).mode(0o644),
            ]),
        )
        .finds(&["not-executable", "unusable-helper"]),
        Case::new(
            "deflated",
            &Zip::of([
                Entry::new("bootstrap", b"orders").with(|entry| entry.attributes = 0o120_777 << 16),
                Entry::new("orders", orders()),
            ]),
        ),
        beside("beside it, to nothing", "nothing").finds(&["dangling-symlink"]),
        beside("beside it, to itself", "link").finds(&["dangling-symlink"]),
        beside("beside it, to the program", "../bootstrap"),
        beside("beside it, to its own folder", "."),
        beside("beside it, absolute", "/etc/passwd").finds(&["unsafe-path"]),
        beside("beside it, into `/tmp`", "/tmp/cache").finds(&["external-symlink"]),
        beside("beside it, into a layer", "/opt/data.txt").finds(&["external-symlink"]),
        beside("beside it, into a layer that has it", "/opt/data.txt")
            .layer(&Zip::of([data_file()]))
            .silent_since("the layer has the target"),
        beside("beside it, into a layer that lacks it", "/opt/other.txt")
            .layer(&Zip::of([data_file()]))
            .finds(&["dangling-symlink"]),
        Case::new(
            "to a program in a layer",
            &Zip::of([Entry::link("bootstrap", "/opt/bin/orders")]),
        )
        .layer(&Zip::of([Entry::new("bin/orders", orders())]))
        .silent_since("the layer has the target"),
        beside("beside it, leading out", "../../../etc/passwd").finds(&["unsafe-path"]),
        beside("beside it, to no name", "").finds(&["dangling-symlink"]),
        Case::new(
            "a file through a link that leads out",
            &Zip::of([
                bootstrap(),
                Entry::link("data", "../elsewhere"),
                Entry::new("data/a", b"a").mode(0o644),
            ]),
        )
        .finds(&["duplicate-entry", "unsafe-path"]),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets and the readers: run tests/run"]
fn links() {
    prove(Section::Links, cases());
}
