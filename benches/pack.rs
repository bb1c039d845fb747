//! From files to a zip: what each kind of entry costs.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be made should stop"
)]

use std::process::Command;

use divan::Bencher;
use divan::counter::BytesCount;
use fs_err as fs;
use support::{machine_code, succeed, tool};
use tempfile::TempDir;

mod support;

fn main() {
    divan::main();
}

const MIB: usize = 1024 * 1024;

/// A folder with a script to be the function and `files` to be packed beside it.
fn folder(files: &[(String, Vec<u8>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("handler"), "#!/bin/sh\n").unwrap();
    for (name, data) in files {
        let path = folder.path().join("files").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, data).unwrap();
    }
    folder
}

fn measure(bencher: Bencher<'_, '_>, files: &[(String, Vec<u8>)], compression: &str) {
    let folder = folder(files);
    let bytes: usize = files.iter().map(|(_, data)| data.len()).sum();
    let pack = || -> Command {
        let options = ["pack", "handler", "files", "--compression", compression];
        tool(folder.path(), &options)
    };
    bencher
        .counter(BytesCount::new(bytes))
        .with_inputs(pack)
        .bench_values(succeed);
}

/// A level of compression on a program, which is one entry and so one thread's work.
#[divan::bench(args = ["0", "1", "6", "9", "12"], sample_count = 10)]
fn program(bencher: Bencher<'_, '_>, compression: &str) {
    measure(
        bencher,
        &[("program".to_owned(), machine_code(4 * MIB))],
        compression,
    );
}

/// An entry that is not held in memory.
#[divan::bench(args = ["1", "default"], sample_count = 5)]
fn large_entry(bencher: Bencher<'_, '_>, compression: &str) {
    measure(
        bencher,
        &[("model".to_owned(), machine_code(96 * MIB))],
        compression,
    );
}

/// Files to be found, opened and listed, with little in them.
#[divan::bench(sample_count = 10)]
fn many_files(bencher: Bencher<'_, '_>) {
    let file = |number: usize| (format!("{}/{number}", number % 50), machine_code(1000));
    let files: Vec<_> = (0..5000).map(file).collect();
    measure(bencher, &files, "default");
}
