//! The tool for macOS, as far as it compiles without a Mac.

use std::process::Command;

use crate::parts::{output, part, path_with, repository};

#[test]
#[ignore = "needs the Apple targets and zig: run tests/run --platforms"]
fn the_tool_compiles_for_macos() {
    let bin = part("zig").join("bin");
    // Zig compiles the C of dependencies; linking needs Apple's SDK.
    output(
        Command::new(bin.join("cargo-zigbuild"))
            .args(["check", "--locked", "--quiet", "--lib", "--bins"])
            .args(["--target", "x86_64-apple-darwin"])
            .args(["--target", "aarch64-apple-darwin"])
            .arg("--target-dir")
            .arg(repository().join("target/platforms"))
            .env("PATH", path_with([bin]))
            .current_dir(repository()),
    );
}
