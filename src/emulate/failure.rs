//! Failures, in Lambda's words.

use std::time::Duration;

use serde_json::json;

/// A failure of an execution environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Such as `Runtime.ExitError`.
    pub(crate) error_type: String,
    pub(crate) message: String,
    /// The extension or program that is to blame, and why, as a clause.
    pub(super) culprit: Option<String>,
}

impl Failure {
    fn new(error_type: &str, message: impl Into<String>) -> Self {
        Self {
            error_type: error_type.to_owned(),
            message: message.into(),
            culprit: None,
        }
    }

    /// The runtime has ended; `why` is `None` if it succeeded.
    pub(super) fn exit(why: Option<&str>) -> Self {
        let message = match why {
            Some(why) => format!("Runtime exited with error: {why}"),
            None => "Runtime exited without providing a reason".to_owned(),
        };
        Self::new("Runtime.ExitError", message)
    }

    /// The runtime could not be executed.
    pub(super) fn entrypoint(why: &str) -> Self {
        Self::new("Runtime.InvalidEntrypoint", why)
    }

    /// The extension `name` could not be executed, or has ended.
    pub(super) fn of_extension(error_type: &str, name: &str, why: &str) -> Self {
        Self {
            culprit: Some(format!("the extension `{name}` failed")),
            ..Self::new(error_type, why)
        }
    }

    /// An invocation took longer than the function may, because of `culprit` if that is known.
    pub(super) fn timeout(timeout: Duration, culprit: Option<String>) -> Self {
        let seconds = timeout.as_secs_f64();
        let message = format!("Task timed out after {seconds:.2} seconds");
        Self {
            culprit,
            ..Self::new("Sandbox.Timedout", message)
        }
    }

    /// True if another start can have another result: something has been executed.
    pub(super) fn may_pass(&self) -> bool {
        !matches!(
            &*self.error_type,
            "Runtime.InvalidEntrypoint" | "Extension.LaunchError"
        )
    }

    /// The answer that the caller of the invocation `id` gets.
    pub(super) fn answer(&self, id: &str) -> Vec<u8> {
        let message = format!("RequestId: {id} Error: {}", self.message);
        // Lambda has the type first.
        let [kind, message] = [json!(self.error_type), json!(message)];
        format!("{{\"errorType\":{kind},\"errorMessage\":{message}}}").into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_an_answer_with_the_identifier_of_the_invocation() {
        let failure = Failure::timeout(Duration::from_secs(3), None);
        assert_eq!(
            String::from_utf8(failure.answer("a-b")).unwrap(),
            "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: a-b Error: Task \
             timed out after 3.00 seconds\"}"
        );
    }
}
