//! Ctrl-C stops Cargo and the packaging too, at once, and leaves nothing half-written.

use std::process::{Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use forge::elf::{Elf, Machine, noise};

use crate::support::project::Project;
use crate::support::run::wait_until;

fn signal(signal: &str, process: &str) -> ExitStatus {
    let mut kill = Command::new("/bin/sh");
    kill.args([
        "-c",
        "kill \"$1\" \"$2\" 2>/dev/null",
        "sh",
        signal,
        process,
    ]);
    kill.status().unwrap()
}

#[track_caller]
fn stops_on(name: &str) {
    let project = Project::package("orders", "").file("target/lambda-zip/x86_64/orders.zip", "old");
    project.stage().hold_compilers();
    let mut tool = project.command(&[]).start();
    wait_until("the compiler runs", || project.stage().is_compiling());

    signal(name, &tool.id().to_string());
    wait_until("the tool ends", || tool.try_wait().unwrap().is_some());
    let cargo = project.stage().build_process();
    wait_until("Cargo ends", || !signal("-0", &cargo).success());
    project.stage().let_compilers_go();

    let output = tool.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert_eq!(project.zips(), ["x86_64/orders.zip"]);
    assert_eq!(project.read("target/lambda-zip/x86_64/orders.zip"), b"old");
}

#[test]
fn an_interrupt_stops_cargo_and_writes_nothing() {
    stops_on("-INT");
}

#[test]
fn a_request_to_terminate_stops_cargo_and_writes_nothing() {
    stops_on("-TERM");
}

/// What takes the compressor half a minute of one processor: just not too large for memory.
fn hard_to_pack() -> Vec<u8> {
    noise(31 << 20).into_iter().map(|byte| byte & 3).collect()
}

/// Starts to pack what takes long, is signalled in the middle of it, and leaves the old zip, in
/// `folder`, alone.
#[track_caller]
fn stops_packing(project: &Project, args: &[&str], folder: &str, name: &str) {
    let before = project.files(folder);
    let args = [args, &["--compression", "best"]].concat();
    let mut tool = project.command(&args).start();
    let is_packing = || project.files(folder).len() > before.len();
    wait_until("a zip is being made", is_packing);
    // Past the reading and hashing, well into the compressing.
    sleep(Duration::from_secs(1));
    assert!(is_packing(), "the zip takes longer than that");

    signal(name, &tool.id().to_string());
    let signalled = Instant::now();
    wait_until("the tool ends", || tool.try_wait().unwrap().is_some());
    let elapsed = signalled.elapsed();
    assert!(elapsed < Duration::from_secs(2), "it took {elapsed:?}");
    let output = tool.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(output.stdout.is_empty());
    assert_eq!(project.files(folder), before, "nothing half-made is left");
}

#[test]
fn packaging_stops_in_the_middle_of_a_large_entry() {
    for name in ["-INT", "-TERM"] {
        let project = Project::package("orders", "");
        project.write("big", hard_to_pack());
        project.write("target/lambda-zip/x86_64/orders.zip", "old");
        let args = ["--include", "big"];
        stops_packing(&project, &args, "target/lambda-zip", name);
        assert_eq!(project.read("target/lambda-zip/x86_64/orders.zip"), b"old");
    }
}

#[test]
fn pack_stops_in_the_middle_of_a_large_program() {
    let project = Project::empty();
    let elf = Elf::static_pie(Machine::X86_64).payload(hard_to_pack());
    project.write("dist/handler", elf.bytes());
    stops_packing(&project, &["pack", "dist/handler"], "dist", "-INT");
}
