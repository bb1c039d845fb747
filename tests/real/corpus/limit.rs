//! One package near a limit of Lambda's, and the proof that its verdict is LocalStack's.

use std::process::Command;

use super::judged::Judged;
use super::table::Row;
use crate::localstack::{Answer, in_words};

pub(super) struct Limit {
    what: String,
    answer: Answer,
    judged: Judged,
    lint: Option<&'static str>,
    is_warning_fatal: bool,
    oversight: Option<&'static str>,
}

impl Limit {
    /// What LocalStack says of a package, beside what `check` does.
    pub(super) fn new(what: String, answer: Answer, check: &mut Command) -> Self {
        Self {
            what,
            answer,
            judged: Judged::of(&check.output().unwrap()),
            lint: None,
            is_warning_fatal: false,
            oversight: None,
        }
    }

    /// What `check` has to find, if the package `is_beyond` the limit, and nothing else.
    pub(super) fn finds(self, lint: &'static str, is_beyond: bool) -> Self {
        let lint = is_beyond.then_some(lint);
        Self { lint, ..self }
    }

    /// It is deployed in the very way that `check` warns of.
    pub(super) fn against_warnings(self) -> Self {
        Self {
            is_warning_fatal: true,
            ..self
        }
    }

    /// Why LocalStack takes the package although it `is_beyond` the limit.
    pub(super) fn overlooked(self, why: &'static str, is_beyond: bool) -> Self {
        let oversight = is_beyond.then_some(why);
        Self { oversight, ..self }
    }

    /// What is wrong with the verdict.
    fn objections(&self) -> Vec<&'static str> {
        let Self { answer, judged, .. } = self;
        let is_warned = !judged.findings.is_empty();
        let is_taken = judged.is_accepted && !(self.is_warning_fatal && is_warned);
        let is_to_be_taken = answer.is_ok() && self.oversight.is_none();
        let claims = [
            (is_taken == is_to_be_taken, "LocalStack says otherwise"),
            (
                answer.is_ok() || self.oversight.is_none(),
                "LocalStack does not overlook it any more",
            ),
            (
                // Whoever meets those words can find them.
                !matches!(answer, Err(refusal) if !judged.says(&refusal.message)),
                "no finding has the words of LocalStack",
            ),
            (
                judged.lints().into_iter().eq(self.lint),
                "other lints are expected",
            ),
        ];
        let broken = claims.into_iter().filter(|(holds, _)| !holds);
        broken.map(|(_, objection)| objection).collect()
    }

    /// What the table has of it, and what is wrong with that.
    pub(super) fn prove(self) -> (Row, Vec<String>) {
        let answer = in_words(&self.answer);
        let wrong = self.objections().into_iter().map(|objection| {
            let Self { what, judged, .. } = &self;
            format!("{what}: {objection}: {answer}; {judged}")
        });
        let wrong = wrong.collect();
        let judged = self.judged.to_string();
        let notes = self.oversight.unwrap_or_default().to_owned();
        (Row::new([self.what, answer, judged, notes]), wrong)
    }
}
