//! Throw-away projects without dependencies, for Cargo to read as it reads any other.

use std::path::{Path, PathBuf};
use std::process::Command;

use forge::Elf;
use fs_err as fs;

use super::cargo::{Call, Stage};
use super::report;
use super::run::{Outcome, Run};
use super::zip::Zip;

pub(crate) struct Project {
    stage: Stage,
}

/// Every project lives in a folder like this one, so that no test passes by luck of a plain path.
const FOLDER: &str = "Büro für Züge";

impl Project {
    pub(crate) fn empty() -> Self {
        let project = Self {
            stage: Stage::new(),
        };
        fs::create_dir(project.path("")).unwrap();
        project
    }

    /// One package with one binary of the same name. `more` is added to its manifest.
    pub(crate) fn package(name: &str, more: &str) -> Self {
        Self::empty().package_in("", name, more)
    }

    /// A virtual workspace; its members are the packages in `crates`.
    pub(crate) fn workspace(more: &str) -> Self {
        let manifest = format!("[workspace]\nresolver = \"2\"\nmembers = [\"crates/*\"]\n{more}");
        Self::empty().file("Cargo.toml", &manifest)
    }

    /// Adds a member to a workspace, with one binary of the same name.
    pub(crate) fn member(self, name: &str, more: &str) -> Self {
        self.package_in(&format!("crates/{name}/"), name, more)
    }

    fn package_in(self, folder: &str, name: &str, more: &str) -> Self {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n{more}"
        );
        self.file(&format!("{folder}Cargo.toml"), &manifest)
            .file(&format!("{folder}src/main.rs"), "fn main() {}\n")
    }

    /// A further binary of the package in `folder` (`""`, or `"crates/NAME/"`).
    pub(crate) fn bin(self, folder: &str, name: &str) -> Self {
        self.file(&format!("{folder}src/bin/{name}.rs"), "fn main() {}\n")
    }

    pub(crate) fn file(self, path: &str, contents: &str) -> Self {
        self.write(path, contents);
        self
    }

    /// Files whose contents are their own names.
    pub(crate) fn with(self, files: &[&str]) -> Self {
        files
            .iter()
            .fold(self, |project, file| project.file(file, file))
    }

    /// Leaves the package in `folder` without a binary.
    pub(crate) fn without_main(self, folder: &str) -> Self {
        fs::remove_file(self.path(folder).join("src/main.rs")).unwrap();
        self.file(&format!("{folder}src/lib.rs"), "")
    }

    /// The lockfile Cargo would write, for `--locked` and `--frozen`.
    pub(crate) fn locked(self, package: &str) -> Self {
        let lock =
            format!("version = 4\n\n[[package]]\nname = \"{package}\"\nversion = \"0.1.0\"\n");
        self.file("Cargo.lock", &lock)
    }

    /// What compiling `package/bin` gives, for whichever target.
    pub(crate) fn compiles_to(self, binary: &str, elf: &Elf) -> Self {
        self.prepare(binary, elf);
        self
    }

    pub(crate) fn compiles_to_bytes(self, binary: &str, bytes: &[u8]) -> Self {
        self.stage.prepare_bytes(&crate_path(binary), bytes);
        self
    }

    pub(crate) fn prepare(&self, binary: &str, elf: &Elf) {
        self.stage.prepare_bytes(&crate_path(binary), &elf.bytes());
    }

    /// A build script, written in shell, of the package `name` in `folder` (`""`, or
    /// `"crates/NAME/"`). It runs in that folder.
    #[cfg(unix)]
    pub(crate) fn build_script(self, folder: &str, name: &str, script: &str) -> Self {
        let program = format!("{name}/build-script-build");
        let script = format!("#!/bin/sh\n{script}");
        let project = self.file(&format!("{folder}build.rs"), "fn main() {}\n");
        let project = project.compiles_to_bytes(&program, script.as_bytes());
        let path = project.stage.path("prepared").join(crate_path(&program));
        set_mode(&path, 0o755);
        project
    }

    /// Compiling `package/bin` fails with this message.
    pub(crate) fn fails_with(self, binary: &str, message: &str) -> Self {
        self.diagnostic(binary, "error", message);
        self
    }

    pub(crate) fn warns_with(self, binary: &str, message: &str) -> Self {
        self.diagnostic(binary, "warning", message);
        self
    }

    /// What the compiler says of `package/bin`, of level `error` or `warning`.
    pub(crate) fn diagnostic(&self, binary: &str, level: &str, message: &str) {
        let diagnostic = serde_json::json!({
            "$message_type": "diagnostic",
            "message": message,
            "code": null,
            "level": level,
            "spans": [],
            "children": [],
            "rendered": format!("{level}: {message}\n\n"),
        });
        let name = format!("{}.{level}", crate_path(binary));
        self.stage
            .prepare_bytes(&name, format!("{diagnostic}\n").as_bytes());
    }

    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    /// Does nothing where files have no modes.
    pub(crate) fn set_mode(&self, path: &str, mode: u32) {
        set_mode(&self.path(path), mode);
    }

    /// A file that is large and takes no room.
    pub(crate) fn add_hole(&self, path: &str, bytes: u64) {
        self.write(path, "");
        let file = fs::File::options().write(true).open(self.path(path));
        file.unwrap().set_len(bytes).unwrap();
    }

    /// A pipe that nobody will ever write to.
    #[cfg(unix)]
    pub(crate) fn add_pipe(&self, path: &str) {
        let made = Command::new("mkfifo").arg(self.path(path)).status();
        assert!(made.unwrap().success());
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.stage.path(FOLDER).join(path)
    }

    /// A path in the folder in which the tool has compiled, such as `TRIPLE/lambda/orders`.
    #[track_caller]
    pub(crate) fn built(&self, path: &str) -> PathBuf {
        let folders = self.path("target/.lambda-zip/workspaces");
        let mut folders = fs::read_dir(folders).unwrap();
        let folder = folders.next().unwrap().unwrap();
        assert!(folders.next().is_none(), "one workspace, one folder");
        folder.path().join(path)
    }

    pub(crate) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Runs the tool in the project's folder, as `cargo lambda-zip ARGS` would.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.command(args).run()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Run<'_> {
        Run::new(self, &[&["lambda-zip"], args].concat())
    }

    /// Runs the tool for its JSON document.
    pub(crate) fn report(&self, args: &[&str]) -> serde_json::Value {
        let args = [&["--message-format", "json"], args].concat();
        self.run(&args).exits(0).json()
    }

    /// The report in a file, with paths relative to its folder.
    #[track_caller]
    pub(crate) fn report_in(&self, path: &str) -> serde_json::Value {
        report::read(&self.read(path))
    }

    /// The zips below `target/lambda-zip` that a dry run promises: quicker than a run, where only
    /// the choice is of interest.
    #[track_caller]
    pub(crate) fn plan(&self, args: &[&str]) -> Vec<String> {
        let outcome = self.run(&[&["--dry-run"], args].concat());
        outcome.exits(0);
        let lines = outcome.stdout.lines();
        let mut zips: Vec<String> = lines
            .filter_map(|line| line.split_once("target/lambda-zip/"))
            .map(|(_, zip)| zip.to_owned())
            .collect();
        zips.sort();
        zips
    }

    /// Every file below `target/lambda-zip`, finished or not.
    pub(crate) fn zips(&self) -> Vec<String> {
        self.files("target/lambda-zip")
    }

    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        collect_files(&self.path(folder), "", &mut files);
        files.sort();
        files
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    /// Reads a zip in the default place: `orders-x86_64.zip`.
    #[track_caller]
    pub(crate) fn zip(&self, name: &str) -> Zip {
        Zip::parse(&self.read(&format!("target/lambda-zip/{name}")))
    }

    /// How often a command of Cargo's was called so far.
    pub(crate) fn calls_of(&self, command: &str) -> usize {
        let calls = self.stage.cargo_calls();
        calls.iter().filter(|call| call[0] == command).count()
    }

    pub(crate) fn build_calls(&self) -> Vec<Call> {
        let mut calls = self.stage.cargo_calls();
        calls.retain(|call| call.first().is_some_and(|word| word == "build"));
        calls
    }

    /// The names of the crates that were compiled, in order.
    pub(crate) fn compiled(&self) -> Vec<String> {
        let calls = self.stage.rustc_calls();
        let mut crates: Vec<String> = calls.into_iter().map(|mut call| call.remove(1)).collect();
        crates.sort();
        crates.dedup();
        crates
    }

    /// The `-C` options that Cargo gave the compiler for a crate and a target, after every
    /// profile and setting had its say.
    pub(crate) fn codegen_options(&self, name: &str, target: &str) -> Vec<String> {
        let calls = self.stage.rustc_calls();
        let call = calls
            .iter()
            .rfind(|call| call[1] == name && call.iter().any(|word| word == target))
            .unwrap_or_else(|| panic!("{name} was not compiled for {target}: {calls:?}"));
        call.windows(2)
            .filter(|pair| pair[0] == "-C")
            .map(|pair| pair[1].clone())
            .collect()
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
    fs::set_permissions(path, mode).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn collect_files(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect_files(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push(name);
        }
    }
}

/// Where the stand-in compiler looks: `orders/order-events` → `orders/order_events`.
fn crate_path(binary: &str) -> String {
    let (package, bin) = binary.split_once('/').expect("package/bin");
    format!("{package}/{}", bin.replace('-', "_"))
}

/// A project of one package, `orders`, with one function.
pub(crate) fn orders() -> Project {
    Project::package("orders", "")
}

/// The same, built and packaged.
pub(crate) fn packaged() -> Project {
    let project = orders();
    project.run(&[]).exits(0);
    project
}
