//! The parts that all checks of a template share.

use camino::Utf8Path;
use clap::ValueEnum;

use super::diagnostic::{Diagnostic, Finding, Place};
use super::list::List;
use super::policy::Policy;
use super::table::Lint;
use crate::cloudformation::Refusal;
use crate::lambda::Architecture;
use crate::paths::relative_to_current;
use crate::text::{self, quoted_name};

/// A template whose functions and layers are checked.
pub(crate) struct TemplateCheck<'a> {
    /// The absolute path of the template.
    pub(crate) path: &'a Utf8Path,
    pub(crate) policy: &'a Policy,
}

/// The facts about a zip that a template may contradict.
pub(crate) struct ZipFacts<'a> {
    /// The absolute path.
    pub(crate) path: &'a Utf8Path,
    /// `None` if nothing in it is for one architecture.
    pub(crate) architecture: Option<Architecture>,
    /// True if it has a program that an OS-only runtime starts.
    pub(crate) has_program: bool,
}

impl ZipFacts<'_> {
    pub(super) fn shown(&self) -> String {
        quoted_name(relative_to_current(self.path).as_str())
    }
}

/// The value of exactly this name: Lambda does not know the aliases that users may write here.
pub(super) fn exact<T: ValueEnum + Copy>(name: &str) -> Option<T> {
    let mut values = T::value_variants().iter().copied();
    values.find(|value| {
        let value = value.to_possible_value();
        value.is_some_and(|value| value.get_name() == name)
    })
}

/// A diagnostic with its line.
pub(super) type Found = (usize, Diagnostic);

pub(super) fn mismatch(line: usize, message: String, help: String) -> Found {
    let diagnostic = Diagnostic {
        lint: Lint::TemplateMismatch,
        message,
        help,
        names: List::default(),
    };
    (line, diagnostic)
}

impl TemplateCheck<'_> {
    pub(super) fn findings(&self, found: Vec<Found>) -> Vec<Finding> {
        let findings = found.into_iter().flat_map(|(line, diagnostic)| {
            let mut findings = self.policy.apply([diagnostic]);
            for finding in &mut findings {
                finding.place = Some(Place {
                    path: self.path.to_owned(),
                    line,
                });
            }
            findings
        });
        findings.collect()
    }

    /// The finding about a part that the clients or CloudFormation refuse.
    pub(crate) fn refusal(&self, refusal: &Refusal) -> Vec<Finding> {
        let named = self.named(&refusal.resource, refusal.line);
        let message = format!("{named} {}", refusal.message);
        self.findings(vec![mismatch(refusal.line, message, refusal.help.clone())])
    }

    /// A resource with its file and line: `` `Orders` in template.yaml:5 ``.
    pub(super) fn named(&self, id: &str, line: usize) -> String {
        let path = text::printable(relative_to_current(self.path).as_str());
        format!("{} in {path}:{line}", quoted_name(id))
    }
}
