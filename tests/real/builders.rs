//! What rustup alone can build, and what the tool says where it cannot.

use serde_json::json;

use crate::architecture::Architecture;
use crate::machine::Machine;
use crate::native::{Run, answer, assert_plain_answers, lambda_zip};

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn pure_rust_takes_rustup_alone() {
    let machine = Machine::with_rustup().without_installed_programs();
    let run =
        Run::of(lambda_zip(&machine, "cargo").args(["-p", "plain", "--arch", "x86_64,arm64"]));

    run.assert_code(0);
    run.assert_says("Building with cargo: ");
    assert_plain_answers(&run);
}

#[test]
#[ignore = "needs rustup: run tests/run"]
fn c_without_a_compiler_for_it_is_traced_to_the_crate_before_anything_is_compiled() {
    let machine = Machine::with_rustup().without_installed_programs();
    for (package, path) in [
        ("hash", "hash v0.1.0 → ring v0.17."),
        (
            "ledger",
            "ledger v0.1.0 → rusqlite v0.42.0 → libsqlite3-sys v0.",
        ),
        ("bucket", "bucket v0.1.0 → "),
        ("entropy", "entropy v0.1.0"),
    ] {
        let run = Run::of(lambda_zip(&machine, "cargo").args(["-p", package, "--arch", "arm64"]));

        run.assert_code(3);
        run.assert_says(path);
        run.assert_says("cargo-zigbuild");
        assert_eq!(run.json()["archives"], json!([]), "{package}");
        assert!(!run.stderr.contains("Compiling"), "{}", run.stderr);
    }
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn variables_of_the_build_reach_the_compiler() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("build.env");
    fs_err::write(&file, "# for one build\nSTAMP='of the file'\n").unwrap();
    let machine = Machine::with_rustup();
    let stamped = |arguments: &[&str]| {
        let run = Run::of(
            lambda_zip(&machine, "cargo")
                .args(["-p", "plain", "--env-file"])
                .arg(&file)
                .args(arguments),
        );
        run.assert_code(0);
        let event = json!({"from": [0.0, 0.0], "to": [0.0, 1.0]});
        answer(&run.report(), "plain", Architecture::X86_64, &event)["stamp"].clone()
    };

    assert_eq!(stamped(&[]), "of the file");
    assert_eq!(stamped(&["--env", "STAMP=of the flag"]), "of the flag");
}

/// The same package as above: it is the machine that makes the difference.
#[test]
#[ignore = "needs zig and the musl targets: run tests/run"]
fn with_zig_installed_a_dry_run_shows_zigbuild() {
    let machine = Machine::with_rustup().without_installed_programs().zig();
    let run = Run::of(lambda_zip(&machine, "cargo").args(["-p", "hash", "--dry-run"]));

    run.assert_code(0);
    run.assert_says("Building with zigbuild: `ring v0.17.");
    assert!(
        run.stdout.contains("cargo-zigbuild zigbuild "),
        "{}",
        run.stdout
    );
}
