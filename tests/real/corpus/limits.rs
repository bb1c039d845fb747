//! Lambda's limits, from one byte or layer below to one above, as LocalStack has them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::judged::{Judged, check};
use super::limit::Limit;
use super::programs::{Workshop, orders};
use super::table::{Row, Section};
use super::zip::{Entry, Zip};
use crate::architecture::Architecture::{self, Arm64, X86_64};
use crate::localstack::{Answer, Function, LocalStack, in_words, upload};
use crate::shop::shop;

const ZIPPED: usize = 52_428_800;
const UNZIPPED: usize = 262_144_000;
const LAYERS: usize = 5;

/// From one below to one above.
fn around(limit: usize) -> [usize; 3] {
    [limit - 1, limit, limit + 1]
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

/// `check` of a function, or of another kind of package.
fn checks(zip: &Path, args: &[&str]) -> Command {
    let mut command = check();
    command.args(args).arg(zip);
    command
}

/// Where packages are made, and who is asked about them.
struct Desk {
    workshop: Workshop,
    localstack: LocalStack,
}

impl Desk {
    fn write(&self, name: &str, zip: &Zip) -> PathBuf {
        self.workshop.write(name, zip.bytes());
        self.workshop.path(name)
    }

    fn create(&mut self, code: Value, layers: &[Value]) -> Answer {
        self.localstack.create_function(&Function {
            code,
            architectures: &[X86_64.name()],
            layers,
        })
    }

    /// A layer that is published, and what it is known by.
    fn layer(&mut self, zip: &Path) -> Value {
        let layer = self.localstack.publish_layer(zip, X86_64.name());
        layer.unwrap()["LayerVersionArn"].take()
    }

    fn zips(&mut self) -> Vec<Limit> {
        let mut limits = Vec::new();
        for size in around(ZIPPED) {
            let is_beyond = size >= ZIPPED;
            let zip = self.write("zipped.zip", &zipped(size));
            let answer = self.create(upload(&zip), &[]);
            let what = format!("a zip of {size} bytes, uploaded");
            limits.push(
                Limit::new(what, answer, &mut checks(&zip, &[]))
                    .finds("zip-too-large", is_beyond)
                    .against_warnings()
                    .overlooked(
                        "by LocalStack's words for one byte more, this is too large already",
                        size == ZIPPED,
                    ),
            );
            let code = self.localstack.put_into_s3(&zip);
            let answer = self.create(code, &[]);
            let what = format!("a zip of {size} bytes, from S3");
            limits.push(
                Limit::new(what, answer, &mut checks(&zip, &[])).finds("zip-too-large", is_beyond),
            );
        }
        limits
    }

    fn contents(&mut self) -> Vec<Limit> {
        let mut limits = Vec::new();
        for size in around(UNZIPPED) {
            let zip = self.write("unzipped.zip", &unzipped(size));
            let function = self.create(upload(&zip), &[]);
            let layer = self.localstack.publish_layer(&zip, X86_64.name());
            for (kind, answer) in [("function", function), ("layer", layer)] {
                let what = format!("a {kind} of {size} bytes unzipped");
                limits.push(
                    Limit::new(what, answer, &mut checks(&zip, &["--kind", kind]))
                        .finds("unzipped-too-large", size >= UNZIPPED),
                );
            }
        }
        limits
    }

    fn contents_with_layers(&mut self) -> Vec<Limit> {
        let code = 1 << 24;
        let zip = self.write("code.zip", &unzipped(code));
        let mut limits = Vec::new();
        for size in around(UNZIPPED) {
            let layer = self.write("layer.zip", &unzipped(size - code));
            let bytes = (size - code).to_string();
            for (how, layer_to_check) in [
                ("its layer", &*bytes),
                ("its layer's zip", layer.to_str().unwrap()),
            ] {
                let version = self.layer(&layer);
                let answer = self.create(upload(&zip), &[version]);
                let what = format!("a function of {size} bytes unzipped, with {how}");
                limits.push(
                    Limit::new(
                        what,
                        answer,
                        &mut checks(&zip, &["--layer", layer_to_check]),
                    )
                    .finds("unzipped-too-large", size >= UNZIPPED)
                    .overlooked(
                        "LocalStack does not add layers to the code",
                        size >= UNZIPPED,
                    ),
                );
            }
        }
        limits
    }

    fn layers(&mut self) -> Vec<Limit> {
        let zip = self.write(
            "function.zip",
            &Zip::of([Entry::new("bootstrap", orders())]),
        );
        let layer = Zip::of([Entry::new("data", b"data").mode(0o644)]);
        let mut limits = Vec::new();
        for count in around(LAYERS) {
            // One zip twice is one layer twice.
            let names = (0..count).map(|nth| format!("small-{nth}.zip"));
            let layers: Vec<_> = names.map(|name| self.write(&name, &layer)).collect();
            let versions: Vec<Value> = layers.iter().map(|layer| self.layer(layer)).collect();
            let answer = self.create(upload(&zip), &versions);
            let args = layers.iter().map(|layer| layer.to_str().unwrap());
            let args: Vec<&str> = args.flat_map(|layer| ["--layer", layer]).collect();
            limits.push(
                Limit::new(format!("{count} layers"), answer, &mut checks(&zip, &args))
                    .finds("too-many-layers", count > LAYERS),
            );
        }
        limits
    }
}

#[test]
#[ignore = "needs LocalStack and the musl targets: run tests/run"]
fn limits() {
    let mut desk = Desk {
        workshop: Workshop::new("limits"),
        localstack: LocalStack::start(),
    };
    let groups = [
        Desk::zips,
        Desk::contents,
        Desk::contents_with_layers,
        Desk::layers,
    ];
    let (rows, wrong): (Vec<_>, Vec<_>) = groups
        .iter()
        .flat_map(|group| group(&mut desk))
        .map(Limit::prove)
        .unzip();
    Section::Limits.keep(&rows);
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A package for what is called an architecture, and whether the tool and LocalStack
/// agree that it is one.
fn prove_name(localstack: &mut LocalStack, name: &str, program: Architecture) -> (Row, bool) {
    let zip = shop().zip("orders", program);
    let answer = localstack.create_function(&Function {
        code: upload(zip),
        architectures: &name.split(',').collect::<Vec<_>>(),
        layers: &[],
    });
    let output = checks(zip, &["--arch", name]).output().unwrap();
    // What is no architecture at all is wrong usage.
    let named = (output.status.code() != Some(2)).then(|| {
        let judged = Judged::of(&output);
        assert!(judged.is_accepted, "{judged}");
        judged.architecture.unwrap()
    });
    let agree = answer.is_ok() == (named.as_deref() == Some(name));
    let verdict = match named {
        Some(named) => format!("accepted, for `{named}`"),
        None => "knows no such architecture".to_owned(),
    };
    let row = Row::new([format!("`{name}`"), in_words(&answer), verdict]);
    (row, agree)
}

/// What Lambda does not call an architecture, `check` reports under no such name: it
/// says what Lambda calls it.
#[test]
#[ignore = "needs LocalStack and the musl targets: run tests/run"]
fn architectures() {
    let mut localstack = LocalStack::start();
    let (rows, agree): (Vec<_>, Vec<_>) = [
        ("x86_64", X86_64),
        ("arm64", Arm64),
        ("amd64", X86_64),
        ("aarch64", Arm64),
        ("x86_64,arm64", X86_64),
    ]
    .map(|(name, program)| prove_name(&mut localstack, name, program))
    .into_iter()
    .unzip();
    Section::Architectures.keep(&rows);
    assert!(agree.iter().all(|&agree| agree), "{agree:?}");
}

/// Even if it is not told.
#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn the_architecture_is_that_of_the_program() {
    for architecture in Architecture::ALL {
        let output = checks(shop().zip("orders", architecture), &[]).output();
        let judged = Judged::of(&output.unwrap());
        assert!(judged.is_accepted, "{judged}");
        assert_eq!(judged.architecture.as_deref(), Some(architecture.name()));
    }
}
