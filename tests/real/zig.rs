//! With zig, packages that compile C are built and run, one beside another that does
//! not. Without it, the tool says which crate asks for a C compiler, and why.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::architecture::Architecture::{self, Arm64, X86_64};
use crate::machine::Machine;
use crate::native::{
    FUNCTIONS, Run, answer, forget, lambda_zip, machine_name, said_by_build_scripts,
};
use crate::shop::Report;

/// All functions, in one run on a machine with rustup and zig.
fn built() -> &'static (Run, Report) {
    static BUILT: LazyLock<(Run, Report)> = LazyLock::new(|| {
        let machine = Machine::with_rustup().zig();
        let run = Run::of(lambda_zip(&machine, "zigbuild").args(["--arch", "x86_64,arm64"]));
        run.assert_code(0);
        let report = run.report();
        (run, report)
    });
    &BUILT
}

#[track_caller]
fn assert_answer(bin: &str, on: Architecture, event: &Value, mut expected: Value) {
    expected["machine"] = machine_name(on).into();
    assert_eq!(answer(&built().1, bin, on, event), expected);
}

fn hash_is_the_one_of_the_standard(on: Architecture) {
    // FIPS 180-2, appendix B.1.
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_answer(
        "hash",
        on,
        &json!({"text": "abc"}),
        json!({"sha256": digest}),
    );
}

fn ledger_adds_up(on: Architecture) {
    let event = json!({"entries": [
        {"account": "rent", "cents": 90000},
        {"account": "beans", "cents": 1290},
        {"account": "rent", "cents": -500},
    ]});
    let balances = json!({"beans": 1290, "rent": 89500});
    assert_answer("ledger", on, &event, json!({"balances": balances}));
}

fn bucket_signs_as_documented(on: Architecture) {
    // Terms and key pair are those of an example in AWS's documentation of signed
    // links; the host is written another way, so the signature is one of its own.
    let event = json!({"bucket": "examplebucket", "key": "test.txt"});
    let answer = answer(&built().1, "bucket", on, &event);
    assert_eq!(answer["machine"], machine_name(on));
    let link = answer["link"].as_str().unwrap();
    for part in [
        "https://examplebucket.s3.us-east-1.amazonaws.com/test.txt?",
        "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request",
        "X-Amz-Date=20130524T000000Z",
        "X-Amz-Expires=86400",
        "X-Amz-Signature=",
    ] {
        assert!(link.contains(part), "no {part} in {link}");
    }
}

fn entropy_comes_from_the_kernel(report: &Report, on: Architecture) {
    let mut answer = answer(report, "entropy", on, &json!({"count": 2}));
    let numbers = answer.as_object_mut().unwrap().remove("numbers").unwrap();
    let numbers = numbers.as_array().unwrap();
    assert_eq!(numbers.len(), 2);
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(
        answer,
        json!({"source": "getrandom", "machine": machine_name(on)})
    );
}

fn plain_measures(on: Architecture) {
    let event = json!({"from": [0.0, 0.0], "to": [3.0, 4.0]});
    assert_answer("plain", on, &event, json!({"distance": 5.0}));
}

#[test]
#[ignore = "needs zig and the musl targets: run tests/run"]
fn one_run_takes_zig_for_all_as_one_of_them_compiles_c() {
    let (run, report) = built();
    run.assert_says("Building with zigbuild: ");
    run.assert_says("compiles C for ");

    let packaged: BTreeSet<(&str, &str)> = report
        .archives
        .iter()
        .map(|archive| (archive.bin.as_str(), archive.architecture.as_str()))
        .collect();
    let expected = FUNCTIONS
        .iter()
        .flat_map(|bin| Architecture::ALL.map(|on| (*bin, on.name())));
    assert_eq!(packaged, expected.collect());
}

/// C compilers have other names for CPUs than rustc, or none: what `cc` and
/// cargo-zigbuild would make of rustc's ends builds.
#[test]
#[ignore = "needs zig, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn a_cpu_is_for_rust_alone() {
    let machine = Machine::with_rustup().zig();
    // What an earlier run has compiled would not be shown.
    forget(&machine, "zigbuild", "entropy");
    let run = Run::of(
        lambda_zip(&machine, "zigbuild")
            .args(["-p", "entropy", "--cpu", "lambda", "--arch", "x86_64,arm64"])
            // The `cc` crate says what it runs.
            .args(["--env", "CC_ENABLE_DEBUG_OUTPUT=1"]),
    );
    run.assert_code(0);
    let mut crates = run
        .stderr
        .lines()
        .filter(|line| line.contains("--crate-name entropy "))
        .peekable();
    assert!(
        crates.peek().is_some(),
        "it is not compiled: {}",
        run.stderr
    );
    for compiler in crates {
        assert!(compiler.contains("/.lambda-zip/rustc/"), "{compiler}");
    }
    for on in Architecture::ALL {
        entropy_comes_from_the_kernel(&run.report(), on);

        let compilers = said_by_build_scripts("zigbuild", on, "entropy");
        let mut compilers = compilers
            .lines()
            .filter(|line| line.starts_with("running: ") && line.contains("zigcc"))
            .peekable();
        assert!(compilers.peek().is_some(), "no C compiler ran for {on}");
        for line in compilers {
            for named in ["neoverse", "x86-64-v3", "x86_64_v3"] {
                assert!(!line.contains(named), "{line}");
            }
        }
    }
}

#[test]
#[ignore = "needs zig, AWS's emulator and the musl targets: run tests/run"]
fn what_zig_compiled_answers_on_x86_64() {
    hash_is_the_one_of_the_standard(X86_64);
    ledger_adds_up(X86_64);
    bucket_signs_as_documented(X86_64);
    entropy_comes_from_the_kernel(&built().1, X86_64);
    plain_measures(X86_64);
}

#[test]
#[ignore = "needs zig, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn what_zig_compiled_answers_on_arm64() {
    hash_is_the_one_of_the_standard(Arm64);
    ledger_adds_up(Arm64);
    bucket_signs_as_documented(Arm64);
    entropy_comes_from_the_kernel(&built().1, Arm64);
    plain_measures(Arm64);
}
