//! Where the real parts are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// This repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A part that `tests/run` has installed in the repository.
pub(crate) fn part(name: &str) -> PathBuf {
    let link = repository().join("target/parts").join(name);
    fs_err::canonicalize(&link)
        .unwrap_or_else(|error| panic!("`{name}` is missing, run tests/run to install it: {error}"))
}

/// The variable PATH of this process, with `folders` first.
pub(crate) fn path_with(folders: impl IntoIterator<Item = PathBuf>) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.into_iter().chain(env::split_paths(&path))).unwrap()
}

/// A program of the system, by its full path.
pub(crate) fn program(name: &str) -> PathBuf {
    env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("`{name}` is not on PATH, run tests/run to install it"))
}

/// What `command` prints, provided that it succeeds.
pub(crate) fn output(command: &mut Command) -> Vec<u8> {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} did not start: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed, {}:\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output.stdout
}
