//! The checks of a template: do its functions and layers fit their zips?

use camino::Utf8Path;
use clap::ValueEnum;

use super::diagnostic::{Diagnostic, Finding, Place};
use super::list::List;
use super::policy::Policy;
use super::table::Lint;
use crate::cloudformation::{Architectures, Function, Layer, Stated};
use crate::lambda::{Architecture, Runtime, managed};
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
    fn shown(&self) -> String {
        quoted_name(relative_to_current(self.path).as_str())
    }
}

/// The OS-only runtime that a function states; `None` for any other, or none.
pub(crate) fn runtime_of(function: &Function) -> Option<Runtime> {
    match &function.runtime {
        Stated::Given(name, _) => exact(name),
        Stated::Absent | Stated::Unknown => None,
    }
}

/// The value of exactly this name: Lambda does not know the aliases that users may write here.
fn exact<T: ValueEnum + Copy>(name: &str) -> Option<T> {
    let mut values = T::value_variants().iter().copied();
    values.find(|value| {
        let value = value.to_possible_value();
        value.is_some_and(|value| value.get_name() == name)
    })
}

/// A diagnostic with its line.
type Found = (usize, Diagnostic);

fn mismatch(line: usize, message: String, help: String) -> Found {
    let diagnostic = Diagnostic {
        lint: Lint::TemplateMismatch,
        message,
        help,
        names: List::default(),
    };
    (line, diagnostic)
}

impl TemplateCheck<'_> {
    /// Checks a function against its zip, and against those of its layers that are known.
    pub(crate) fn function(
        &self,
        function: &Function,
        zip: &ZipFacts<'_>,
        layers: &[ZipFacts<'_>],
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        if let Some(line) = function.image_line {
            found.push(mismatch(
                line,
                format!(
                    "{} has `PackageType: Image`, so Lambda refuses its zip {}",
                    self.named(&function.id, line),
                    zip.shown()
                ),
                format!("remove `PackageType`, or `{}`", function.code_property),
            ));
        }
        found.extend(self.runtime(function, zip));
        found.extend(self.handler(function));
        found.extend(self.function_architecture(function, zip, layers));
        self.findings(found)
    }

    /// Checks a layer against its zip.
    pub(crate) fn layer(&self, layer: &Layer, zip: &ZipFacts<'_>) -> Vec<Finding> {
        let Stated::Given(given, line) = &layer.architectures else {
            return Vec::new();
        };
        let named = self.named(&layer.id, *line);
        let mut found = Vec::new();
        let known = self.known(given, *line, "CompatibleArchitectures", &layer.id);
        let known = known.unwrap_or_else(|mismatch| {
            found.push(mismatch);
            Vec::new()
        });
        if let Some(built) = zip.architecture
            && !known.is_empty()
            && !known.contains(&built)
        {
            found.push(mismatch(
                *line,
                format!(
                    "{named} is a layer for {}, but {} is built for {built}: Lambda does not compare \
                     them, and its programs would fail with `exec format error`",
                    text_of(&known),
                    zip.shown()
                ),
                format!("write `CompatibleArchitectures: [{built}]`, or make the zip again"),
            ));
        }
        self.findings(found)
    }

    fn findings(&self, found: Vec<Found>) -> Vec<Finding> {
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

    /// A resource with its file and line: `` `Orders` in template.yaml:5 ``.
    fn named(&self, id: &str, line: usize) -> String {
        let path = text::printable(relative_to_current(self.path).as_str());
        format!("{} in {path}:{line}", quoted_name(id))
    }

    fn runtime(&self, function: &Function, zip: &ZipFacts<'_>) -> Option<Found> {
        let add = format!("`Runtime: {}`", Runtime::default());
        let (name, line) = match &function.runtime {
            Stated::Unknown => return None,
            Stated::Absent if function.image_line.is_some() => return None,
            Stated::Absent => {
                let named = self.named(&function.id, function.line);
                return Some(mismatch(
                    function.line,
                    format!("{named} has no `Runtime`, which Lambda requires of a zip"),
                    format!("add {add} to its properties"),
                ));
            }
            Stated::Given(name, line) => (name, *line),
        };
        let named = self.named(&function.id, line);
        let quoted = quoted_name(name);
        let message = if exact::<Runtime>(name).is_some() {
            return None;
        } else if !managed::is_runtime(name) {
            let known = Runtime::value_variants()
                .iter()
                .map(|runtime| runtime.name());
            let closest = text::closest(name, known);
            let closest = closest.map_or_else(String::new, |closest| {
                format!("; did you mean `{closest}`?")
            });
            format!("{named} has the runtime {quoted}, which Lambda does not have{closest}")
        } else if managed::is_of_language(name) && zip.has_program {
            format!(
                "{named} has the runtime {quoted}, which does not start the `bootstrap` of {}",
                zip.shown()
            )
        } else {
            return None;
        };
        Some(mismatch(line, message, format!("write {add}")))
    }

    /// Source: the parameter `Handler` of Lambda's `CreateFunction`, with its pattern and length.
    fn handler(&self, function: &Function) -> Option<Found> {
        const LONGEST: usize = 128;
        if function.image_line.is_some() {
            return None;
        }
        let (line, what) = match &function.handler {
            Stated::Unknown => return None,
            Stated::Absent => (
                function.line,
                "no `Handler`, which Lambda requires of a zip".to_owned(),
            ),
            Stated::Given(name, line) => {
                let is_valid = !name.is_empty()
                    && name.chars().count() <= LONGEST
                    && !name.contains(char::is_whitespace);
                if is_valid {
                    return None;
                }
                let name = quoted_name(name);
                (
                    *line,
                    format!(
                        "the handler {name}, which Lambda refuses: it takes up to {LONGEST} characters without spaces"
                    ),
                )
            }
        };
        let message = format!("{} has {what}", self.named(&function.id, line));
        let help = "write `Handler: bootstrap` in its properties".to_owned();
        Some(mismatch(line, message, help))
    }

    fn function_architecture(
        &self,
        function: &Function,
        zip: &ZipFacts<'_>,
        layers: &[ZipFacts<'_>],
    ) -> Vec<Found> {
        let (stated, line, how) = match self.stated(function, zip) {
            Ok(Some(stated)) => stated,
            Ok(None) => return Vec::new(),
            Err(mismatch) => return vec![mismatch],
        };
        let id = quoted_name(&function.id);
        let named = self.named(&function.id, line);
        let other = |zip: &ZipFacts<'_>| zip.architecture.filter(|built| *built != stated);
        let mut found = Vec::new();
        if let Some(built) = other(zip) {
            found.push(mismatch(
                line,
                format!(
                    "{named} {how}, but {} is built for {built}: it would fail with `exec format \
                     error`",
                    zip.shown()
                ),
                format!("write `Architectures: [{built}]` in the properties of {id}"),
            ));
        }
        for layer in layers {
            let Some(built) = other(layer) else {
                continue;
            };
            found.push(mismatch(
                line,
                format!(
                    "{named} {how}, but its layer {} is built for {built}: what it brings would fail \
                     with `exec format error`",
                    layer.shown()
                ),
                format!("give the function a layer that is built for {stated}"),
            ));
        }
        found
    }

    /// The architecture that a function runs on, its line, and the words for it; `None` if only a
    /// deploy knows it.
    ///
    /// Source: the parameter `Architectures` of Lambda's `CreateFunction`.
    fn stated(
        &self,
        function: &Function,
        zip: &ZipFacts<'_>,
    ) -> Result<Option<(Architecture, usize, String)>, Found> {
        let (given, line) = match &function.architectures {
            Stated::Unknown => return Ok(None),
            Stated::Absent => {
                let how = "has no `Architectures`, so Lambda runs it on x86_64".to_owned();
                return Ok(Some((Architecture::X86_64, function.line, how)));
            }
            Stated::Given(given, line) => (given, *line),
        };
        let known = self.known(given, line, "Architectures", &function.id)?;
        if let [one] = known[..] {
            return Ok(Some((one, line, format!("has `Architectures: [{one}]`"))));
        }
        let one = zip.architecture.unwrap_or_default();
        Err(mismatch(
            line,
            format!(
                "{} has {} `Architectures`, and Lambda takes one",
                self.named(&function.id, line),
                known.len()
            ),
            format!("write `Architectures: [{one}]`"),
        ))
    }

    /// The architectures of a list, as Lambda knows them.
    fn known(
        &self,
        given: &Architectures,
        line: usize,
        property: &str,
        id: &str,
    ) -> Result<Vec<Architecture>, Found> {
        let named = self.named(id, line);
        let wrong = given
            .names
            .iter()
            .find(|name| exact::<Architecture>(name).is_none());
        if let Some(name) = wrong {
            let meant = Architecture::from_str(name, true);
            let meant = meant.map_or_else(|_| "x86_64` or `arm64".to_owned(), |a| a.to_string());
            return Err(mismatch(
                line,
                format!(
                    "{named} has {} among its `{property}`, which Lambda does not know",
                    quoted_name(name)
                ),
                format!("write `{meant}`"),
            ));
        }
        let known: Vec<Architecture> = given.names.iter().filter_map(|name| exact(name)).collect();
        if !given.is_list {
            let first = known.first().copied().unwrap_or_default();
            return Err(mismatch(
                line,
                format!("{named} has a text as `{property}`, and CloudFormation takes a list"),
                format!("write `{property}: [{first}]`"),
            ));
        }
        Ok(known)
    }
}

fn text_of(architectures: &[Architecture]) -> String {
    let names: Vec<&str> = architectures.iter().map(|a| a.name()).collect();
    names.join(" and ")
}
