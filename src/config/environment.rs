//! The environment as a source: above Cargo.toml and below the command line.

use std::env;
use std::ffi::OsString;
use std::str::FromStr;

use camino::Utf8Path;

use super::definition::{Command, Definition, PREFIX};
use super::settings_table::PartialSettings;
use super::table::Visitor;
use super::value::{Given, Takes, Value};
use crate::error::{Error, Result};
use crate::text;

/// Reads settings from the environment. An empty variable does not give a setting.
pub(crate) struct Environment<F> {
    /// The value of a variable, by its full name.
    value: F,
    /// If there is one, only settings that this command takes are read.
    command: Option<Command>,
    result: Result<(), String>,
}

/// The variables of this process; if a command is given, only for settings that it takes.
pub(crate) fn of_process(command: Option<Command>) -> Environment<fn(&str) -> Option<OsString>> {
    Environment {
        value: |name| env::var_os(name),
        command,
        result: Ok(()),
    }
}

impl<F: Fn(&str) -> Option<OsString>> Environment<F> {
    /// # Errors
    /// [`Error::Usage`] for the first variable with a wrong value.
    pub(crate) fn finish(self) -> Result<()> {
        self.result.map_err(|message| Error::usage(message, None))
    }

    fn read<V: Given>(&self, name: &str, value: &mut V) -> Result<(), String> {
        let text = (self.value)(name).unwrap_or_default();
        let text = text.to_string_lossy();
        if text.is_empty() {
            return Ok(());
        }
        let words: Vec<&str> = match V::TAKES {
            Takes::Several => text.split(',').map(str::trim).collect(),
            Takes::Nothing | Takes::One | Takes::OneEach => vec![&text],
        };
        let parse = |word: &str| {
            V::Word::from_str(word)
                .map_err(|error| format!("{error} (in the environment variable {name})"))
        };
        let words: Vec<V::Word> = words.into_iter().map(parse).collect::<Result<_, _>>()?;
        *value = V::from_words(words.into_iter());
        Ok(())
    }
}

impl<F: Fn(&str) -> Option<OsString>> Visitor for Environment<F> {
    fn setting<V: Given>(&mut self, definition: &'static Definition, value: &mut V) {
        let is_taken = |command| definition.flag_of(command).is_some();
        if let Some(name) = definition.full_variable()
            && self.command.is_none_or(is_taken)
            && self.result.is_ok()
        {
            self.result = self.read(&name, value);
        }
    }

    fn key<V: Value>(&mut self, _: &'static Definition, _: &mut V) {}
}

impl PartialSettings {
    /// The settings that the environment gives, with paths relative to `current_folder`.
    ///
    /// # Errors
    /// [`Error::Usage`] for a wrong value, and for an architecture together with a target.
    pub(crate) fn from_environment(current_folder: &Utf8Path) -> Result<Self> {
        let mut settings = Self::default();
        let mut environment = of_process(None);
        settings.visit(&mut environment);
        environment.finish()?;
        if settings.architectures.is_some() && settings.targets.is_some() {
            let message = format!("{PREFIX}ARCH and {PREFIX}TARGET exclude each other");
            return Err(Error::usage(message, "unset one of them"));
        }
        settings.resolve_paths(current_folder);
        Ok(settings)
    }
}

/// Refuses variables of this process that begin with the prefix, have a value and belong to none of
/// the `definitions`: they would have no effect.
///
/// # Errors
/// [`Error::Usage`] with the closest name.
pub(crate) fn check_names(definitions: &[&Definition]) -> Result<()> {
    check(definitions, env::vars_os()).map_err(|message| Error::usage(message, None))
}

fn check(
    definitions: &[&Definition],
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<(), String> {
    let mut known: Vec<&str> = definitions.iter().filter_map(|d| d.variable).collect();
    known.dedup();
    for (variable, _) in variables.filter(|(_, value)| !value.is_empty()) {
        let variable = variable.to_string_lossy();
        let Some(name) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        if known.contains(&name) {
            continue;
        }
        // A name that only a key or a flag has is not a misspelt variable. Names are compared
        // without the prefix, which would make all of them alike.
        let others: Vec<String> = definitions
            .iter()
            .flat_map(|d| without_variable(d))
            .collect();
        let candidates = known.iter().copied();
        let candidates = candidates.chain(others.iter().map(String::as_str));
        let closest = text::closest(name, candidates).filter(|name| known.contains(name));
        let way_out = closest.map_or_else(
            || format!("known are {PREFIX}{}", known.join(", _")),
            |closest| format!("did you mean `{PREFIX}{closest}`?"),
        );
        return Err(format!(
            "unknown environment variable `{variable}`; {way_out}"
        ));
    }
    Ok(())
}

/// The names that a variable would have for a setting without one.
fn without_variable(definition: &Definition) -> Vec<String> {
    if definition.variable.is_some() {
        return Vec::new();
    }
    let flag = definition.flag.as_ref().map(|flag| flag.long.to_owned());
    let names = definition.key().into_iter().chain(flag);
    names
        .map(|name| name.replace('-', "_").to_uppercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::{Architecture, Runtime};

    fn read(variable: &str, text: &str) -> Result<PartialSettings, String> {
        let value = |name: &str| (name == variable).then(|| text.into());
        let mut environment = Environment {
            value,
            command: None,
            result: Ok(()),
        };
        let mut settings = PartialSettings::default();
        settings.visit(&mut environment);
        environment.result.map(|()| settings)
    }

    #[test]
    fn values_and_lists_are_read() {
        let settings = read("CARGO_LAMBDA_ZIP_RUNTIME", "provided.al2").unwrap();
        assert_eq!(settings.runtime, Some(Runtime::Al2));
        let settings = read("CARGO_LAMBDA_ZIP_ARCH", "arm64, x86_64").unwrap();
        let both = vec![Architecture::Arm64, Architecture::X86_64];
        assert_eq!(settings.architectures, Some(both));
        let settings = read("CARGO_LAMBDA_ZIP_RUNTIME", "").unwrap();
        assert_eq!(settings.runtime, None);
    }

    #[test]
    fn a_wrong_value_names_its_variable() {
        let error = read("CARGO_LAMBDA_ZIP_MAX_ZIP_SIZE", "much").unwrap_err();
        assert!(
            error.contains("variable CARGO_LAMBDA_ZIP_MAX_ZIP_SIZE"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_name_is_refused_if_it_has_a_value() {
        let definitions = PartialSettings::definitions();
        let check = |name: &str, value: &str| {
            check(&definitions, [(name.into(), value.into())].into_iter())
        };
        for name in definitions.iter().filter_map(|d| d.full_variable()) {
            assert_eq!(check(&name, "x"), Ok(()));
        }
        let typo = check("CARGO_LAMBDA_ZIP_OUTPT", "x").unwrap_err();
        assert!(typo.ends_with("mean `CARGO_LAMBDA_ZIP_OUTPUT`?"), "{typo}");
        for name in ["INCLUDE", "EXCLUDE_FILE", "LAYERS"] {
            let error = check(&format!("CARGO_LAMBDA_ZIP_{name}"), "x").unwrap_err();
            assert!(
                error.contains("known are CARGO_LAMBDA_ZIP_ARCH, _TARGET"),
                "{error}"
            );
        }
        assert_eq!(check("CARGO_LAMBDA_ZIP_OUTPT", ""), Ok(()));
        assert_eq!(check("CARGO_LAMBDA_OUTPT", "x"), Ok(()));
    }
}
