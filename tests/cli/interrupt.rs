//! Ctrl-C stops Cargo too, and leaves nothing half-written.

use std::process::{Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::project::Project;

#[track_caller]
fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < deadline, "timed out waiting until {what}");
        sleep(Duration::from_millis(5));
    }
}

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
