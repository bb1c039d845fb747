//! Functions that fail: in Lambda's words, with exit code 1, and without hanging.

use std::time::{Duration, Instant};

use forge::{Elf, Forged, Forgery, Machine};

use super::{each_way, function, invoke, script};
use crate::support::project::Project;
use crate::support::run::Outcome;

/// The only invocation fails with this type and message.
#[track_caller]
fn fails(body: &str, error_type: &str, message: &str) {
    each_way(&function(body), &["--timeout", "2"], |outcome| {
        is_failure(outcome, error_type, message);
    });
}

#[track_caller]
fn is_failure(outcome: &Outcome, error_type: &str, message: &str) {
    outcome.exits(1).says("error: 1 of 1 invocations failed");
    let answer = outcome.answer();
    assert_eq!(answer["errorType"], error_type, "{outcome}");
    let said = answer["errorMessage"].as_str().unwrap();
    assert!(said.starts_with("RequestId: "), "{outcome}");
    assert!(said.ends_with(&format!("Error: {message}")), "{outcome}");
    outcome.says(&format!("Failed {error_type}: {message}"));
}

#[test]
fn a_function_that_ends_before_it_asks_is_started_twice_as_on_lambda() {
    let exit = "Runtime.ExitError";
    fails("exit 3", exit, "Runtime exited with error: exit status 3");
    fails("exit 0", exit, "Runtime exited without providing a reason");
    let outcome = invoke(&function("echo cannot start; exit 1"), &[]);
    outcome
        .exits(1)
        .says("the init phase failed (Runtime exited with error: exit status 1)");
    assert_eq!(outcome.stderr.matches("cannot start\n").count(), 2);
}

#[test]
fn a_function_that_ends_during_an_invocation_fails_it() {
    let exit = "Runtime.ExitError";
    fails(
        "next; exit 3",
        exit,
        "Runtime exited with error: exit status 3",
    );
    fails(
        "next; exit 0",
        exit,
        "Runtime exited without providing a reason",
    );
    // As a shell reports a command that was killed.
    fails(
        "next; exit 139",
        exit,
        "Runtime exited with error: exit status 139",
    );
    for (signal, name) in [("SEGV", "segmentation fault"), ("TERM", "terminated")] {
        let message = format!("Runtime exited with error: signal: {name}");
        fails(&format!("kill -s {signal} $$"), exit, &message);
        fails(&format!("next; kill -s {signal} $$"), exit, &message);
    }
}

#[test]
fn an_environment_that_has_failed_is_replaced_for_the_next_event() {
    let body = "next; [ \"$body\" = 1 ] && exit 3; respond 2; next";
    let args = ["--event", "1", "--event", "2"];
    each_way(&function(body), &args, |outcome| {
        outcome.exits(1).says("1 of 2 invocations failed");
        assert!(outcome.stdout.ends_with("\n2\n"), "{outcome}");
        assert_eq!(outcome.stderr.matches("init ").count(), 2, "two starts");
    });
}

#[test]
fn a_function_that_takes_too_long_is_ended() {
    let start = Instant::now();
    fails(
        "next; sleep 60",
        "Sandbox.Timedout",
        "Task timed out after 2.00 seconds",
    );
    // It asks again and again, and gets the same event.
    fails(
        "while next; do :; done",
        "Sandbox.Timedout",
        "Task timed out after 2.00 seconds",
    );
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_function_that_never_asks_has_ten_seconds_and_then_its_timeout() {
    let start = Instant::now();
    let outcome = invoke(&function("sleep 60"), &["--timeout", "1"]);
    is_failure(
        &outcome,
        "Sandbox.Timedout",
        "Task timed out after 1.00 seconds",
    );
    outcome.says("it took longer than 10 s: the program did not ask for an event");
    let elapsed = start.elapsed();
    assert!(elapsed >= Duration::from_secs(11), "{elapsed:?}");
}

#[test]
fn an_answer_to_another_invocation_is_refused() {
    let body =
        "next; real=$id; id=other; respond 1; echo \"$status $body\"; id=$real; respond 2; next";
    each_way(&function(body), &[], |outcome| {
        assert_eq!(outcome.exits(0).stdout, "2\n");
        outcome.says("400 {\"errorMessage\":\"Invalid request ID\"");
    });
}

#[test]
fn a_second_answer_is_refused() {
    let body = "next; respond 1; respond 2; echo \"$status $body\"; next";
    let outcome = invoke(&function(body), &[]);
    assert_eq!(outcome.exits(0).stdout, "1\n");
    outcome.says("403 ").says("InvalidStateTransition");
}

#[test]
fn an_answer_before_the_end_is_printed_and_the_end_is_a_failure() {
    each_way(
        &function("next; respond '\"bye\"'; exit 0"),
        &[],
        |outcome| {
            outcome.exits(1).says("Failed Runtime.ExitError");
            assert_eq!(outcome.stdout, "\"bye\"\n");
        },
    );
}

#[test]
fn errors_of_the_function_are_its_answers() {
    let error = "{\"errorType\":\"Config.Missing\",\"errorMessage\":\"no table\"}";
    for body in [
        format!("fail_init '{error}' Config.Missing; exit 1"),
        format!("next; fail '{error}' Config.Missing; next"),
    ] {
        let outcome = invoke(&function(&body), &[]);
        outcome.exits(1).says("Failed Config.Missing: no table");
        assert_eq!(outcome.stdout, format!("{error}\n"));
    }
}

#[test]
fn a_huge_answer_is_refused() {
    let body = "next; printf -v answer '%7000000s' x; respond \"$answer\"; echo \"$status\"; next; respond 1; next";
    let outcome = invoke(&function(body), &["--event", "1", "--event", "2"]);
    outcome
        .exits(1)
        .says("Function.ResponseSizeTooLarge")
        .says("413");
    let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    outcome.prints(message);
    assert!(outcome.stdout.ends_with("\n1\n"), "{outcome}");
}

#[test]
fn a_flood_of_log_lines_is_passed_on_and_only_its_end_is_kept() {
    let body =
        "next; for i in {1..200}; do printf '%10000s\\n' $i; done; echo last; respond 1; next";
    each_way(&function(body), &["--message-format", "json"], |outcome| {
        let document = outcome.exits(0).json();
        let tail = document["log_tail"].as_str().unwrap();
        assert_eq!(tail.len(), 4096);
        assert!(tail.ends_with("last\n"));
        assert!(outcome.stderr.len() > 2_000_000);
    });
}

#[test]
fn a_child_that_would_survive_is_ended() {
    // Out of the process group, and an orphan. It sleeps for as long as nobody else does.
    let sleep = format!("sleep {}", 100_000 + std::process::id());
    let body = format!("(setsid {sleep} & echo \"child $!\" >&2); while next; do respond 1; done");
    each_way(&function(&body), &[], |outcome| {
        outcome.exits(0).says("child ");
        let left = super::running(&sleep);
        assert_eq!(left, 0, "{outcome}");
    });
}

/// What cannot be executed at all.
#[track_caller]
fn cannot_start(file: Forged, why: &str) {
    let project = Project::empty();
    project.write("f.zip", Forgery::of([file]).bytes());
    each_way(&project, &[], |outcome| {
        is_failure(outcome, "Runtime.InvalidEntrypoint", why);
        outcome.never_says("the init phase failed");
    });
}

#[test]
fn what_cannot_be_executed_is_said_as_lambda_says_it() {
    let fork = |why: &str| format!("fork/exec /var/task/bootstrap: {why}");
    let text = || script("exit 0");
    cannot_start(
        Forged::file("bootstrap", 0o644, text()),
        &fork("permission denied"),
    );
    cannot_start(
        Forged::file("bootstrap", 0o744, text()),
        &fork("permission denied"),
    );
    cannot_start(
        Forged::file("bootstrap", 0o755, "echo"),
        &fork("exec format error"),
    );
    let riscv = Elf::static_pie(Machine::Riscv64).bytes();
    cannot_start(
        Forged::file("bootstrap", 0o755, riscv),
        &fork("exec format error"),
    );
    let missing = "#!/nowhere/interpreter\n";
    let missing = Forged::file("bootstrap", 0o755, missing);
    cannot_start(missing, &fork("no such file or directory"));
    let nothing = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
    cannot_start(Forged::file("bin/bootstrap", 0o755, text()), nothing);
}
