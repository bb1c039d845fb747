//! Answers, one line each, and the document.

use super::{ECHO, each_way, function, invoke};

#[test]
fn events_are_answered_in_turn() {
    let project = function(ECHO).file("event.json", "{\n  \"from\": \"a file\"\n}\n");
    let args = [
        "--event",
        "{\"a\": 1}",
        "--event",
        "event.json",
        "--event",
        "3",
    ];
    each_way(&project, &args, |outcome| {
        outcome.exits(0);
        assert_eq!(outcome.stdout, "{\"a\": 1}\n{\"from\": \"a file\"}\n3\n");
        outcome
            .says("Answered init ")
            .says(" · invoke ")
            .says(" · max ");
        assert_eq!(outcome.stderr.matches("init ").count(), 1, "one start");
    });
}

#[test]
fn without_an_event_it_is_an_empty_object() {
    let outcome = invoke(&function(ECHO), &[]);
    assert_eq!(outcome.exits(0).stdout, "{}\n");
}

#[test]
fn an_event_comes_from_standard_input() {
    let project = function(ECHO).file("event", "[1]");
    let outcome = super::command(&project, &["--event", "-"])
        .input("event")
        .run();
    assert_eq!(outcome.exits(0).stdout, "[1]\n");
}

#[test]
fn the_log_is_on_standard_error_and_not_among_the_answers() {
    let project = function("echo one; echo two >&2; printf three; while next; do respond 1; done");
    each_way(&project, &[], |outcome| {
        outcome.exits(0).says("one\ntwo\n");
        assert_eq!(outcome.stdout, "1\n");
    });
    let outcome = invoke(&project, &["-q"]);
    assert_eq!(outcome.exits(0).stderr, "");
}

#[test]
fn an_answer_that_is_not_json_is_one_line_too() {
    let outcome = invoke(&function("while next; do respond $'a\\nb'; done"), &[]);
    let lines = outcome.exits(0).stdout.lines().count();
    assert_eq!(lines, 1, "{outcome}");
}

#[test]
fn the_document_has_answers_durations_memory_and_the_end_of_the_log() {
    let body = "echo starting; next; respond '{\"b\":1,\"a\":2}'; next; fail \
                '{\"errorType\":\"No\",\"errorMessage\":\"never\"}' No; next";
    let args = ["--message-format", "json", "--event", "1", "--event", "2"];
    each_way(&function(body), &args, |outcome| {
        let document = outcome.exits(1).json();
        assert_eq!(document["version"], 1);
        assert!(
            document["log_tail"]
                .as_str()
                .unwrap()
                .contains("starting\n")
        );
        let [first, second] = [0, 1].map(|nth| &document["invocations"][nth]);
        assert_eq!(first["outcome"], "answered");
        assert_eq!(first["answer"], "{\"b\":1,\"a\":2}");
        assert!(first["error_type"].is_null());
        assert!(first["init_ms"].as_f64().unwrap() > 0.0);
        assert!(first["invoke_ms"].as_f64().unwrap() > 0.0);
        assert!(first["max_memory_bytes"].as_u64().unwrap() > 100_000);
        assert_eq!(second["outcome"], "failed");
        assert_eq!(second["error_type"], "No");
        assert_eq!(second["error_message"], "never");
        assert!(second["init_ms"].is_null());
    });
}

#[test]
fn findings_are_warnings_and_the_package_is_started_in_any_case() {
    let args = ["--runtime", "provided.al2", "-W", "deprecated-runtime"];
    let outcome = invoke(&function(ECHO), &args);
    outcome.exits(0).says("warning[deprecated-runtime]");
    let outcome = invoke(
        &function(ECHO),
        &["--runtime", "provided.al2", "-A", "deprecated-runtime"],
    );
    outcome.exits(0).never_says("deprecated-runtime");
}

#[test]
fn a_bootstrap_may_be_in_a_layer_and_later_layers_win() {
    use forge::{Forged, Forgery};
    let project = function("");
    let zip = |name: &str, file: &str, contents: &str| {
        let file = Forged::file(file, 0o755, contents);
        project.write(name, Forgery::of([file]).bytes());
    };
    zip("f.zip", "data", "");
    zip(
        "one.zip",
        "bootstrap",
        &super::script("while next; do respond 1; done"),
    );
    zip(
        "two.zip",
        "bootstrap",
        &super::script("while next; do respond 2; done"),
    );
    each_way(
        &project,
        &["--layer", "one.zip", "--layer", "two.zip"],
        |outcome| {
            assert_eq!(outcome.exits(0).stdout, "2\n");
        },
    );
}
