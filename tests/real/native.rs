//! The fixture that compiles C, built and packaged by the tool on some machine.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::architecture::Architecture;
use crate::emulator::{Emulator, Package};
use crate::machine::Machine;
use crate::parts::{output, program, repository};
use crate::shop::Report;

/// Every function of the fixture.
pub(crate) const FUNCTIONS: [&str; 5] = ["bucket", "entropy", "hash", "ledger", "plain"];

/// What became of one run of the tool.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The tool's main job on the fixture.
///
/// What is compiled stays in a folder named `cache` for the next run of the tests;
/// runs with other compilers need another one, or each compiles everything anew.
pub(crate) fn lambda_zip(machine: &Machine, cache: &str) -> Command {
    let mut command = machine.command(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    command
        .arg("lambda-zip")
        .arg("--manifest-path")
        .arg(manifest())
        .arg("--target-dir")
        .arg(cache_dir(cache))
        .args(["--locked", "--verbose", "--message-format", "json"])
        .current_dir(repository());
    command
}

/// Has `krate` compiled anew by the next run with this cache.
pub(crate) fn forget(machine: &Machine, cache: &str, krate: &str) {
    let Some(build_dir) = build_dir(cache) else {
        // Cargo would make a folder of this path, and nothing is there to forget.
        return;
    };
    let mut cargo = machine.command(program("cargo"));
    cargo
        .args([
            "clean",
            "--locked",
            "--profile",
            "lambda",
            "--package",
            krate,
        ])
        .arg("--manifest-path")
        .arg(manifest())
        .arg("--target-dir")
        .arg(build_dir);
    for target in ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"] {
        cargo.args(["--target", target]);
    }
    output(&mut cargo);
}

/// All that the build scripts of `krate` have said in this cache.
pub(crate) fn said_by_build_scripts(cache: &str, on: Architecture, krate: &str) -> String {
    let target = format!("{}-unknown-linux-musl", machine_name(on));
    let build_dir = build_dir(cache).expect("the cache has a build");
    let scripts = build_dir.join(target).join("lambda/build");
    let folders = fs_err::read_dir(scripts).unwrap();
    let folders = folders.map(|folder| folder.unwrap());
    folders
        .filter(|folder| folder.file_name().to_string_lossy().starts_with(krate))
        .filter_map(|folder| fs_err::read_to_string(folder.path().join("output")).ok())
        .collect()
}

fn manifest() -> PathBuf {
    repository().join("fixtures/native/Cargo.toml")
}

fn cache_dir(cache: &str) -> PathBuf {
    repository().join("target/native").join(cache)
}

/// The folder that the tool compiles in, from the first build on.
fn build_dir(cache: &str) -> Option<PathBuf> {
    let folders = cache_dir(cache).join(".lambda-zip/workspaces");
    let mut entries = fs_err::read_dir(&folders).into_iter().flatten();
    let only = entries.next().map(|entry| entry.unwrap().path());
    assert!(entries.next().is_none(), "one workspace uses this cache");
    only
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command
            .output()
            .unwrap_or_else(|error| panic!("{command:?} did not start: {error}"));
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What it reports, as far as the tests need it of all packages.
    #[track_caller]
    pub(crate) fn report(&self) -> Report {
        self.read()
    }

    /// The whole report.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        self.read()
    }

    #[track_caller]
    fn read<T: for<'a> Deserialize<'a>>(&self) -> T {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    #[track_caller]
    pub(crate) fn assert_code(&self, code: i32) {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
    }

    #[track_caller]
    pub(crate) fn assert_says(&self, text: &str) {
        assert!(
            self.stderr.contains(text),
            "no {text:?} in\n{}",
            self.stderr
        );
    }
}

/// What a function of `report` answers, under AWS's emulator.
pub(crate) fn answer(report: &Report, bin: &str, on: Architecture, event: &Value) -> Value {
    Emulator::start(&Package::new(on, report.zip(bin, on)))
        .invoke(event)
        .unwrap_or_else(|failure| panic!("{bin} for {on}: {failure}"))
}

/// The name that Rust has for an architecture, and that every function answers.
pub(crate) fn machine_name(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::Arm64 => "aarch64",
    }
}

/// The package `plain` answers on both architectures.
pub(crate) fn assert_plain_answers(run: &Run) {
    let event = json!({"from": [1.0, 1.0], "to": [4.0, 5.0]});
    for on in Architecture::ALL {
        assert_eq!(
            answer(&run.report(), "plain", on, &event),
            json!({"distance": 5.0, "machine": machine_name(on)})
        );
    }
}
