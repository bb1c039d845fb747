//! The levels of the lints in a run.

use clap::ValueEnum;

use super::diagnostic::{Diagnostic, Finding};
use super::table::{Level, Lint};
use crate::text::{self, deserialize_from_str};

/// The lints for which a level is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// One lint.
    Lint(Lint),
    /// All lints that would warn, as `-D warnings` in rustc.
    Warnings,
}

impl std::str::FromStr for Subject {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        // rustc reads lint names with underscores too.
        match name.replace('_', "-").as_str() {
            "warnings" => Ok(Self::Warnings),
            name => name.parse().map(Self::Lint).map_err(|_: String| {
                let lints = Lint::value_variants().iter().map(|lint| lint.name());
                let known: Vec<&str> = lints.chain(["warnings"]).collect();
                text::unknown("lint", name, known)
            }),
        }
    }
}

deserialize_from_str!(Subject);

/// One level set for one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The lint or group.
    pub subject: Subject,
    /// Its level.
    pub level: Level,
}

/// All settings of a run. Later settings take precedence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Policy(Vec<Setting>);

impl FromIterator<Setting> for Policy {
    fn from_iter<I: IntoIterator<Item = Setting>>(settings: I) -> Self {
        Self(settings.into_iter().collect())
    }
}

impl Policy {
    /// The level of a lint: its last setting or its default. If that is `warn`, the last setting of
    /// `warnings` decides.
    #[must_use]
    pub(crate) fn level(&self, lint: Lint) -> Level {
        let last = |subject| {
            self.0
                .iter()
                .rev()
                .find(|s| s.subject == subject)
                .map(|s| s.level)
        };
        match last(Subject::Lint(lint)).unwrap_or(lint.default_level()) {
            Level::Warn => last(Subject::Warnings).unwrap_or(Level::Warn),
            level => level,
        }
    }

    /// The findings to report, denied ones first.
    #[must_use]
    pub(crate) fn apply(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = diagnostics
            .into_iter()
            .map(|diagnostic| Finding {
                level: self.level(diagnostic.lint),
                lint: diagnostic.lint,
                message: diagnostic.message,
                help: diagnostic.help,
                names: diagnostic.names,
                place: None,
            })
            .filter(|finding| finding.level > Level::Allow)
            .collect();
        findings.sort_by_key(|finding| (std::cmp::Reverse(finding.level), finding.lint));
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(settings: &[(&str, Level)]) -> Policy {
        let setting = |(subject, level): &(&str, Level)| Setting {
            subject: subject.parse().unwrap(),
            level: *level,
        };
        settings.iter().map(setting).collect()
    }

    #[test]
    fn the_last_setting_of_a_lint_counts() {
        let policy = policy(&[
            ("zip-too-large", Level::Deny),
            ("zip_too_large", Level::Allow),
        ]);
        assert_eq!(policy.level(Lint::ZipTooLarge), Level::Allow);
        assert_eq!(policy.level(Lint::GlibcTooNew), Level::Deny);
    }

    #[test]
    fn denied_warnings_leave_allowed_and_denied_lints_alone() {
        let policy = policy(&[("warnings", Level::Deny), ("debug-info", Level::Allow)]);
        assert_eq!(policy.level(Lint::ZipTooLarge), Level::Deny);
        assert_eq!(policy.level(Lint::DebugInfo), Level::Allow);
    }

    #[test]
    fn a_lint_set_to_warn_is_still_a_warning() {
        let policy = policy(&[("glibc-too-new", Level::Warn), ("warnings", Level::Allow)]);
        assert_eq!(policy.level(Lint::GlibcTooNew), Level::Allow);
        assert_eq!(policy.level(Lint::MissingLibrary), Level::Deny);
    }
}
