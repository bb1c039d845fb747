//! The programs that the packages of the corpus are made of.

use std::ffi::OsStr;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::zip::Entry;
use crate::architecture::Architecture::{self, X86_64};
use crate::parts::{output, program, repository};
use crate::shop::shop;
use crate::unpack::unpack;

/// The bootstrap that answers.
pub(super) fn orders() -> &'static [u8] {
    static ORDERS: LazyLock<Vec<u8>> = LazyLock::new(|| of_the_shop("orders", X86_64, "bootstrap"));
    &ORDERS
}

/// The shop's extension.
pub(super) fn heartbeat() -> &'static [u8] {
    static HEARTBEAT: LazyLock<Vec<u8>> =
        LazyLock::new(|| of_the_shop("heartbeat", X86_64, "extensions/heartbeat"));
    &HEARTBEAT
}

/// The executable that one of the shop's packages is for.
pub(super) fn of_the_shop(bin: &str, architecture: Architecture, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    unpack(shop().zip(bin, architecture), folder.path()).unwrap();
    fs_err::read(folder.path().join(name)).unwrap()
}

/// A package's only entry, if nothing is wrong with it.
pub(super) fn bootstrap() -> Entry {
    static BOOTSTRAP: LazyLock<Entry> = LazyLock::new(|| Entry::new("bootstrap", orders()));
    BOOTSTRAP.clone()
}

/// A file that the function has no use for.
pub(super) fn data_file() -> Entry {
    Entry::new("data.txt", b"some data\n").mode(0o644)
}

/// The file that the functions of the fixture `ready` read.
pub(super) fn greeting() -> Entry {
    Entry::new("greeting.txt", &ready("greeting.txt")).mode(0o644)
}

/// A file of the fixture for ready executables.
pub(super) fn ready(file: &str) -> Vec<u8> {
    fs_err::read(repository().join("fixtures/ready").join(file)).unwrap()
}

/// A folder in which something is compiled.
pub(super) struct Workshop(PathBuf);

impl Workshop {
    /// One of a test's own, empty.
    pub(super) fn new(name: &str) -> Self {
        let folder = repository().join("target/corpus").join(name);
        if folder.exists() {
            fs_err::remove_dir_all(&folder).unwrap();
        }
        fs_err::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(super) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }

    pub(super) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs_err::write(self.path(name), contents).unwrap();
    }

    pub(super) fn make_executable(&self, name: &str) {
        fs_err::set_permissions(self.path(name), Permissions::from_mode(0o755)).unwrap();
    }

    /// The function in C, as `compiler` makes it when it has `args` too.
    pub(super) fn function<A: AsRef<OsStr>>(
        &self,
        compiler: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Vec<u8> {
        let source = repository().join("fixtures/ready/function.c");
        let mut command = Command::new(program(compiler));
        command.arg("-O2").arg(source);
        self.link(command.args(args))
    }

    /// A static Rust program that prints its arguments, linked with `argument` too.
    pub(super) fn rust(&self, argument: &str) -> Vec<u8> {
        let text = "fn main() { println!(\"{:?}\", std::env::args()); }\n";
        self.write("main.rs", text);
        let mut command = Command::new(program("rustc"));
        let linker = ["-Clinker=rust-lld", "-Clinker-flavor=ld.lld", "main.rs"];
        command.args([
            "-O",
            "-Cstrip=symbols",
            "--target",
            "x86_64-unknown-linux-musl",
        ]);
        self.link(command.args(linker).arg(format!("-Clink-arg={argument}")))
    }

    /// A shared library.
    pub(super) fn library<A: AsRef<OsStr>>(
        &self,
        name: &str,
        source: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Vec<u8> {
        self.write("library.c", source);
        let mut command = Command::new(program("cc"));
        command
            .args(["-O2", "-shared", "-fPIC", "library.c"])
            .arg(format!("-Wl,-soname,{name}"));
        let library = self.link(command.args(args));
        self.write(name, &library);
        library
    }

    fn link(&self, command: &mut Command) -> Vec<u8> {
        output(command.args(["-o", "linked"]).current_dir(&self.0));
        fs_err::read(self.path("linked")).unwrap()
    }
}
