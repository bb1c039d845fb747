//! The state of an execution environment, transition by transition.

use super::extension::Event;
use super::state::{Invocation, Posted, Process, State};

fn invocation(id: &str) -> Invocation {
    Invocation {
        id: id.to_owned(),
        ..Invocation::default()
    }
}

fn posted(body: &str) -> Posted {
    Posted {
        body: body.into(),
        error_type: None,
    }
}

fn running() -> State {
    let mut state = State::default();
    state.next().unwrap();
    assert!(state.is_idle());
    state.begin(invocation("a"));
    state
}

#[test]
fn a_runtime_asks_answers_and_asks_again() {
    let mut state = State::default();
    assert!(!state.is_idle());
    state.next().unwrap();
    assert!(state.is_idle() && state.event().is_none());
    state.begin(invocation("a"));
    assert_eq!(state.event().unwrap().id, "a");
    assert!(!state.is_idle());
    state.answer("a", posted("1")).unwrap();
    assert!(state.event().is_none() && !state.is_idle());
    assert_eq!(state.answer, Some(posted("1")));
    state.next().unwrap();
    assert!(state.is_idle());
    state.begin(invocation("b"));
    assert_eq!(state.answer, None);
}

#[test]
fn a_runtime_that_asks_without_answering_gets_the_same_event() {
    let mut state = running();
    state.next().unwrap();
    assert_eq!(state.event().unwrap().id, "a");
    assert!(!state.is_idle());
}

#[test]
fn a_second_answer_and_one_to_another_invocation_are_refused() {
    let mut state = running();
    let refusal = state.answer("b", posted("1")).unwrap_err();
    assert_eq!(
        (refusal.status, refusal.error_type),
        (400, "InvalidRequestID")
    );
    assert_eq!(state.answer, None);
    state.answer("a", posted("1")).unwrap();
    let refusal = state.answer("a", posted("2")).unwrap_err();
    assert_eq!(refusal.status, 403);
    assert!(
        refusal
            .message
            .contains("from ResponseSent to InvocationResponse")
    );
    assert_eq!(state.answer, Some(posted("1")));
}

#[test]
fn an_answer_before_any_event_is_refused() {
    let mut state = State::default();
    assert_eq!(state.answer("a", posted("1")).unwrap_err().status, 400);
}

#[test]
fn an_init_error_is_reported_before_the_first_event_only() {
    let mut state = State::default();
    state.init_error(posted("{}")).unwrap();
    assert_eq!(state.next().unwrap_err().status, 403);
    assert!(!state.is_idle());
    assert!(running().init_error(posted("{}")).is_err());
}

#[test]
fn the_first_process_that_ends_is_the_failure() {
    let mut state = running();
    state.end(Process::Runtime, Some("exit status 3"));
    state.end(Process::Extension("x".to_owned()), Some("exit status 4"));
    let failure = state.failure.unwrap();
    assert_eq!(failure.error_type, "Runtime.ExitError");
    assert_eq!(failure.message, "Runtime exited with error: exit status 3");
}

#[test]
fn an_extension_may_say_why_it_ends() {
    let crash = |reported: Option<&'static str>| {
        let mut state = running();
        if let Some(kind) = reported {
            state.report(kind);
        }
        assert_eq!(state.failure, None);
        state.end(Process::Extension("x".to_owned()), None);
        state.failure.unwrap().error_type
    };
    assert_eq!(crash(None), "Extension.Crash");
    assert_eq!(crash(Some("Extension.ExitError")), "Extension.ExitError");
}

#[test]
fn nothing_fails_during_shutdown() {
    let mut state = running();
    let reason = "spindown";
    state.shut_down(Event::Shutdown {
        reason,
        deadline: 0,
    });
    state.end(Process::Runtime, Some("signal: killed"));
    assert_eq!(state.failure, None);
    assert!(state.has_ended(&Process::Runtime));
}

#[test]
fn extensions_are_waited_for() {
    let mut state = State::default();
    state.extensions.expect("x");
    let id = state
        .extensions
        .register("x", &["INVOKE", "SHUTDOWN"])
        .unwrap();
    state.next().unwrap();
    assert!(!state.is_idle());
    state.extensions.next(&id).unwrap();
    assert!(state.is_idle());
    state.begin(invocation("a"));
    state.answer("a", posted("1")).unwrap();
    state.next().unwrap();
    assert!(!state.is_idle(), "the extension has not asked again");
    assert!(state.extensions.event(&id).is_some());
    state.extensions.next(&id).unwrap();
    assert!(state.is_idle());
    state.shut_down(Event::Shutdown {
        reason: "spindown",
        deadline: 0,
    });
    assert_eq!(state.lingering(), ["x"]);
    state.end(Process::Extension("x".to_owned()), None);
    assert!(state.lingering().is_empty());
}
