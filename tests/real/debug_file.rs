//! Debug files, read by the tools that people use with backtraces.

use std::path::Path;
use std::process::Command;

use fs_err as fs;
use serde_json::Value;

use crate::machine::Machine;
use crate::parts::{output, program};
use crate::report;

/// The panic is in the third line.
const PROGRAM: &str = "#[unsafe(no_mangle)]
#[inline(never)]
pub extern \"C-unwind\" fn charge(count: usize) { assert!(count > 9, \"too few\") }
fn main() {
    println!(\"{:x}\", charge as *const () as usize);
    charge(std::env::args().count());
}
";

struct Packaged {
    folder: tempfile::TempDir,
    report: Value,
}

impl Packaged {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        write(
            "Cargo.toml",
            "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n",
        );
        write("src/main.rs", PROGRAM);
        let machine = Machine::with_rustup().without_installed_programs();
        let mut tool = machine.command(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
        tool.args(["lambda-zip", "--arch", "x86_64,arm64", "--debug-file"])
            .args(["--message-format", "json"])
            .current_dir(folder.path());
        let report = report::read(&output(&mut tool));
        Self { folder, report }
    }

    fn debug_file(&self, architecture: &str) -> &Value {
        let archives = self.report["archives"].as_array().unwrap();
        let archive = archives.iter().find(|a| a["architecture"] == architecture);
        &archive.unwrap()["debug_file"]
    }

    /// Unpacks the program into an empty folder.
    fn program(&self, architecture: &str) -> std::path::PathBuf {
        let folder = self.folder.path().join(architecture);
        let zip = format!("target/lambda-zip/shop-{architecture}.zip");
        output(
            Command::new(program("unzip"))
                .arg(self.folder.path().join(zip))
                .arg("-d")
                .arg(&folder),
        );
        folder.join("bootstrap")
    }
}

fn text(command: &mut Command) -> String {
    String::from_utf8_lossy(&output(command)).into_owned()
}

/// The functions and lines of the backtrace of a program that has panicked.
fn symbolised(run: &mut Command, debug_file: &str) -> String {
    let panicked = run.env("RUST_BACKTRACE", "full").output().unwrap();
    assert_eq!(panicked.status.code(), Some(101));
    let number = |text: &str| u64::from_str_radix(text.trim_start_matches("0x"), 16);
    let stdout = String::from_utf8_lossy(&panicked.stdout).into_owned();
    let here = number(stdout.trim()).unwrap();
    let symbols = text(Command::new(program("nm")).arg(debug_file));
    let symbol = symbols
        .lines()
        .find(|line| line.ends_with(" charge"))
        .unwrap();
    // The distance between addresses in the file and in memory.
    let slide = here - number(symbol.split(' ').next().unwrap()).unwrap();
    let stderr = String::from_utf8_lossy(&panicked.stderr).into_owned();
    assert!(!stderr.contains("main.rs:3\n"), "it is stripped: {stderr}");
    let words = stderr
        .split_whitespace()
        .filter(|word| word.starts_with("0x"));
    let addresses = words.map(|word| format!("{:#x}", number(word).unwrap() - slide - 1));
    let addresses: Vec<_> = addresses.collect();
    assert!(addresses.len() > 3, "{stderr}");
    text(
        Command::new(program("addr2line"))
            .args(["-f", "-e", debug_file])
            .args(addresses),
    )
}

#[test]
#[ignore = "needs rustup, binutils, gdb and qemu: run tests/run"]
fn backtraces_of_the_packaged_program_are_symbolised() {
    let packaged = Packaged::new();
    for (architecture, emulator) in [("x86_64", None), ("arm64", Some("qemu-aarch64-static"))] {
        let file = packaged.debug_file(architecture);
        let path = file["path"].as_str().unwrap();
        let bootstrap = packaged.program(architecture);
        let size = fs::metadata(&bootstrap).unwrap().len();
        assert!(size < 700_000 && size * 2 < file["bytes"].as_u64().unwrap());

        let mut run = match emulator {
            Some(emulator) => Command::new(program(emulator)),
            None => Command::new(&bootstrap),
        };
        run.args(emulator.map(|_| &bootstrap));
        let lines = symbolised(&mut run, path);
        let charge = lines
            .split_once("charge\n")
            .unwrap_or_else(|| panic!("{lines}"))
            .1;
        assert!(
            charge.lines().next().unwrap().contains("src/main.rs:3"),
            "{lines}"
        );

        accepted_by_readelf(
            &bootstrap,
            Path::new(path),
            file["build_id"].as_str().unwrap(),
        );
    }
}

/// Both have the build ID, and headers that readelf finds no fault with.
fn accepted_by_readelf(bootstrap: &Path, debug_file: &Path, build_id: &str) {
    assert_eq!(build_id.len(), 40);
    for file in [bootstrap, debug_file] {
        let mut readelf = Command::new(program("readelf"));
        let read = readelf
            .args(["--wide", "--all"])
            .arg(file)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&read.stderr).into_owned();
        assert!(read.status.success() && stderr.is_empty(), "{stderr}");
        let stdout = String::from_utf8_lossy(&read.stdout).into_owned();
        assert!(
            stdout.contains(&format!("Build ID: {build_id}")),
            "{stdout}"
        );
    }
    let link = text(
        Command::new(program("readelf"))
            .args(["--debug-dump=links"])
            .arg(bootstrap),
    );
    let name = debug_file.file_name().unwrap().to_str().unwrap();
    assert!(link.contains(name), "{link}");
    let crc32 = crc32fast::hash(&fs::read(debug_file).unwrap());
    assert!(link.contains(&format!("{crc32:#x}")), "{crc32:#x}: {link}");
}

#[test]
#[ignore = "needs rustup and gdb: run tests/run"]
fn gdb_finds_the_debug_file_beside_the_program() {
    let packaged = Packaged::new();
    let bootstrap = packaged.program("x86_64");
    let gdb = || {
        let mut gdb = Command::new(program("gdb"));
        gdb.args(["-nx", "-batch", "-ex", "info line charge"])
            .arg(&bootstrap);
        let shown = gdb.output().unwrap();
        let [stdout, stderr] =
            [shown.stdout, shown.stderr].map(|s| String::from_utf8_lossy(&s).into_owned());
        stdout + &stderr
    };
    assert!(!gdb().contains("main.rs"), "it is not there yet");
    let from = packaged.debug_file("x86_64")["path"]
        .as_str()
        .unwrap()
        .to_owned();
    let beside = bootstrap.with_file_name("shop-x86_64.debug");
    fs::copy(from, &beside).unwrap();
    let found = gdb();
    assert!(found.contains("main.rs\""), "{found}");
    // gdb compares the checksum.
    let mut other = fs::read(&beside).unwrap();
    *other.last_mut().unwrap() ^= 1;
    fs::write(&beside, other).unwrap();
    let found = gdb();
    assert!(
        found.contains("CRC mismatch") && !found.contains("main.rs\""),
        "{found}"
    );
}
