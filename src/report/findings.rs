//! Findings as people read them: those that say the same of several packages are one.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::package::{ArchiveReport, Deed};
use crate::lint::{Finding, Level, Lint};
use crate::paths::relative_to_current;
use crate::shell::{Severity, Shell};
use crate::text::{printable, quoted_name};

/// The most packages that a message names.
const MOST_NAMED: usize = 3;

/// The most warnings of one lint that are shown if there are many packages. The others are counted.
/// Denied findings are all shown: a package is rejected until each of them is fixed.
const MOST_WARNINGS: usize = 2;

/// Equal findings of several packages.
struct Group<'a> {
    finding: &'a Finding,
    /// The message and the help, without the names of packages if these differ.
    message: String,
    help: String,
    subjects: Vec<Subject>,
}

/// A package as messages name it.
#[derive(Debug, Clone)]
struct Subject {
    package: String,
    /// The function or layer of a template that has the zip, with its line.
    resource: Option<String>,
}

impl Subject {
    fn of(archive: &ArchiveReport, deed: Deed) -> Self {
        let package = match deed {
            Deed::Packaged => archive.subject(),
            // Zips in different folders may have the same name.
            Deed::Checked => printable(relative_to_current(&archive.path).as_str()),
        };
        let resource = archive.template.as_ref().map(|template| {
            let path = printable(relative_to_current(&template.path).as_str());
            format!(
                "{} in {path}:{}",
                quoted_name(&template.resource),
                template.line
            )
        });
        Self { package, resource }
    }
}

/// Shows the findings of all packages, denied ones first. Under `-v` all packages are named, and all
/// warnings are shown.
pub(super) fn show(archives: &[ArchiveReport], deed: Deed, shell: &Shell) {
    let is_short = shell.is_too_many(archives.len());
    let mut groups = groups(archives, deed);
    if is_short {
        groups.sort_by_key(|group| (group.key(), Reverse(group.subjects.len())));
    } else {
        groups.sort_by_key(Group::key);
    }
    for of_lint in groups.chunk_by(|one, other| one.key() == other.key()) {
        let is_denied = of_lint
            .iter()
            .any(|group| group.finding.level == Level::Deny);
        let most = if is_short && !is_denied {
            MOST_WARNINGS
        } else {
            of_lint.len()
        };
        let (shown, hidden) = of_lint.split_at(most.min(of_lint.len()));
        for group in shown {
            group.show(shell);
        }
        if let [first, ..] = hidden {
            let packages: usize = hidden.iter().map(|group| group.subjects.len()).sum();
            let lint = first.finding.lint;
            let message = format_args!("the same lint, for other reasons, {packages} more times");
            let help = "`-v` shows all of them";
            shell.diagnostic(Severity::Warning, lint, message, [], help);
        }
    }
}

/// Shows a finding about the run.
pub(super) fn show_of_run(finding: &Finding, shell: &Shell) {
    let group = Group {
        finding,
        message: finding.message.clone(),
        help: finding.help.clone(),
        subjects: Vec::new(),
    };
    group.show(shell);
}

fn groups(archives: &[ArchiveReport], deed: Deed) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut positions = HashMap::new();
    for archive in archives {
        let subject = Subject::of(archive, deed);
        for finding in &archive.findings {
            let message = without_names(&finding.message, archive);
            let help = without_names(&finding.help, archive);
            let level = finding.level.name();
            let key = (finding.lint, level, message.clone(), help.clone());
            let alike: &mut Vec<usize> = positions.entry(key).or_default();
            let is_equal = |nth: &&usize| {
                groups[**nth]
                    .finding
                    .names
                    .names()
                    .eq(finding.names.names())
            };
            let Some(group) = alike.iter().find(is_equal).map(|nth| &mut groups[*nth]) else {
                alike.push(groups.len());
                groups.push(Group {
                    finding,
                    message: finding.message.clone(),
                    help: finding.help.clone(),
                    subjects: vec![subject.clone()],
                });
                continue;
            };
            if group.message != finding.message {
                group.message = message;
            }
            if group.help != finding.help {
                group.help = help;
            }
            group.subjects.push(subject.clone());
        }
    }
    groups
}

/// A text in which `…` stands for the names of the package.
fn without_names(text: &str, archive: &ArchiveReport) -> String {
    let mut text = text.to_owned();
    let file_name = archive.path.file_name().unwrap_or_default();
    if !file_name.is_empty() {
        text = text.replace(file_name, "….zip");
    }
    for name in [&archive.name, &archive.bin] {
        text = text.replace(&format!("`{name}`"), "`…`");
    }
    text
}

impl Group<'_> {
    /// The order in which groups are shown.
    fn key(&self) -> (Reverse<Level>, Lint) {
        (Reverse(self.finding.level), self.finding.lint)
    }

    fn show(&self, shell: &Shell) {
        let Self {
            finding,
            message,
            help,
            subjects,
        } = self;
        // A finding about a template names its place itself.
        let message = if finding.place.is_some() || subjects.is_empty() {
            message.clone()
        } else {
            format!("{}: {message}", named(&names(subjects)))
        };
        let more = names(subjects).into_iter();
        let more = more.filter(|_| subjects.len() > MOST_NAMED);
        let more = more.map(|name| ("package", name));
        let details = more.chain(finding.names.details());
        shell.diagnostic(severity(finding), finding.lint, message, details, help);
    }
}

/// The names of packages. A zip that several resources have is named for the first of them.
fn names(subjects: &[Subject]) -> Vec<String> {
    let before = std::iter::once(None).chain(subjects.iter().map(Some));
    let name = |(subject, before): (&Subject, Option<&Subject>)| {
        let Subject { package, resource } = subject;
        match resource {
            None => package.clone(),
            Some(resource) if before.is_some_and(|before| before.package == *package) => {
                resource.clone()
            }
            Some(resource) => format!("{package} of {resource}"),
        }
    };
    subjects.iter().zip(before).map(name).collect()
}

/// The first few packages and the number of the others.
fn named(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        [first @ .., last] if names.len() <= MOST_NAMED => {
            format!("{} and {last}", first.join(", "))
        }
        _ => {
            let (first, more) = names.split_at(MOST_NAMED);
            format!("{} and {} more", first.join(", "), more.len())
        }
    }
}

fn severity(finding: &Finding) -> Severity {
    match finding.level {
        Level::Deny => Severity::Error,
        Level::Warn | Level::Allow => Severity::Warning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Diagnostic, List, Policy};

    fn archive(bin: &str, message: &str) -> ArchiveReport {
        let diagnostic = Diagnostic {
            lint: Lint::ZipTooLarge,
            message: message.to_owned(),
            help: format!("upload `{bin}`"),
            names: List::default(),
        };
        ArchiveReport {
            bin: bin.to_owned(),
            path: format!("/out/{bin}.zip").into(),
            findings: Policy::default().apply([diagnostic]),
            ..ArchiveReport::default()
        }
    }

    #[test]
    fn findings_that_differ_only_in_the_name_of_the_zip_are_one() {
        let archives = [
            archive("a", "a.zip is large"),
            archive("b", "b.zip is large"),
            archive("c", "c.zip is too large"),
        ];
        let groups = groups(&archives, Deed::Packaged);
        let said: Vec<_> = groups.iter().map(|g| (&*g.message, &*g.help)).collect();
        assert_eq!(
            said,
            [
                ("….zip is large", "upload `…`"),
                ("c.zip is too large", "upload `c`")
            ]
        );
        assert_eq!(named(&names(&groups[0].subjects)), "a and b");
    }

    #[test]
    fn a_message_names_three_packages() {
        let subjects =
            |count: usize| -> Vec<String> { (0..count).map(|n| n.to_string()).collect() };
        for (count, expected) in [(1, "0"), (3, "0, 1 and 2"), (300, "0, 1, 2 and 297 more")] {
            assert_eq!(named(&subjects(count)), expected);
        }
    }
}
