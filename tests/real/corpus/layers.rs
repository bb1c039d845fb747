//! Layers, and the extensions in them.

use super::case::{Case, prove};
use super::programs::{bootstrap, data_file, heartbeat, of_the_shop, orders};
use super::table::Section;
use super::zip::{Entry, Zip};
use crate::architecture::Architecture::Arm64;

fn function() -> Zip {
    Zip::of([bootstrap()])
}

fn extension(name: &str) -> Entry {
    Entry::new(format!("extensions/{name}"), heartbeat())
}

fn extensions(count: usize) -> Zip {
    Zip::of((0..count).map(|nth| extension(&format!("heartbeat-{nth}"))))
}

fn cases() -> Vec<Case> {
    let arm64 = of_the_shop("heartbeat", Arm64, "extensions/heartbeat");
    let extended =
        |name: &'static str, entry: Entry| Case::new(name, &function()).layer(&Zip::of([entry]));
    vec![
        Case::new("the bootstrap in a layer alone", &Zip::of([data_file()])).layer(&function()),
        Case::new("the bootstrap in no layer", &Zip::of([data_file()]))
            .layer(&Zip::of([data_file()]))
            .finds(&["missing-bootstrap"]),
        Case::new(
            "the bootstrap in a layer, in a folder",
            &Zip::of([data_file()]),
        )
        .layer(&Zip::of([Entry::new("orders/bootstrap", orders())]))
        .finds(&["missing-bootstrap"]),
        Case::new(
            "a bad bootstrap, and a good one in a layer",
            &Zip::of([bootstrap().mode(0o644)]),
        )
        .layer(&function())
        .finds(&["not-executable"]),
        Case::new("a good bootstrap, and a bad one in a layer", &function())
            .layer(&Zip::of([Entry::new("bootstrap", b"no program")]))
            .finds(&["not-an-executable"]),
        Case::new(
            "two layers, of which the later one has the better bootstrap",
            &Zip::of([data_file()]),
        )
        .layer(&Zip::of([Entry::new("bootstrap", b"no program")]))
        .layer(&function())
        .finds(&["not-an-executable"]),
        Case::new(
            "two layers, of which the later one has the worse bootstrap",
            &Zip::of([data_file()]),
        )
        .layer(&function())
        .layer(&Zip::of([Entry::new("bootstrap", b"no program")]))
        .finds(&["not-an-executable"]),
        extended("an extension", extension("heartbeat")),
        extended(
            "an extension whose path has a backslash",
            Entry::new("extensions\\heartbeat", heartbeat()),
        )
        .finds(&["misplaced-extension", "odd-name"]),
        extended(
            "an extension in a misspelt folder",
            Entry::new("extesntions/heartbeat", heartbeat()),
        )
        .finds(&["misplaced-layer-content"]),
        extended("an extension, 0644", extension("heartbeat").mode(0o644))
            .finds(&["not-executable"]),
        extended("an extension, 0744", extension("heartbeat").mode(0o744))
            .finds(&["not-executable"]),
        extended(
            "an extension for arm64",
            Entry::new("extensions/heartbeat", &arm64),
        )
        .finds(&["wrong-architecture"]),
        extended(
            "an extension that is no program",
            Entry::new("extensions/notes", b"text\n"),
        )
        .finds(&["not-an-executable"]),
        extended(
            "an extension one level too deep",
            Entry::new("heartbeat/extensions/heartbeat", heartbeat()).mode(0o644),
        )
        .finds(&["misplaced-layer-content"]),
        Case::new("ten extensions", &function()).layer(&extensions(10)),
        Case::new("eleven extensions", &function())
            .layer(&extensions(11))
            .finds(&["too-many-extensions"]),
        Case::new("eleven extensions in two layers", &function())
            .layer(&extensions(10))
            .layer(&Zip::of([extension("heartbeat")]))
            .finds(&["too-many-extensions"]),
        Case::new(
            "an extension in the function's own package",
            &Zip::of([bootstrap(), extension("heartbeat").mode(0o644)]),
        )
        .finds(&["unusable-helper"]),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets and the readers: run tests/run"]
fn layers_and_extensions() {
    prove(Section::Layers, cases());
}
