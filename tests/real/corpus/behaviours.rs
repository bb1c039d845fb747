//! Functions and extensions that behave well or badly: `invoke` says of each what AWS's emulator
//! says.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::invoked::{Invoked, prove};
use super::programs::{Workshop, greeting, ready};
use super::scripts::bash;
use super::zip::{DOS, Entry, Zip};
use crate::architecture::Architecture::{self, Arm64, X86_64};
use crate::parts::{output, program, repository};

/// The functions of the fixture by their behaviour.
const FUNCTIONS: [&str; 37] = [
    "echo",
    "exit 1 in init",
    "exit 0 in init",
    "abort in init",
    "panic in init",
    "kill in init",
    "init error",
    "exit 3",
    "exit 139",
    "exit 0",
    "segmentation fault",
    "terminated",
    "panic",
    "sleep",
    "sleep in init",
    "never ask",
    "text",
    "nothing",
    "7 MiB",
    "the most bytes",
    "one byte too many",
    "an error of text",
    "an error",
    "ask without answer",
    "another id",
    "tell of another id",
    "tell of a second answer",
    "tell of a huge answer",
    "tell of an unknown path",
    "answer and exit",
    "chunks",
    "flood",
    "folders",
    "an extension inside",
    "an extension inside for SHUTDOWN",
    "an extension too late",
    "an unknown extension",
];

/// The extensions of the fixture by their behaviour.
const EXTENSIONS: [&str; 11] = [
    "good",
    "exit 4 before it registers",
    "exit 0 before it registers",
    "exit 5 in init",
    "exit 6 in an invocation",
    "exit 6 after the answer",
    "init error",
    "exit error",
    "never register",
    "no end",
    "another event",
];

/// The program of the fixture `odd`.
fn odd(architecture: Architecture) -> Vec<u8> {
    let workshop = Workshop::new(&format!("odd-{architecture}"));
    output(
        Command::new(program("rustc"))
            .args(["--edition", "2024", "-O", "-C", "strip=symbols"])
            .args([
                "-C",
                "linker=rust-lld",
                "--target",
                architecture.musl_target(),
            ])
            .arg(repository().join("fixtures/odd/odd.rs"))
            .arg("-o")
            .arg(workshop.path("odd")),
    );
    fs_err::read(workshop.path("odd")).unwrap()
}

fn text(name: &str, text: &str) -> Entry {
    Entry::new(name, text.as_bytes()).mode(0o644)
}

fn function(odd: &[u8], behaviour: &str) -> Zip {
    Zip::of([Entry::new("bootstrap", odd), text("behaviour", behaviour)])
}

fn extension(odd: &[u8], name: &str, behaviour: &str) -> Zip {
    Zip::of([
        Entry::new(format!("extensions/{name}"), odd),
        text(&format!("{name}.behaviour"), behaviour),
    ])
}

fn packages(architecture: Architecture) -> Vec<Invoked> {
    let odd = odd(architecture);
    let twice: &[&str] = &["{\"order\":1}", "{\"order\":2}"];
    let functions = FUNCTIONS.map(|behaviour| {
        let slow = ["sleep", "never ask"].contains(&behaviour) || behaviour.ends_with("in init");
        let events = if slow { &twice[..1] } else { twice };
        Invoked::new(behaviour, &function(&odd, behaviour)).events(events)
    });
    let extensions = EXTENSIONS.map(|behaviour| {
        let name: &'static str = format!("an extension: {behaviour}").leak();
        let layer = extension(&odd, "odd", behaviour);
        // An extension that fails is to be faster than the function.
        Invoked::new(name, &function(&odd, "echo slowly")).layer(&layer)
    });
    let mut packages: Vec<Invoked> = functions.into_iter().chain(extensions).collect();
    let echo = function(&odd, "echo");
    let layers = function(&odd, "layers");
    let data = |contents: &str| Zip::of([text("data.txt", contents)]);
    let not_executable = extension(&odd, "odd", "good");
    let not_executable = Zip::of(
        not_executable
            .entries
            .into_iter()
            .map(|entry| entry.mode(0o644)),
    );
    let bootstrap = |entry: Entry| Zip::of([entry, text("behaviour", "echo")]);
    let eleven = (0..11).map(|nth| Entry::new(format!("extensions/e{nth:02}"), &odd));
    let registered = (0..11).map(|nth| text(&format!("e{nth:02}.behaviour"), "good"));
    packages.extend([
        Invoked::new("two extensions", &echo)
            .layer(&extension(&odd, "one", "good"))
            .layer(&extension(&odd, "two", "good"))
            .events(twice),
        Invoked::new("an extension that may not be executed", &echo).layer(&not_executable),
        Invoked::new("eleven extensions", &echo).layer(&Zip::of(eleven.chain(registered))),
        Invoked::new("a file of a layer", &layers).layer(&data("one")),
        Invoked::new("a file of two layers", &layers)
            .layer(&data("one"))
            .layer(&data("two")),
        Invoked::new(
            "a bootstrap in a layer",
            &Zip::of([text("behaviour", "echo")]),
        )
        .layer(&Zip::of([Entry::new("bootstrap", &odd)])),
        Invoked::new(
            "a bootstrap that may not be executed",
            &bootstrap(Entry::new("bootstrap", &odd).mode(0o644)),
        ),
        Invoked::new(
            "a bootstrap that only its owner may execute",
            &bootstrap(Entry::new("bootstrap", &odd).mode(0o744)),
        ),
        Invoked::new(
            "a bootstrap of DOS",
            &bootstrap(Entry::new("bootstrap", &odd).with(|entry| {
                entry.host = DOS;
                entry.attributes = 0;
            })),
        ),
        Invoked::new(
            "a bootstrap that is a link",
            &Zip::of([
                Entry::link("bootstrap", "bin/bootstrap"),
                Entry::new("bin/bootstrap", &odd),
                text("behaviour", "echo"),
            ]),
        ),
        Invoked::new(
            "a bootstrap that is empty",
            &bootstrap(Entry::new("bootstrap", b"")),
        ),
        Invoked::new(
            "a bootstrap of text",
            &bootstrap(Entry::new("bootstrap", b"echo\n")),
        ),
        Invoked::new(
            "a bootstrap for no machine of Lambda",
            &bootstrap({
                let mut riscv = odd.clone();
                riscv[18..20].copy_from_slice(&243_u16.to_le_bytes());
                Entry::new("bootstrap", &riscv)
            }),
        ),
        Invoked::new(
            "a script without its interpreter",
            &bootstrap(Entry::new("bootstrap", b"#!/nowhere/interpreter\n")),
        ),
    ]);
    if architecture == Architecture::OWN {
        let script = Zip::of([Entry::new("bootstrap", &ready("function.sh")), greeting()]);
        let [(file, place)] = bash();
        packages.extend([
            Invoked::new("a script", &script).mount(file, place),
            // Under QEMU, this would be a child of QEMU's.
            Invoked::new("a child that outlives it", &function(&odd, "a child")),
        ]);
    }
    packages
}

#[test]
#[ignore = "needs AWS's emulator, a static bash and the musl targets: run tests/run"]
fn invoke_says_what_the_emulator_says_on_x86_64() {
    prove(X86_64, &packages(X86_64));
}

#[test]
#[ignore = "needs AWS's emulator, a static bash, QEMU and the musl targets: run tests/run"]
fn invoke_says_what_the_emulator_says_on_arm64() {
    prove(Arm64, &packages(Arm64));
}

/// The descendants of a process that have not ended.
fn descendants(of: u32) -> Vec<u32> {
    let ps = output(Command::new("ps").args(["-A", "-o", "pid=,ppid=,stat="]));
    let text = String::from_utf8(ps).unwrap();
    let lines = text.lines().filter(|line| !line.contains('Z'));
    let processes: Vec<[u32; 2]> = lines
        .map(|line| {
            let mut fields = line.split_whitespace();
            [(); 2].map(|()| fields.next().unwrap().parse().unwrap())
        })
        .collect();
    let mut found = vec![of];
    let mut at = 0;
    while let Some(&parent) = found.get(at) {
        let children = processes.iter().filter(|[_, of]| *of == parent);
        found.extend(children.map(|[id, _]| id));
        at += 1;
    }
    found.split_off(1)
}

#[track_caller]
fn wait_until(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it does not happen"
        );
        sleep(Duration::from_millis(20));
    }
}

#[test]
#[ignore = "needs bubblewrap and the musl targets: run tests/run"]
fn a_sandbox_ends_with_a_tool_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("f.zip");
    fs_err::write(&zip, function(&odd(Architecture::OWN), "sleep").bytes()).unwrap();
    let mut tool = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"))
        .args(["lambda-zip", "invoke", "-q", "--timeout", "60"])
        .arg(&zip)
        .env("TMPDIR", folder.path())
        .spawn()
        .unwrap();
    let mut processes = Vec::new();
    // bubblewrap, the first process of the sandbox, its guard and the program.
    wait_until(|| {
        processes = descendants(tool.id());
        processes.len() == 4
    });
    tool.kill().unwrap();
    tool.wait().unwrap();
    let is_running = |id: &u32| {
        let stat = fs_err::read_to_string(format!("/proc/{id}/stat"));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    wait_until(|| !processes.iter().any(is_running));
}
