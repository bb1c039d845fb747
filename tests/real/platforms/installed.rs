//! The tool that a wheel and `cargo install` bring does the main job.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use fs_err as fs;

use crate::parts::{output, part, path_with, program, repository};
use crate::shop::{PACKAGED, fixture, shop, target_dir};

const TOOL: &str = env!("CARGO_BIN_EXE_cargo-lambda-zip");

/// The target folder in which the tool is compiled once more. In that of the tests, the program that
/// they run would be replaced.
fn platforms_target_dir() -> PathBuf {
    repository().join("target/platforms")
}

/// Packages the shop with the tool in `bin`, as `cargo lambda-zip`, and compares its zips with those
/// of the tool that is tested.
fn does_the_main_job(bin: &Path) {
    let installed = bin.join("cargo-lambda-zip");
    assert!(installed.is_file(), "{} is missing", installed.display());
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("{bin}-{arch}.zip");
    output(
        Command::new("cargo")
            .args([
                "lambda-zip",
                "--arch",
                "x86_64,arm64",
                "--locked",
                "--manifest-path",
            ])
            .arg(fixture().join("Cargo.toml"))
            .arg("--target-dir")
            .arg(target_dir())
            .arg("--output")
            .arg(&template)
            .env("PATH", path_with([bin.to_owned()])),
    );
    let mut zips = BTreeMap::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_str().unwrap().to_owned();
        zips.insert(name, fs::read(entry.path()).unwrap());
    }
    for archive in &shop().archives {
        let name = format!("{}-{}.zip", archive.bin, archive.architecture);
        let zip = zips.remove(&name).unwrap_or_else(|| panic!("no {name}"));
        assert!(zip == fs::read(&archive.path).unwrap(), "{name} differs");
    }
    assert_eq!(shop().archives.len(), 2 * PACKAGED.len());
    assert!(zips.is_empty(), "{:?}", zips.keys());
}

#[test]
#[ignore = "needs maturin and the musl targets: run tests/run --platforms"]
fn the_wheel_does_the_main_job_in_an_empty_environment() {
    let folder = tempfile::tempdir().unwrap();
    let wheels = folder.path().join("wheels");
    output(
        Command::new(repository().join(".ci/wheel/build"))
            .arg(TOOL)
            .arg(&wheels)
            // The wheel stays on this machine, whose C library may be a newer one.
            .args(["--profile", "dev", "--compatibility", "linux"])
            .env("PATH", path_with([part("maturin").join("bin")]))
            .env("CARGO_TARGET_DIR", platforms_target_dir()),
    );
    let environment = folder.path().join("environment");
    output(
        Command::new(program("python3"))
            .args(["-m", "venv"])
            .arg(&environment),
    );
    let bin = environment.join("bin");
    output(
        Command::new(bin.join("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-index",
                "--find-links",
            ])
            .arg(&wheels)
            .arg("cargo-lambda-zip"),
    );
    does_the_main_job(&bin);
    let pages = environment.join("share/man/man1");
    for page in ["cargo-lambda-zip.1", "cargo-lambda-zip-pack.1"] {
        assert!(pages.join(page).is_file(), "{page} is missing");
    }
}

#[test]
#[ignore = "needs maturin and the musl targets: run tests/run --platforms"]
fn cargo_install_of_what_is_published_does_the_main_job() {
    let folder = tempfile::tempdir().unwrap();
    output(
        Command::new("cargo")
            .args([
                "package",
                "--quiet",
                "--locked",
                "--no-verify",
                "--allow-dirty",
            ])
            .arg("--target-dir")
            .arg(platforms_target_dir())
            .current_dir(repository()),
    );
    let name = concat!("cargo-lambda-zip-", env!("CARGO_PKG_VERSION"));
    output(
        Command::new("tar")
            .arg("-xzf")
            .arg(platforms_target_dir().join(format!("package/{name}.crate")))
            .arg("-C")
            .arg(folder.path()),
    );
    output(
        Command::new("cargo")
            .args(["install", "--quiet", "--locked", "--debug", "--path"])
            .arg(folder.path().join(name))
            .arg("--root")
            .arg(folder.path())
            .env("CARGO_TARGET_DIR", platforms_target_dir()),
    );
    does_the_main_job(&folder.path().join("bin"));
}
