//! Programs that Cargo links with a C compiler, linked by the tool without one.

use std::path::Path;
use std::process::Command;

use fs_err as fs;

use crate::machine::Machine;
use crate::parts::output;

const MUSL: [&str; 2] = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];

/// A package `shop` with this build script and this program, built for both architectures.
#[track_caller]
fn builds(script: &str, program: &str, flags: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    let manifest =
        "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::create_dir(folder.path().join("src")).unwrap();
    write("Cargo.toml", manifest);
    write("build.rs", script);
    write("src/main.rs", program);
    let machine = Machine::with_rustup().without_installed_programs();
    let mut tool = machine.command(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    tool.args(["lambda-zip", "--arch", "x86_64,arm64"])
        .env("RUSTFLAGS", flags)
        .current_dir(folder.path());
    output(&mut tool);
    folder
}

/// The executable in the folder in which the tool has compiled.
fn executable(folder: &Path, target: &str) -> std::path::PathBuf {
    let folders = fs::read_dir(folder.join("target/.lambda-zip/workspaces")).unwrap();
    let mut paths = folders.map(|own| own.unwrap().path().join(target).join("lambda/shop"));
    let found = paths.find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("no executable for {target}"))
}

#[cfg(target_arch = "x86_64")]
#[track_caller]
fn prints(folder: &Path, text: &str) {
    let output = output(&mut Command::new(executable(folder, MUSL[0])));
    assert_eq!(String::from_utf8_lossy(&output), text);
}

#[test]
#[ignore = "needs rustup: run tests/run"]
fn arguments_of_build_scripts_are_those_of_a_c_compiler() {
    let script = r#"fn main() {
        for argument in [
            "-Wl,-rpath,$ORIGIN", "-rdynamic", "-pthread", "-static-pie", "-Wl,--gc-sections,-z,now",
            "-Xlinker", "--no-undefined",
        ] {
            println!("cargo:rustc-link-arg={argument}");
        }
    }"#;
    let program = "fn main() { println!(\"{}\", std::env::args().count()); }";
    let folder = builds(
        script,
        program,
        "-Clink-arg=-fuse-ld=mold -Clink-arg=-Wl,--as-needed",
    );
    for target in MUSL {
        executable(folder.path(), target);
    }
    prints(folder.path(), "1\n");
}

/// As libloading 0.8 does on Linux.
#[test]
#[ignore = "needs rustup: run tests/run"]
fn libraries_that_musl_has_in_its_libc_are_linked() {
    let script = r#"fn main() {
        for library in ["crypt", "dl", "gcc_eh", "gcc_s", "pthread", "resolv", "rt", "util", "xnet"] {
            println!("cargo:rustc-link-lib={library}");
        }
    }"#;
    let program = "#[link(name = \"m\")]\nunsafe extern \"C\" { fn cos(x: f64) -> f64; }\n\
                   fn main() { println!(\"{}\", unsafe { cos(0.0) }); }\n";
    let folder = builds(script, program, "");
    prints(folder.path(), "1\n");
}

/// So many arguments that rustc puts them into a file.
#[test]
#[ignore = "needs rustup: run tests/run"]
fn long_command_lines_are_linked_too() {
    let script = r#"fn main() {
        for at in 0..40_000 {
            println!("cargo:rustc-link-arg=-Wl,--defsym=a_name_that_is_long_{at}=0x{at:x}");
        }
        println!("cargo:rustc-link-lib=m");
    }"#;
    let folder = builds(script, "fn main() { println!(\"long\"); }", "");
    prints(folder.path(), "long\n");
}
