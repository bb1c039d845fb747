//! External and internal extensions.

use std::time::{Duration, Instant};

use super::{ECHO, each_way, extension, function, invoke};

const HEARTBEAT: &str =
    "sleep 0.2; echo it registers; register heartbeat '\"INVOKE\", \"SHUTDOWN\"'
    echo \"registered $status $body\"
    while event; do
        echo \"heartbeat $body\"
        case $body in *SHUTDOWN*) exit 0 ;; esac
    done";

#[test]
fn an_extension_registers_before_the_runtime_starts_and_is_told_of_the_end() {
    let project = extension(
        function(&format!("echo runtime starts; {ECHO}")),
        "heartbeat",
        HEARTBEAT,
    );
    each_way(
        &project,
        &["--layer", "heartbeat.zip", "--event", "1"],
        |outcome| {
            assert_eq!(outcome.exits(0).stdout, "1\n");
            let at = |what: &str| {
                outcome
                    .stderr
                    .find(what)
                    .unwrap_or_else(|| panic!("{what} {outcome}"))
            };
            let steps = [
                at("it registers"),
                at("runtime starts"),
                at("\"eventType\":\"INVOKE\""),
                at("\"eventType\":\"SHUTDOWN\""),
            ];
            assert!(steps.is_sorted(), "{outcome}");
            outcome.says("registered 200 {\"functionName\":\"f\",");
            outcome
                .says("\"shutdownReason\":\"spindown\"")
                .never_says("did not end");
        },
    );
}

#[test]
fn an_extension_that_ends_before_it_registers_is_a_crash() {
    let project = extension(function(ECHO), "broken", "echo no configuration; exit 4");
    each_way(&project, &["--layer", "broken.zip"], |outcome| {
        outcome
            .exits(1)
            .says("no configuration")
            .says("the extension `broken` failed");
        let answer = outcome.answer();
        assert_eq!(answer["errorType"], "Extension.Crash");
        assert!(
            answer["errorMessage"]
                .as_str()
                .unwrap()
                .ends_with("Error: exit status 4")
        );
    });
}

#[test]
fn an_extension_that_crashes_during_an_invocation_fails_it() {
    let body = "register broken '\"INVOKE\"'; event; exit 5";
    let project = extension(function("next; sleep 1; respond 1; next"), "broken", body);
    let outcome = invoke(&project, &["--layer", "broken.zip"]);
    outcome
        .exits(1)
        .prints("Extension.Crash")
        .says("exit status 5");
}

#[test]
fn an_extension_that_crashes_after_the_answer_fails_the_invocation_beside_it() {
    let body = "register broken '\"INVOKE\"'; event; sleep 1; exit 5";
    let project = extension(function("next; respond 1; next"), "broken", body);
    let outcome = invoke(&project, &["--layer", "broken.zip"]);
    outcome
        .exits(1)
        .says("Failed Extension.Crash: exit status 5")
        .never_says("Answered");
    assert_eq!(outcome.stdout, "1\n");
}

#[test]
fn an_extension_may_report_its_error() {
    for (call, kind) in [("init/error", "InitError"), ("exit/error", "ExitError")] {
        let body = format!(
            "register sorry '\"INVOKE\"'
             ask POST /2020-01-01/extension/{call} '{{}}' \"Lambda-Extension-Identifier: $extension\"$'\\r\\n'\"Lambda-Extension-Function-Error-Type: Sorry.Me\"
             echo \"$status\"; exit 1"
        );
        let project = extension(function(ECHO), "sorry", &body);
        let outcome = invoke(&project, &["--layer", "sorry.zip"]);
        outcome
            .exits(1)
            .says("202")
            .prints(&format!("Extension.{kind}"));
    }
}

#[test]
fn an_extension_that_never_registers_takes_the_whole_init_phase() {
    let project = extension(function(ECHO), "silent", "sleep 60");
    let start = Instant::now();
    let outcome = invoke(&project, &["--layer", "silent.zip", "--timeout", "1"]);
    outcome
        .exits(1)
        .prints("Sandbox.Timedout")
        .says("it took longer than 10 s: the extension `silent` did not register")
        .says("warning: the extension `silent` did not register");
    let elapsed = start.elapsed();
    assert!(elapsed < Duration::from_secs(18), "{elapsed:?}");
}

#[test]
fn an_extension_that_does_not_end_is_killed_after_two_seconds() {
    let body =
        "trap '' TERM; register stubborn '\"SHUTDOWN\"'; event; echo told; sleep 60; sleep 60";
    let project = extension(function(ECHO), "stubborn", body);
    each_way(&project, &["--layer", "stubborn.zip"], |outcome| {
        outcome.exits(0).says("told");
        outcome.says("the extension `stubborn` did not end within 2 s of SHUTDOWN");
    });
}

#[test]
fn the_runtime_gets_sigterm_if_there_are_extensions() {
    let function = function("trap 'echo bye; exit 0' TERM; while next; do respond 1; done");
    let project = extension(function, "heartbeat", HEARTBEAT);
    // bash runs the trap when the request that it waits for has ended.
    let quick =
        super::function("while next; do respond 1; done & trap 'echo bye; exit 0' TERM; wait");
    let quick = extension(quick, "heartbeat", HEARTBEAT);
    drop(project);
    each_way(&quick, &["--layer", "heartbeat.zip"], |outcome| {
        outcome.exits(0).says("bye\n");
    });
}

#[test]
fn an_extension_that_cannot_be_executed_is_a_launch_error() {
    use forge::{Forged, Forgery};
    let project = function(ECHO);
    let file = Forged::file("extensions/data", 0o644, "text");
    project.write("layer.zip", Forgery::of([file]).bytes());
    each_way(&project, &["--layer", "layer.zip"], |outcome| {
        outcome.exits(1).prints("Extension.LaunchError");
        outcome.prints("fork/exec /opt/extensions/data: permission denied");
    });
}

#[test]
fn a_runtime_may_have_an_extension_inside() {
    let body = "register inner '\"INVOKE\"'
        (event; echo \"inner $body\"; event) &
        while next; do respond 1; done";
    each_way(&function(body), &[], |outcome| {
        assert_eq!(outcome.exits(0).stdout, "1\n");
        outcome.says("inner {\"eventType\":\"INVOKE\",\"deadlineMs\":");
    });
    let body =
        "register inner '\"SHUTDOWN\"'; echo \"$status $body\"; while next; do respond 1; done";
    invoke(&function(body), &[])
        .exits(0)
        .says("403")
        .says("Extension.InvalidEventType");
}
