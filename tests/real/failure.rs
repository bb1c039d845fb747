//! Why an invocation failed, in Lambda's words.

use std::fmt;

use serde_json::Value;

/// A failed invocation, whether the function said so or could not even start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Such as `Runtime.InvalidEntrypoint`, or a type of the function's own.
    pub(crate) error_type: String,
    pub(crate) message: String,
}

impl Failure {
    /// The failure that an answer tells of, if it does.
    pub(crate) fn answered(answer: &Value) -> Option<Self> {
        let text = |key| Some(answer.get(key)?.as_str()?.to_owned());
        Some(Self {
            error_type: text("errorType")?,
            message: text("errorMessage")?,
        })
    }

    /// The failure that the emulator's log tells of: of a function that cannot
    /// start, its answer says nothing at all.
    ///
    /// The emulator tries a second time before it gives up, which may fail in a
    /// way of its own; only the first failure is the package's.
    pub(crate) fn logged(log: &str) -> Option<Self> {
        let first = |what: &str| log.lines().find_map(|line| Some(line.split_once(what)?.1));
        let message = first("Init failed ").or_else(|| first("Invoke failed "))?;
        // Both fields of that line are there, in no certain order.
        let (before, after) = message.split_once("error=")?;
        let message = if before.is_empty() {
            after.rsplit_once(" InvokeID=")?.0
        } else {
            after
        };
        Some(Self {
            error_type: first("First fatal error stored in appctx: ")?.to_owned(),
            message: message.to_owned(),
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error_type, self.message)
    }
}
