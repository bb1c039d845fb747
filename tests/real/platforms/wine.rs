//! The tool for Windows under wine: its zips and its verdicts are those of Linux.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use forge::{Elf, Machine};
use fs_err as fs;
use tempfile::TempDir;

use crate::parts::{output, program, repository};

const TOOL: &str = env!("CARGO_BIN_EXE_cargo-lambda-zip");
const TARGET: &str = "x86_64-pc-windows-gnu";

/// The tool for Windows, compiled once, beside the library that old versions of wine lack.
fn windows_tool() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let target_dir = repository().join("target/platforms");
        output(
            Command::new("cargo")
                .args([
                    "build",
                    "--quiet",
                    "--locked",
                    "--target",
                    TARGET,
                    "--target-dir",
                ])
                .arg(&target_dir)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .current_dir(repository()),
        );
        let folder = target_dir.join(TARGET).join("debug");
        let library = folder.join("bcryptprimitives.dll");
        output(
            Command::new("x86_64-w64-mingw32-gcc")
                .args(["-shared", "-o"])
                .arg(&library)
                .arg(repository().join("tests/real/platforms/bcryptprimitives.c"))
                .arg("-ladvapi32"),
        );
        // Tests are compiled into a folder of their own.
        fs::copy(library, folder.join("deps/bcryptprimitives.dll")).unwrap();
        folder.join("cargo-lambda-zip.exe")
    });
    &PROGRAM
}

fn wine() -> PathBuf {
    let debian = Path::new("/usr/lib/wine/wine64");
    if debian.is_file() {
        debian.to_owned()
    } else {
        program("wine64")
    }
}

/// A command that runs programs for Windows, or starts what runs them.
fn with_wine(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .env("WINEPREFIX", wine_prefix())
        .env("WINEDEBUG", "-all");
    command
}

/// The folder with what wine takes for Windows, made once: two programs that start at the same time
/// would both make it.
fn wine_prefix() -> &'static Path {
    static PREFIX: LazyLock<PathBuf> = LazyLock::new(|| {
        let prefix = repository().join("target/parts/wine-prefix");
        output(
            Command::new(wine())
                .args(["wineboot", "--update"])
                .env("WINEPREFIX", &prefix)
                .env("WINEDEBUG", "-all"),
        );
        prefix
    });
    &PREFIX
}

/// Runs the tool for Windows in `folder`.
fn windows(folder: &Path, args: &[impl AsRef<OsStr>]) -> Output {
    with_wine(wine())
        .arg(windows_tool())
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Runs the tool for Linux in `folder`.
fn linux(folder: &Path, args: &[impl AsRef<OsStr>]) -> Output {
    Command::new(TOOL)
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[track_caller]
fn succeeds(output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
}

/// Files for packages of every kind.
fn files() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = Elf::static_pie(Machine::X86_64).bytes();
    let long = format!("{}/end.txt", ["a-folder-with-a-long-name"; 13].join("/"));
    let files: [(&str, &[u8]); 12] = [
        ("handler", &program),
        ("conf/a.toml", b"a = 1\n"),
        ("conf/sub/b.toml", b"b = 2\r\n"),
        ("conf/sub/notes.bak", b"old"),
        ("Gr\u{fc}\u{df}e/\u{65e5}\u{672c} \u{1f680}.txt", b"letters"),
        ("certs/ca.pem.txt", b"certificate"),
        ("script", b"#!/bin/sh\nexec /bin/true\n"),
        ("tools/run.sh", b"#!/bin/sh\n"),
        ("tools/helper", &program),
        ("tools/data.bin", b"\x7fEL"),
        (&long, b"deep"),
        ("empty", b""),
    ];
    for (path, contents) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
    // Windows has no executable bits: contents tell. Here both say the same.
    for path in ["handler", "script", "tools/run.sh", "tools/helper"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.path().join(path), mode).unwrap();
    }
    folder
}

#[test]
#[ignore = "needs wine: run tests/run --platforms"]
fn the_tests_of_the_command_line_and_the_unit_tests_pass() {
    // The library that wine lacks is put beside it.
    windows_tool();
    let threads = std::thread::available_parallelism().unwrap();
    for (tests, least) in [(&["--test", "cli"][..], 190), (&["--lib"], 300)] {
        let said = output(
            with_wine("cargo")
                .args(["test", "--locked", "--target", TARGET, "--target-dir"])
                .arg(repository().join("target/platforms"))
                .args(tests)
                .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", wine())
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                // As few as there are processors: wine has one server for all programs.
                .env("RUST_TEST_THREADS", threads.to_string())
                .current_dir(repository()),
        );
        let said = String::from_utf8_lossy(&said);
        let (_, result) = said.rsplit_once("test result: ok. ").unwrap();
        let passed: usize = result.split(' ').next().unwrap().parse().unwrap();
        assert!(passed >= least, "{passed} tests of {tests:?}");
    }
}

#[test]
#[ignore = "needs wine: run tests/run --platforms"]
fn packages_are_the_same_bytes_as_on_linux() {
    let folder = files();
    let drive = format!("Z:{}", folder.path().join("conf").to_str().unwrap()).replace('/', "\\");
    let absolute = folder.path().join("conf");
    let (drive, absolute) = (
        format!("{drive}=conf"),
        format!("{}=conf", absolute.display()),
    );
    // The words on Linux, and those on Windows where they differ.
    let packages: [(&[&str], &[&str]); 11] = [
        (&["pack", "handler"], &[]),
        (&["pack", "script", "--arch", "arm64"], &[]),
        (&["pack", "handler", "conf"], &[]),
        (
            &["pack", "handler", "--include", "conf/sub/b.toml"],
            &["pack", "handler", "--include", r"conf\sub\b.toml"],
        ),
        (
            &["pack", "handler", "--include", "conf/sub=static"],
            &["pack", "handler", "--include", r"conf\sub=static"],
        ),
        (
            &["pack", "handler", "--include", &absolute],
            &["pack", "handler", "--include", &drive],
        ),
        (
            &[
                "pack",
                "handler",
                "--include",
                "conf/**",
                "--exclude-file",
                "*.bak",
            ],
            &[
                "pack",
                r".\handler",
                "--include",
                r"conf\**",
                "--exclude-file",
                "*.bak",
            ],
        ),
        (
            &[
                "pack",
                "handler",
                "--include",
                "tools",
                "--compression",
                "best",
            ],
            &[],
        ),
        (&["pack", "handler", "--include", "Gr\u{fc}\u{df}e"], &[]),
        (
            &[
                "pack",
                "handler",
                "--include",
                "a-folder-with-a-long-name",
                "--include",
                "empty",
            ],
            &[],
        ),
        (&["layer", "certs", "--include", "certs"], &[]),
    ];
    for (on_linux, on_windows) in packages {
        let on_windows = if on_windows.is_empty() {
            on_linux
        } else {
            on_windows
        };
        let output = |words: &[&str], zip: &str| {
            let words = words.iter().copied().chain(["--output", zip]);
            words.map(str::to_owned).collect::<Vec<_>>()
        };
        succeeds(&linux(folder.path(), &output(on_linux, "linux.zip")));
        succeeds(&windows(
            folder.path(),
            &output(on_windows, r".\windows.zip"),
        ));
        let [linux, windows] =
            ["linux.zip", "windows.zip"].map(|zip| fs::read(folder.path().join(zip)).unwrap());
        assert!(linux == windows, "{on_windows:?}");
    }
}

#[test]
#[ignore = "needs wine: run tests/run --platforms"]
fn verdicts_are_those_of_linux_with_a_manifest_of_windows() {
    let folder = files();
    let manifest = "[package]\r\nname = \"shop\"\r\n[package.metadata.lambda-zip]\r\n\
                    runtime = \"provided.al2\"\r\nlints = { deprecated-runtime = \"deny\" }\r\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    succeeds(&linux(
        folder.path(),
        &["pack", "handler", "conf", "-o", "f.zip"],
    ));
    let args = ["check", "f.zip", "--message-format", "json"];
    let (linux, windows) = (linux(folder.path(), &args), windows(folder.path(), &args));
    assert_eq!(linux.status.code(), windows.status.code());
    let findings = |output: &Output| {
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["archives"][0]["findings"].clone()
    };
    assert_eq!(findings(&linux), findings(&windows));
    assert_eq!(findings(&linux)[0]["lint"], "deprecated-runtime");
}

#[test]
#[ignore = "needs wine: run tests/run --platforms"]
fn names_differ_by_case_as_on_linux_and_devices_are_not_included() {
    let folder = files();
    let both = [
        "pack",
        "handler",
        "-o",
        "x.zip",
        "--include",
        "conf/a.toml=A.txt",
        "--include",
        "empty=a.txt",
    ];
    let (linux, windows_run) = (linux(folder.path(), &both), windows(folder.path(), &both));
    assert_eq!(linux.status.code(), windows_run.status.code());
    let said = String::from_utf8_lossy(&windows_run.stderr);
    assert!(said.contains("case"), "{said}");
    // The devices of Windows are no files: none is read, or waited for.
    for name in ["nul", "con", r"sub\aux"] {
        let include = ["pack", "handler", "-o", "y.zip", "--include", name];
        let output = windows(folder.path(), &include);
        assert_eq!(output.status.code(), Some(3), "{name}");
        assert!(!folder.path().join("y.zip").exists(), "{name}");
    }
}
