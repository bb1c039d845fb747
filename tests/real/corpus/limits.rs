//! Lambda's limits, from one byte or layer below to one above.
//!
//! What Lambda answers was asked of LocalStack 4.14, whose answers are recorded from AWS.
//! It does not add layers to the code; and of a zip of just 50 MiB it says nothing,
//! although by AWS's words it is too large already.

use std::process::Command;

use super::judged::{Judged, check};
use super::programs::{Workshop, orders};
use super::table::{Row, Section};
use super::zip::{Entry, Zip};
use crate::architecture::Architecture;
use crate::shop::shop;

const ZIPPED: usize = 52_428_800;
const UNZIPPED: usize = 262_144_000;

const CREATED: &str = "created";
const TOO_LARGE: &str = "Unzipped size must be smaller than 262144000 bytes";
const TOO_LARGE_TOGETHER: &str =
    "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes.";
const ONLY_BY_S3: &str = "Zipped size must be smaller than 52428800 bytes";
const TOO_MANY_LAYERS: &str = "Cannot reference more than 5 layers.";

struct Limit {
    what: String,
    answer: &'static str,
    check: Command,
    lints: &'static [&'static str],
}

impl Limit {
    fn new(what: impl Into<String>, answer: &'static str, check: Command) -> Self {
        Self {
            what: what.into(),
            answer,
            check,
            lints: &[],
        }
    }

    fn finds(self, lints: &'static [&'static str]) -> Self {
        Self { lints, ..self }
    }

    fn prove(mut self) -> (Row, Option<String>) {
        let output = self.check.output().unwrap();
        let judged = Judged::of(&output);
        // From S3 Lambda takes it.
        let is_created = [CREATED, ONLY_BY_S3].contains(&self.answer);
        let wrong = (judged.is_accepted != is_created || !judged.lints().iter().eq(self.lints))
            .then(|| format!("{}: {}; {judged}", self.what, self.answer));
        let row = Row::new([self.what, self.answer.to_owned(), judged.to_string()]);
        (row, wrong)
    }
}

/// A zip whose contents are `size` bytes, nearly all of them zero.
fn unzipped(size: usize) -> Zip {
    let program = Entry::new("bootstrap", orders());
    let rest = vec![0; size - orders().len()];
    Zip::of([program, Entry::new("data", &rest).mode(0o644)])
}

/// A zip of `size` bytes.
fn zipped(size: usize) -> Zip {
    let with = |length: usize| {
        let data = Entry::stored("data", &vec![0; length]).mode(0o644);
        Zip::of([Entry::new("bootstrap", orders()), data])
    };
    with(size - with(0).bytes().len())
}

fn cases(workshop: &Workshop) -> Vec<Limit> {
    let write = |name: String, zip: &Zip| {
        workshop.write(&name, zip.bytes());
        workshop.path(name)
    };
    let mut limits = Vec::new();
    for (size, answer, lints) in [
        (ZIPPED - 1, CREATED, &[][..]),
        (ZIPPED, ONLY_BY_S3, &["zip-too-large"]),
        (ZIPPED + 1, ONLY_BY_S3, &["zip-too-large"]),
    ] {
        let zip = write(format!("zipped-{size}.zip"), &zipped(size));
        let mut command = check();
        command.arg(zip);
        let what = format!("a zip of {size} bytes");
        limits.push(Limit::new(what, answer, command).finds(lints));
    }
    for (size, answer, lints) in [
        (UNZIPPED - 1, CREATED, &[][..]),
        (UNZIPPED, TOO_LARGE, &["unzipped-too-large"]),
        (UNZIPPED + 1, TOO_LARGE, &["unzipped-too-large"]),
    ] {
        let zip = write(format!("unzipped-{size}.zip"), &unzipped(size));
        for kind in ["function", "layer"] {
            let mut command = check();
            command.args(["--kind", kind]).arg(&zip);
            let what = format!("a {kind} of {size} bytes unzipped");
            limits.push(Limit::new(what, answer, command).finds(lints));
        }
    }
    let code = 1 << 24;
    let zip = write("code.zip".to_owned(), &unzipped(code));
    for (size, answer, lints) in [
        (UNZIPPED - 1, CREATED, &[][..]),
        (UNZIPPED, TOO_LARGE_TOGETHER, &["unzipped-too-large"]),
        (UNZIPPED + 1, TOO_LARGE_TOGETHER, &["unzipped-too-large"]),
    ] {
        let mut by_size = check();
        by_size
            .arg("--layer")
            .arg((size - code).to_string())
            .arg(&zip);
        let what = format!("a function of {size} bytes unzipped, with its layer");
        limits.push(Limit::new(what, answer, by_size).finds(lints));

        let layer = write(format!("layer-{size}.zip"), &unzipped(size - code));
        let mut by_zip = check();
        by_zip.arg("--layer").arg(layer).arg(&zip);
        let what = format!("a function of {size} bytes unzipped, with its layer's zip");
        limits.push(Limit::new(what, answer, by_zip).finds(lints));
    }
    for (count, answer, lints) in [
        (4, CREATED, &[][..]),
        (5, CREATED, &[]),
        (6, TOO_MANY_LAYERS, &["too-many-layers"]),
    ] {
        let mut command = check();
        command.args(["--layer", "1000"].repeat(count)).arg(&zip);
        let what = format!("{count} layers");
        limits.push(Limit::new(what, answer, command).finds(lints));
    }
    limits
}

#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn limits() {
    let workshop = Workshop::new("limits");
    let limits = cases(&workshop).into_iter().map(Limit::prove);
    let (rows, wrong): (Vec<_>, Vec<_>) = limits.unzip();
    Section::Limits.keep(&rows);
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One of those that Lambda's API has, which calls `amd64` no member of the set
/// `[x86_64, arm64]`.
#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn the_architecture_is_that_of_the_program() {
    for architecture in Architecture::ALL {
        let output = check().arg(shop().zip("orders", architecture)).output();
        let judged = Judged::of(&output.unwrap());
        assert!(judged.is_accepted, "{judged}");
        assert_eq!(judged.architecture.as_deref(), Some(architecture.name()));
    }
}
