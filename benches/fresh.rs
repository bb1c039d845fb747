//! Recognising what is unchanged: what a run costs beside Cargo's part of it, which is taken away.
//! A stand-in for Cargo gives the answers that Cargo has given once.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be made should stop"
)]

use std::path::Path;
use std::process::Command;

use divan::Bencher;
use fs_err as fs;
use serde_json::{Value, json};
use support::{machine_code, succeed, tool};
use tempfile::TempDir;

mod support;

fn main() {
    divan::main();
}

const TARGET: &str = "x86_64-unknown-linux-musl";

/// Answers by a file named like the command.
const CARGO: &str = "#!/bin/sh\nexec cat \"${0%/*}/../answers/$1\"\n";

/// So many packages, each a program of 4 MB, none of which has changed.
// The stand-in is a shell script.
#[divan::bench(args = [1, 12], sample_count = 20, ignore = cfg!(windows))]
fn unchanged(bencher: Bencher<'_, '_>, binaries: usize) {
    let folder = workspace(binaries);
    let run = || lambda_zip(folder.path());
    succeed(run()); // writes the zips
    bencher.with_inputs(run).bench_values(succeed);
}

fn lambda_zip(folder: &Path) -> Command {
    // What is measured is not how hard the zips once were to write.
    let mut command = tool(folder, &["--compression", "fast"]);
    command.env("CARGO", folder.join("toolchain/bin/cargo"));
    command
}

fn workspace(binaries: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, data: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, data).unwrap();
    };
    let manifest = "[package]\nname = \"functions\"\nedition = \"2024\"\n[workspace]\n";
    write("Cargo.toml", manifest.as_bytes());
    // Any script may be a function: the code below is not run.
    let program = [b"#!/bin/sh\n", machine_code(4_000_000).as_slice()].concat();
    for binary in 0..binaries {
        write(&format!("src/bin/function-{binary}.rs"), b"fn main() {}");
        write(
            &format!("built/{TARGET}/lambda/function-{binary}"),
            &program,
        );
    }
    let metadata = metadata(folder.path());
    write(
        "toolchain/answers/metadata",
        metadata.to_string().as_bytes(),
    );
    let built = messages(&metadata, folder.path());
    write("toolchain/answers/build", built.as_bytes());
    write(
        &format!("toolchain/lib/rustlib/{TARGET}/lib/libstd.rlib"),
        b"",
    );
    write("toolchain/bin/cargo", CARGO.as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let cargo = folder.path().join("toolchain/bin/cargo");
        fs::set_permissions(cargo, PermissionsExt::from_mode(0o755)).unwrap();
    }
    folder
}

/// What Cargo says of the workspace, once it has made a lockfile.
fn metadata(folder: &Path) -> Value {
    let cargo = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        let output = command.args(args).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    cargo(&["generate-lockfile", "--offline"]);
    let metadata = cargo(&["metadata", "--format-version=1", "--no-deps"]);
    serde_json::from_slice(&metadata).unwrap()
}

/// What Cargo says of a build in which there was nothing to do.
fn messages(metadata: &Value, folder: &Path) -> String {
    let package = &metadata["packages"][0];
    let message = |target: &Value| {
        let name = target["name"].as_str().unwrap();
        let executable = folder.join("built").join(TARGET).join("lambda").join(name);
        let message = json!({
            "reason": "compiler-artifact",
            "package_id": package["id"],
            "manifest_path": package["manifest_path"],
            "target": target,
            "profile": {
                "opt_level": "3",
                "debuginfo": 0,
                "debug_assertions": false,
                "overflow_checks": false,
                "test": false,
            },
            "features": [],
            "filenames": [executable],
            "executable": executable,
            "fresh": true,
        });
        format!("{message}\n")
    };
    let targets = package["targets"].as_array().unwrap();
    targets.iter().map(message).collect()
}
