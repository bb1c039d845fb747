//! The fixture workspace, built and packaged by the tool.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::architecture::Architecture;
use crate::parts::{output, repository};
use crate::report;

/// Every binary of the shop that goes to Lambda.
pub(crate) const PACKAGED: [&str; 4] = ["heartbeat", "invoice", "orders", "refund"];

/// What the tool says of a run, as far as the tests look.
#[derive(Deserialize)]
pub(crate) struct Report {
    pub(crate) archives: Vec<Archive>,
}

#[derive(Deserialize)]
pub(crate) struct Archive {
    pub(crate) bin: String,
    /// What it is deployed as.
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) architecture: String,
    pub(crate) path: PathBuf,
    pub(crate) code_sha256: String,
    pub(crate) direct_upload: bool,
    pub(crate) layers: Vec<TakenLayer>,
}

/// A layer that a function takes.
#[derive(Deserialize)]
pub(crate) struct TakenLayer {
    /// Its name, if the workspace makes it.
    pub(crate) name: Option<String>,
    pub(crate) path: PathBuf,
}

impl Report {
    /// The zip of one binary for one architecture.
    pub(crate) fn zip(&self, bin: &str, architecture: Architecture) -> &Path {
        let mut found = self
            .archives
            .iter()
            .filter(|archive| archive.bin == bin && archive.architecture == architecture.name());
        let archive = found
            .next()
            .unwrap_or_else(|| panic!("no zip of {bin} for {architecture}"));
        assert!(
            found.next().is_none(),
            "two zips of {bin} for {architecture}"
        );
        &archive.path
    }
}

/// The shop as the README packages it: once for all tests of this process, and
/// if that fails, only once too.
pub(crate) fn shop() -> &'static Report {
    static SHOP: LazyLock<Report> = LazyLock::new(|| {
        // Zips of an earlier run must not pass for this one's.
        let zips = target_dir().join("lambda-zip");
        if zips.exists() {
            fs_err::remove_dir_all(zips).unwrap();
        }
        run(&mut lambda_zip(&fixture(), &target_dir()))
    });
    &SHOP
}

pub(crate) fn fixture() -> PathBuf {
    repository().join("fixtures/shop")
}

/// Where the shop is built: in the repository's own target folder, so that the
/// next run of the tests finds its dependencies compiled.
pub(crate) fn target_dir() -> PathBuf {
    repository().join("target/shop")
}

/// The tool's main job on a checkout of the shop, for all architectures.
pub(crate) fn lambda_zip(checkout: &Path, target_dir: &Path) -> Command {
    lambda_zip_for("x86_64,arm64", checkout, target_dir)
}

/// The same for these architectures.
pub(crate) fn lambda_zip_for(architectures: &str, checkout: &Path, target_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    command
        .arg("lambda-zip")
        .arg("--manifest-path")
        .arg(checkout.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir)
        .args([
            "--arch",
            architectures,
            "--locked",
            "--message-format",
            "json",
        ])
        .current_dir(repository());
    command
}

/// Runs the tool and reads its report.
pub(crate) fn run(command: &mut Command) -> Report {
    let json = output(command);
    serde_json::from_value(report::read(&json)).unwrap()
}
