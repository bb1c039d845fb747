//! The steps of a case that the shell cannot do: programs and zips are forged, and the stand-in
//! compiler is told what to give.

use forge::elf::noise;
use forge::{Elf, Forged, Forgery, Machine};

use crate::support::project::Project;

/// Does one step:
///
/// ```text
/// package NAME                  a package of one function, in the project's folder
/// member NAME                   the same in crates/NAME
/// elf PATH PROGRAM              an executable
/// compiles PACKAGE/BIN PROGRAM  the compiler gives this executable
/// fails PACKAGE/BIN MESSAGE     the compiler gives this error
/// warns PACKAGE/BIN MESSAGE     … or this warning
/// zip PATH ENTRY…               a zip, with entries NAME[:MODE]=PROGRAM or NAME[:MODE]=text:TEXT,
///                               NAME/ for folders and NAME->TARGET for symbolic links
/// ```
///
/// A program is its architecture (x86_64, arm64 or riscv64) and after colons what else it is:
/// `dynamic`, `no-client`, `needs=LIBRARY`, `needs=LIBRARY@VERSION`, `loader=PATH`, `debug=BYTES`, `noise=BYTES`.
pub(super) fn apply(project: &Project, step: &str) {
    let (what, rest) = step.split_once(' ').expect("a step and its arguments");
    let (first, more) = rest.split_once(' ').unwrap_or((rest, ""));
    match what {
        "package" => package(project, "", first),
        "member" => package(project, &format!("crates/{first}/"), first),
        "elf" => {
            project.write(first, program(more).bytes());
            project.set_mode(first, 0o755);
        }
        "compiles" => project.prepare(first, &program(more)),
        "fails" => project.diagnostic(first, "error", more),
        "warns" => project.diagnostic(first, "warning", more),
        "zip" => project.write(first, Forgery::of(more.split(' ').map(entry)).bytes()),
        _ => panic!("no step is called `{what}`"),
    }
}

fn package(project: &Project, folder: &str, name: &str) {
    let manifest =
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    let path = format!("{folder}Cargo.toml");
    // A case may bring its own manifest.
    if !project.path(&path).exists() {
        project.write(&path, manifest);
    }
    project.write(&format!("{folder}src/main.rs"), "fn main() {}\n");
}

fn program(words: &str) -> Elf {
    let mut words = words.split(':');
    let machine = match words.next() {
        Some("x86_64") => Machine::X86_64,
        Some("arm64") => Machine::Aarch64,
        Some("riscv64") => Machine::Riscv64,
        other => panic!("no architecture: {other:?}"),
    };
    let bytes = |text: &str| text.parse().expect("a number of bytes");
    words.fold(Elf::static_pie(machine), |elf, word| {
        match word.split_once('=') {
            None if word == "dynamic" => Elf::dynamic(machine),
            None if word == "no-client" => elf.without_client(),
            Some(("loader", path)) => elf.interpreter(path),
            Some(("needs", library)) => match library.split_once('@') {
                Some((library, version)) => elf.needs(library, &[version]),
                None => elf.needs(library, &[]),
            },
            Some(("debug", size)) => elf.with_debug_info(bytes(size)),
            Some(("noise", size)) => elf.payload(noise(bytes(size))),
            _ => panic!("a program is not `{word}`"),
        }
    })
}

fn entry(words: &str) -> Forged {
    if let Some((name, target)) = words.split_once("->") {
        return Forged::link(name, target);
    }
    let Some((name, contents)) = words.split_once('=') else {
        return Forged::folder(words);
    };
    let (name, mode) = name.split_once(':').unwrap_or((name, "755"));
    let mode = u32::from_str_radix(mode, 8).expect("a mode");
    match contents.strip_prefix("text:") {
        Some(text) => Forged::file(name, mode, text),
        None => Forged::file(name, mode, program(contents).bytes()).deflated(),
    }
}
