//! The outcome of invocations, for people and as JSON.

use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

use camino::Utf8Path;
use serde::{Serialize, Serializer};

use super::failure::Failure;
use super::state::Posted;
use crate::bytes::Size;
use crate::lambda::Architecture;
use crate::lint::Finding;
use crate::report::write_json;
use crate::text::printable;

/// The outcome of an invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Answered,
    Failed,
}

/// An invocation and its outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Invocation {
    pub(crate) request_id: String,
    pub(crate) outcome: Outcome,
    /// The answer to the caller.
    #[serde(serialize_with = "text")]
    pub(crate) answer: Vec<u8>,
    pub(crate) error_type: Option<String>,
    pub(crate) error_message: Option<String>,
    /// The duration of the init phase that came before it.
    #[serde(rename = "init_ms")]
    pub(crate) init: Option<Millis>,
    #[serde(rename = "invoke_ms")]
    pub(crate) duration: Millis,
    /// The most memory that was in use at once so far, in bytes; `None` if every program ended
    /// before it was measured.
    pub(crate) max_memory_bytes: Option<u64>,
}

impl Invocation {
    /// The invocation `request_id` with what the function has answered, and with the failure of its
    /// environment.
    pub(super) fn new(
        request_id: String,
        posted: Option<Posted>,
        failure: Option<&Failure>,
    ) -> Self {
        let posted_error = posted.as_ref().and_then(|posted| posted.error_type.clone());
        let answer = match (posted, failure) {
            (Some(posted), _) => posted.body,
            (None, Some(failure)) => failure.answer(&request_id),
            (None, None) => Vec::new(),
        };
        let error_message = match (failure, &posted_error) {
            (Some(failure), None) => Some(failure.message.clone()),
            (_, Some(_)) => message(&answer),
            (None, None) => None,
        };
        let error_type = posted_error.or_else(|| failure.map(|one| one.error_type.clone()));
        Self {
            request_id,
            outcome: match error_type {
                Some(_) => Outcome::Failed,
                None => Outcome::Answered,
            },
            answer,
            error_type,
            error_message,
            init: None,
            duration: Millis(Duration::ZERO),
            max_memory_bytes: None,
        }
    }

    /// The answer in one line.
    pub(crate) fn line(&self) -> String {
        let text = String::from_utf8_lossy(&self.answer);
        if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
            // In JSON, the ends of lines are never in a string.
            return text.lines().map(str::trim).collect();
        }
        printable(&text)
    }
}

/// The message of an error of the usual form.
fn message(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(body.get("errorMessage")?.as_str()?.to_owned())
}

/// `init 14 ms · invoke 1.5 ms · max 12 MiB`
impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(init) = self.init {
            write!(f, "init {init} · ")?;
        }
        write!(f, "invoke {}", self.duration)?;
        match self.max_memory_bytes {
            Some(max) => write!(f, " · max {}", Size(max)),
            None => Ok(()),
        }
    }
}

/// A duration, displayed as `1.5 ms` or `14 ms`; in JSON, a number of milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Millis(pub(super) Duration);

impl Millis {
    fn number(self) -> f64 {
        self.0.as_secs_f64() * 1000.0
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::from(self.number() < 9.95);
        write!(f, "{:.digits$} ms", self.number())
    }
}

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.number() * 1000.0).round() / 1000.0)
    }
}

/// The result of a run as one JSON document.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'a> {
    pub(crate) version: u32,
    pub(crate) path: &'a Utf8Path,
    pub(crate) architecture: Architecture,
    pub(crate) invocations: &'a [Invocation],
    /// The last 4 KiB of the log.
    pub(crate) log_tail: String,
    /// The differences from Lambda.
    pub(crate) notes: &'a [String],
    pub(crate) findings: &'a [Finding],
}

impl Document<'_> {
    /// Writes it to `out`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn write(&self, out: impl Write) -> io::Result<()> {
        write_json(self, out)
    }
}

fn text<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(body: &str) -> Invocation {
        let posted = Posted {
            body: body.into(),
            error_type: None,
        };
        Invocation::new("a".to_owned(), Some(posted), None)
    }

    #[test]
    fn an_answer_is_one_line() {
        assert_eq!(
            answered("{\n  \"a\": [\n    1\n  ]\n}\n").line(),
            "{\"a\": [1]}"
        );
        assert_eq!(answered("\"a  b\"").line(), "\"a  b\"");
        assert!(!answered("two\nlines").line().contains('\n'));
        assert_eq!(answered("").line(), "");
    }

    #[test]
    fn a_line_for_people_has_times_and_memory() {
        let mut invocation = answered("1");
        invocation.duration = Millis(Duration::from_micros(1540));
        invocation.max_memory_bytes = Some(12 << 20);
        assert_eq!(invocation.to_string(), "invoke 1.5 ms · max 12.0 MiB");
        invocation.init = Some(Millis(Duration::from_micros(13_700)));
        invocation.duration = Millis(Duration::from_secs(3));
        let line = "init 14 ms · invoke 3000 ms · max 12.0 MiB";
        assert_eq!(invocation.to_string(), line);
    }

    #[test]
    fn a_failure_after_the_answer_is_told_beside_it() {
        let posted = |error_type: Option<&str>| Posted {
            body: b"{\"errorType\": \"E\", \"errorMessage\": \"no\"}".to_vec(),
            error_type: error_type.map(str::to_owned),
        };
        let exit = Failure::exit(None);
        let of = |posted, failure| Invocation::new("a".to_owned(), posted, failure);
        let both = of(Some(posted(None)), Some(&exit));
        assert_eq!(both.outcome, Outcome::Failed);
        assert_eq!(both.error_type.as_deref(), Some("Runtime.ExitError"));
        assert!(both.line().contains("\"E\""));
        let error = of(Some(posted(Some("E"))), None);
        assert_eq!(error.outcome, Outcome::Failed);
        assert_eq!(error.error_message.as_deref(), Some("no"));
        let failed = of(None, Some(&exit));
        assert!(
            failed
                .line()
                .contains("RequestId: a Error: Runtime exited without")
        );
    }
}
