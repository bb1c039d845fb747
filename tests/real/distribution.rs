//! A distribution's Rust, without rustup: it has no standard library for Lambda, but
//! the source of it.

use crate::machine::Machine;
use crate::native::{Run, assert_plain_answers, lambda_zip};

#[test]
#[ignore = "needs Debian's Rust and zig: run tests/run"]
fn without_the_targets_library_the_error_names_the_toolchain_and_build_std() {
    let machine = Machine::with_debian_rust()
        .without_installed_programs()
        .zig();
    let run = Run::of(lambda_zip(&machine, "debian").args(["-p", "plain"]));

    run.assert_code(3);
    run.assert_says("`x86_64-unknown-linux-musl` is not installed in `/usr`");
    run.assert_says("--build-std");
    assert!(!run.stderr.contains("Compiling"), "{}", run.stderr);
}

#[test]
#[ignore = "needs Debian's Rust with its source, zig, AWS's emulator and QEMU: run tests/run"]
fn with_its_source_and_zig_the_library_is_built_too() {
    let machine = Machine::with_debian_rust().zig();
    let run = Run::of(lambda_zip(&machine, "debian").args([
        "-p",
        "plain",
        "--build-std",
        "--arch",
        "x86_64,arm64",
    ]));

    run.assert_code(0);
    assert_plain_answers(&run);
}
