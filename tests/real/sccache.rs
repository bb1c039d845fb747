//! With sccache, what is compiled of a registry in one checkout is found from another.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fs_err as fs;
use serde_json::Value;
use tempfile::TempDir;

use crate::machine::Machine;
use crate::parts::{output, part, repository};

/// sccache with a store of its own, for as long as it lives.
struct Store {
    folder: TempDir,
    server: Child,
}

impl Store {
    fn start(machine: &Machine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Self::command_in(folder.path(), machine);
        command
            .env("SCCACHE_START_SERVER", "1")
            .env("SCCACHE_NO_DAEMON", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = command.spawn().unwrap();
        let store = Self { folder, server };
        let end = Instant::now() + Duration::from_secs(20);
        while !store.folder.path().join("socket").exists() {
            assert!(Instant::now() < end, "the server of sccache did not start");
            thread::sleep(Duration::from_millis(20));
        }
        store
    }

    fn command_in(folder: &Path, machine: &Machine) -> Command {
        let mut command = machine.command(part("sccache").join("bin/sccache"));
        Self::configure(&mut command, folder);
        command
    }

    fn configure(command: &mut Command, folder: &Path) {
        command
            .env("SCCACHE_DIR", folder.join("store"))
            .env("SCCACHE_SERVER_UDS", folder.join("socket"))
            .env("SCCACHE_IDLE_TIMEOUT", "0");
    }

    /// The numbers of crates that were found, and that were not.
    fn hits_and_misses(&self, machine: &Machine) -> (u64, u64) {
        let mut command = Self::command_in(self.folder.path(), machine);
        let printed = output(command.args(["--show-stats", "--stats-format", "json"]));
        let stats: Value = serde_json::from_slice(&printed).unwrap();
        let count = |name: &str| {
            let counts = stats["stats"][name]["counts"].as_object().unwrap();
            counts.values().filter_map(Value::as_u64).sum()
        };
        (count("cache_hits"), count("cache_misses"))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A checkout of a program with one dependency, which names its own source.
fn checkout() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    write(
        "Cargo.toml",
        "[package]\nname = \"traces\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nbytes = \"1\"\n[workspace]\n",
    );
    write(
        "src/main.rs",
        "fn main() {\n    let end = std::env::args().count();\n    \
         println!(\"{:?}\", bytes::Bytes::from_static(b\"1\").slice(..end));\n}\n",
    );
    // The version that the fixture has downloaded.
    let lockfile = repository().join("fixtures/traces/Cargo.lock");
    fs::copy(lockfile, folder.path().join("Cargo.lock")).unwrap();
    folder
}

/// The zip of the program.
fn build(machine: &Machine, checkout: &TempDir, args: &[&str], store: Option<&Store>) -> Vec<u8> {
    let zip = checkout.path().join("traces.zip");
    let mut tool = machine.command(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    tool.args(["lambda-zip", "--output"])
        .arg(&zip)
        .args(args)
        .current_dir(checkout.path());
    if let Some(store) = store {
        Store::configure(&mut tool, store.folder.path());
        tool.env("RUSTC_WRAPPER", part("sccache").join("bin/sccache"));
    }
    output(&mut tool);
    fs::read(zip).unwrap()
}

#[test]
#[ignore = "needs the musl targets and sccache: run tests/run"]
fn crates_of_a_registry_are_found_from_a_checkout_at_another_path() {
    let machine = Machine::with_rustup().without_installed_programs();
    for args in [&[][..], &["--reproducible", "--cpu", "lambda"]] {
        let store = Store::start(&machine);
        let zip = build(&machine, &checkout(), args, Some(&store));
        assert_eq!(store.hits_and_misses(&machine), (0, 1), "{args:?}");
        let other = build(&machine, &checkout(), args, Some(&store));
        assert_eq!(store.hits_and_misses(&machine), (1, 1), "{args:?}");
        if args.contains(&"--reproducible") {
            assert!(zip == other, "other bytes in another checkout");
            let alone = build(&machine, &checkout(), args, None);
            assert!(zip == alone, "other bytes with sccache");
        }
    }
}
