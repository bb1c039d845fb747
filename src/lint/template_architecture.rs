//! The architectures that a template states, against those of its zips.

use clap::ValueEnum;

use super::template_check::{Found, TemplateCheck, ZipFacts, exact, mismatch};
use crate::cloudformation::{Architectures, Function, Stated};
use crate::lambda::Architecture;
use crate::text::quoted_name;

impl TemplateCheck<'_> {
    pub(super) fn function_architecture(
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
    pub(super) fn known(
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

pub(super) fn text_of(architectures: &[Architecture]) -> String {
    let names: Vec<&str> = architectures.iter().map(|a| a.name()).collect();
    names.join(" and ")
}
