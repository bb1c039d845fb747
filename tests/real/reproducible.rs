//! A zip is a function of what it contains: neither when nor where nor by whom
//! it was made changes a byte of it. Where the program was compiled is part of it,
//! unless `--reproducible` leaves that out.

use std::env;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::architecture::Architecture;
use crate::machine::cargo_home;
use crate::parts::{output, program, repository};
use crate::shop::{PACKAGED, Report, fixture, lambda_zip, lambda_zip_for, run, shop, target_dir};
use crate::unpack::unpack;

#[track_caller]
fn assert_same_bytes(report: &Report, bins: &[&str], architectures: &[Architecture]) {
    for &architecture in architectures {
        for bin in bins {
            let [expected, actual] = [shop(), report].map(|report| {
                let zip = report.zip(bin, architecture);
                fs_err::read(zip).unwrap()
            });
            assert!(expected == actual, "other bytes: {bin} for {architecture}");
        }
    }
}

#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn a_second_run_writes_the_same_bytes() {
    shop();
    let folder = tempfile::tempdir().unwrap();
    let mut again = lambda_zip(&fixture(), &target_dir());
    again
        .arg("--output")
        .arg(folder.path().join("{arch}/{bin}.zip"));
    assert_same_bytes(&run(&mut again), &PACKAGED, &Architecture::ALL);
}

/// All at once, as a build from nothing is the dearest thing that the tests do: another folder,
/// every source newer, and files that nobody else may read. It makes a function with a file, and an
/// extension, for one architecture.
#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn another_checkout_of_newer_files_under_another_umask_gives_the_same_bytes() {
    const BINS: [&str; 2] = ["invoice", "heartbeat"];
    shop();
    let folder = tempfile::tempdir().unwrap();
    let checkout = folder.path().join("elsewhere/shop");
    copy(&fixture(), &checkout);
    let own = Architecture::OWN;
    let mut command = lambda_zip_for(own.name(), &checkout, &checkout.join("target"));
    command.args(BINS.map(|bin| format!("--bin={bin}")));
    assert_same_bytes(&run(&mut under_umask_077(&command)), &BINS, &[own]);
}

/// Only a shell can change the umask of one process.
fn under_umask_077(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", r#"umask 077; exec "$0" "$@""#])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

/// Copies the sources of a checkout, without what was built of them. The copies
/// are as new as files can be.
fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let (from, name) = entry
            .map(|entry| (entry.path(), entry.file_name()))
            .unwrap();
        if from.is_file() {
            fs_err::copy(from, to.join(name)).unwrap();
        } else if name != "target" {
            copy(&from, &to.join(name));
        }
    }
}

/// A checkout and a Cargo home, both in a folder of their own.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        copy(
            &repository().join("fixtures/traces"),
            &place.path("checkout"),
        );
        // With what is downloaded already, and whatever says from where.
        fs_err::create_dir(place.path("home")).unwrap();
        for entry in fs_err::read_dir(cargo_home()).unwrap() {
            let entry = entry.unwrap();
            symlink(entry.path(), place.path("home").join(entry.file_name())).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A copy of the toolchain in use that has the source of the standard library, as it has for
    /// whoever works with rust-analyzer. That it is there is all that matters.
    fn toolchain_with_source(&self) -> PathBuf {
        let copy = self.path("toolchain");
        // Where it can be linked, it takes no time and no room.
        let copied = ["-al", "-a"].iter().any(|how| {
            let mut cp = Command::new("cp");
            let done = cp.arg(how).arg(toolchain()).arg(&copy).output().unwrap();
            done.status.success()
        });
        assert!(copied, "the toolchain could not be copied");
        for file in ["std/Cargo.toml", "std/src/lib.rs"] {
            let file = copy.join("lib/rustlib/src/rust/library").join(file);
            fs_err::create_dir_all(file.parent().unwrap()).unwrap();
            fs_err::write(file, "").unwrap();
        }
        copy
    }

    /// The zip of the program that is compiled here, and the program itself.
    fn build(&self, more: &[&str]) -> (Vec<u8>, Vec<u8>) {
        self.build_by(&toolchain(), more)
    }

    /// The same, by another toolchain than that in use.
    fn build_by(&self, toolchain: &Path, more: &[&str]) -> (Vec<u8>, Vec<u8>) {
        let programs = toolchain.join("bin");
        let mut path = programs.clone().into_os_string();
        path.push(":");
        path.push(env::var_os("PATH").unwrap());
        let zip = self.path("traces.zip");
        let compiler = format!("CC_{}", Architecture::OWN.musl_target().replace('-', "_"));
        output(
            Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"))
                .args(["lambda-zip", "--locked", "--builder", "cargo"])
                .args(["--arch", Architecture::OWN.name()])
                .arg("--output")
                .arg(&zip)
                .args(more)
                .current_dir(self.path("checkout"))
                .env("CARGO_HOME", self.path("home"))
                .env("CARGO", programs.join("cargo"))
                .env("PATH", path)
                // Of the toolchain that runs the tests: rustc would take itself to be that.
                .env_remove("LD_LIBRARY_PATH")
                .env(compiler, program("musl-gcc")),
        );
        let unpacked = self.path("unpacked");
        unpack(&zip, &unpacked).unwrap();
        let program = fs_err::read(unpacked.join("bootstrap")).unwrap();
        (fs_err::read(zip).unwrap(), program)
    }
}

/// The folder of the toolchain in use.
fn toolchain() -> PathBuf {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]));
    PathBuf::from(String::from_utf8(sysroot).unwrap().trim())
}

fn contains(bytes: &[u8], path: &Path) -> bool {
    let path = path.as_os_str().as_bytes();
    bytes.windows(path.len()).any(|window| window == path)
}

#[test]
#[ignore = "needs the musl targets and a C compiler for musl: run tests/run"]
fn two_checkouts_and_two_cargo_homes_give_the_same_bytes_where_that_is_asked_for() {
    let (here, there) = (Place::new(), Place::new());

    // Rust and C both have something to leave out.
    let (_, traces) = here.build(&[]);
    assert!(contains(&traces, &here.path("home")));
    assert!(contains(&traces, &here.path("checkout")));

    let (zip, program) = here.build(&["--reproducible"]);
    assert!(!contains(&program, here.folder.path()));
    assert!(there.build(&["--reproducible"]).0 == zip, "other bytes");

    // With its source, what is inlined from the standard library has the toolchain's path.
    let toolchain = there.toolchain_with_source();
    let (_, traces) = there.build_by(&toolchain, &[]);
    assert!(contains(&traces, &toolchain));
    let (with_source, _) = there.build_by(&toolchain, &["--reproducible"]);
    assert!(with_source == zip, "other bytes with the library's source");
}
