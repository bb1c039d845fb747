//! The stage a test plays on: real Cargo behind a wrapper that notes every call, and a compiler
//! that only copies prepared executables. Nothing is compiled and no network is touched, yet what
//! is selected, which profile holds and what counts as fresh are Cargo's own answers.

use std::env;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use forge::{Elf, Machine};
use fs_err as fs;
use tempfile::TempDir;

pub(crate) const X86_64: &str = "x86_64-unknown-linux-musl";
pub(crate) const AARCH64: &str = "aarch64-unknown-linux-musl";
pub(crate) const X86_64_GNU: &str = "x86_64-unknown-linux-gnu";

/// The words of one call, without the program's name.
pub(crate) type Call = Vec<String>;

pub(crate) struct Stage {
    folder: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let stage = Self {
            folder: TempDir::with_prefix("lambda-zip-").unwrap(),
        };
        for folder in ["bin", "home", "prepared"] {
            fs::create_dir(stage.path(folder)).unwrap();
        }
        #[cfg(unix)] // they are shell scripts
        {
            stage.install_tools();
            stage.install_targets();
        }
        stage.prepare(X86_64, &Elf::static_pie(Machine::X86_64));
        stage.prepare(AARCH64, &Elf::fixed(Machine::Aarch64));
        stage.prepare(X86_64_GNU, &Elf::dynamic(Machine::X86_64));
        stage
    }

    #[cfg(unix)]
    fn install_tools(&self) {
        // Linked, not copied: a file that was just written cannot be run while another thread,
        // starting its own child, still holds it open.
        for tool in ["cargo", "rustc", "rustup"] {
            let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/fake");
            symlink(fake.join(tool), self.path("bin").join(tool)).unwrap();
        }
    }

    /// A sysroot that has every target these tests build for, and the toolchain's own tools.
    #[cfg(unix)]
    fn install_targets(&self) {
        let rustlib = self.path("sysroot/lib/rustlib");
        fs::create_dir_all(&rustlib).unwrap();
        let real = real_cargo().parent().unwrap().join("../lib/rustlib");
        for entry in fs::read_dir(real).into_iter().flatten() {
            let entry = entry.unwrap();
            if entry.path().join("bin").is_dir() {
                symlink(entry.path(), rustlib.join(entry.file_name())).unwrap();
            }
        }
        for target in [X86_64, AARCH64, X86_64_GNU] {
            fs::create_dir_all(rustlib.join(target).join("lib")).unwrap();
        }
    }

    pub(crate) fn uninstall_target(&self, target: &str) {
        fs::remove_dir_all(self.path("sysroot/lib/rustlib").join(target)).unwrap();
    }

    pub(crate) fn make_rustup_fail(&self) {
        fs::write(self.path("rustup-fails"), "").unwrap();
    }

    /// What happens, as a shell script, between the end of a command of Cargo's and its end as the
    /// tool sees it.
    pub(crate) fn after(&self, command: &str, script: &str) {
        fs::write(self.path(&format!("after-{command}")), script).unwrap();
    }

    /// Makes every compiler wait, once started, until [`Stage::let_compilers_go`].
    pub(crate) fn hold_compilers(&self) {
        fs::write(self.path("hold"), "").unwrap();
    }

    /// Makes every compiler that waits ignore requests to terminate.
    pub(crate) fn make_compilers_stubborn(&self) {
        fs::write(self.path("stubborn"), "").unwrap();
    }

    pub(crate) fn let_compilers_go(&self) {
        fs::remove_file(self.path("hold")).unwrap();
    }

    pub(crate) fn is_compiling(&self) -> bool {
        self.path("held").exists()
    }

    /// The process of the compiler that waits.
    pub(crate) fn compiler_process(&self) -> String {
        let id = fs::read_to_string(self.path("held")).unwrap();
        id.trim().to_owned()
    }

    /// The process of the last `cargo build`.
    pub(crate) fn build_process(&self) -> String {
        let id = fs::read_to_string(self.path("build.pid")).unwrap();
        id.trim().to_owned()
    }

    /// Puts something for the stand-in compiler to give out: see `fake/rustc`.
    pub(crate) fn prepare(&self, name: &str, elf: &Elf) {
        self.prepare_bytes(name, &elf.bytes());
    }

    pub(crate) fn prepare_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.path("prepared").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Points a command at this stage, and away from the settings of whoever runs the tests.
    pub(crate) fn dress(&self, command: &mut Command) {
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            let foreign = ["CARGO", "RUST", "MAKEFLAGS", "MFLAGS", "CLICOLOR"];
            if foreign.iter().any(|prefix| name.starts_with(prefix))
                || ["NO_COLOR", "CI", "TF_BUILD"].contains(&&*name)
            {
                command.env_remove(&*name);
            }
        }
        let bin = self.path("bin");
        let mut path = vec![bin.clone()];
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        command
            .env("PATH", env::join_paths(path).unwrap())
            .env("STAGE", self.folder.path())
            .env("REAL_CARGO", real_cargo())
            .env("REAL_RUSTC", real_rustc())
            .env("CARGO", bin.join("cargo"))
            .env("RUSTC", bin.join("rustc"))
            .env("CARGO_HOME", self.path("home"));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn cargo_calls(&self) -> Vec<Call> {
        self.calls("cargo.log")
    }

    /// The calls that compiled something.
    pub(crate) fn rustc_calls(&self) -> Vec<Call> {
        self.calls("rustc.log")
    }

    pub(crate) fn rustup_calls(&self) -> Vec<Call> {
        self.calls("rustup.log")
    }

    fn calls(&self, log: &str) -> Vec<Call> {
        let log = fs::read_to_string(self.path(log)).unwrap_or_default();
        log.split_terminator('\u{1e}')
            .map(|call| call.split_terminator('\u{1f}').map(str::to_owned).collect())
            .collect()
    }
}

/// The toolchain's own Cargo: `cargo test` says which, and asking rustup's proxy would be slow.
fn real_cargo() -> PathBuf {
    env::var_os("CARGO")
        .unwrap_or_else(|| env!("CARGO").into())
        .into()
}

fn real_rustc() -> PathBuf {
    let beside = real_cargo().with_file_name("rustc");
    if beside.exists() {
        beside
    } else {
        "rustc".into()
    }
}
