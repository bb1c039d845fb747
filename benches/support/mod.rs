//! The tool under measurement, which is run as users run it.

use std::path::Path;
use std::process::{Command, Stdio};

use fs_err as fs;

/// This tool's own executable.
pub(crate) const TOOL: &str = env!("CARGO_BIN_EXE_cargo-lambda-zip");

/// The tool in `folder`, with as little to say as possible.
pub(crate) fn tool(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(TOOL);
    command.args(args).arg("--quiet").current_dir(folder);
    command
}

/// Runs a command to its end, which has to be a good one: a mistake is quickly measured.
pub(crate) fn succeed(mut command: Command) {
    let status = command.stdin(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}

/// `size` bytes of a real program: this tool, over and over.
pub(crate) fn machine_code(size: usize) -> Vec<u8> {
    fs::read(TOOL)
        .unwrap()
        .into_iter()
        .cycle()
        .take(size)
        .collect()
}
