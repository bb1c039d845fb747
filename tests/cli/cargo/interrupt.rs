//! Signals to the tool end Cargo, all that Cargo has started, and the packaging, and leave nothing
//! half-written.

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

/// True if a process has not ended; a zombie has.
fn runs(process: &str) -> bool {
    let ps = Command::new("ps")
        .args(["-o", "stat=", "-p", process])
        .output();
    let state = ps.unwrap().stdout;
    !state.is_empty() && !state.starts_with(b"Z")
}

/// Signals the tool alone while a compiler runs: both Cargo and the compiler end before the tool.
#[track_caller]
fn stops_on(name: &str, code: i32, project: &Project) {
    project.write("target/lambda-zip/orders-x86_64.zip", "old");
    project.stage().hold_compilers();
    let mut tool = project.command(&[]).start();
    wait_until("the compiler runs", || project.stage().is_compiling());
    let compiler = project.stage().compiler_process();
    let cargo = project.stage().build_process();
    assert!(runs(&compiler) && runs(&cargo));

    signal(name, &tool.id().to_string());
    wait_until("the tool ends", || tool.try_wait().unwrap().is_some());
    assert!(!runs(&compiler), "the compiler is left");
    assert!(!runs(&cargo), "Cargo is left");
    project.stage().let_compilers_go();

    let output = tool.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{name}");
    assert!(output.stdout.is_empty());
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
    assert_eq!(project.read("target/lambda-zip/orders-x86_64.zip"), b"old");
}

#[test]
fn a_signal_ends_everything_that_was_started_and_has_its_own_exit_code() {
    for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        stops_on(name, code, &Project::package("orders", ""));
    }
}

#[test]
fn a_compiler_that_ignores_the_request_is_killed() {
    let project = Project::package("orders", "");
    project.stage().make_compilers_stubborn();
    stops_on("-TERM", 143, &project);
}

#[test]
fn a_signal_ends_the_tool_while_it_plans() {
    for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let project = Project::package("orders", "");
        let script = "echo $$ >\"$STAGE/asked.new\"; mv \"$STAGE/asked.new\" \"$STAGE/asked\"; \
                      while :; do sleep 0.05; done";
        project.stage().after("metadata", script);
        let mut tool = project.command(&[]).start();
        let asked = project.stage().path("asked");
        wait_until("Cargo is asked", || asked.exists());
        signal(name, &tool.id().to_string());
        wait_until("the tool ends", || tool.try_wait().unwrap().is_some());
        let cargo = fs_err::read_to_string(asked).unwrap();
        assert!(!runs(cargo.trim()), "Cargo is left");
        assert_eq!(tool.wait().unwrap().code(), Some(code), "{name}");
    }
}

/// As `nohup` asks for.
#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let project = Project::package("orders", "");
    project.stage().hold_compilers();
    let mut tool = project.command(&[]).ignoring("HUP").start();
    wait_until("the compiler runs", || project.stage().is_compiling());
    signal("-HUP", &tool.id().to_string());
    sleep(Duration::from_millis(200));
    assert!(tool.try_wait().unwrap().is_none());
    project.stage().let_compilers_go();
    assert_eq!(tool.wait().unwrap().code(), Some(0));
}

/// What takes the compressor half a minute of one processor: just not too large for memory.
fn hard_to_pack() -> Vec<u8> {
    noise(31 << 20).into_iter().map(|byte| byte & 3).collect()
}

/// Starts to pack what takes long, is signalled in the middle of it, and leaves the old zip, in
/// `folder`, alone.
#[track_caller]
fn stops_packing(project: &Project, args: &[&str], folder: &str, name: &str, code: i32) {
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
    assert_eq!(output.status.code(), Some(code));
    assert!(output.stdout.is_empty());
    assert_eq!(project.files(folder), before, "nothing half-made is left");
}

#[test]
fn packaging_stops_in_the_middle_of_a_large_entry() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let project = Project::package("orders", "");
        project.write("big", hard_to_pack());
        project.write("target/lambda-zip/orders-x86_64.zip", "old");
        let args = ["--include", "big"];
        stops_packing(&project, &args, "target/lambda-zip", name, code);
        assert_eq!(project.read("target/lambda-zip/orders-x86_64.zip"), b"old");
    }
}

#[test]
fn pack_stops_in_the_middle_of_a_large_program() {
    let project = Project::empty();
    let elf = Elf::static_pie(Machine::X86_64).payload(hard_to_pack());
    project.write("dist/handler", elf.bytes());
    stops_packing(&project, &["pack", "dist/handler"], "dist", "-INT", 130);
}
