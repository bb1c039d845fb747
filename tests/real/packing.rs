//! The tool's `pack`, of what something else has made.

use std::path::Path;
use std::process::Command;

use crate::parts::output;

/// Runs `cargo lambda-zip pack` in `folder`.
pub(crate) fn pack(folder: &Path, args: &[&str]) {
    output(
        Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"))
            .args(["lambda-zip", "pack"])
            .args(args)
            .current_dir(folder),
    );
}
