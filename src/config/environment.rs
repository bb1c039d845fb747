//! The environment, as a layer: stronger than manifests, weaker than the command line.

use std::env;
use std::ffi::OsString;
use std::str::FromStr;

use camino::Utf8Path;

use super::partial_settings::Layer;
use crate::error::{Error, Result};
use crate::text;

/// What `CARGO_LAMBDA_ZIP_*` say, paths relative to `current_folder`. An empty variable says
/// nothing.
///
/// # Errors
/// Which variable there is not, or has a wrong value, and what is wrong with it.
pub(super) fn layer(current_folder: &Utf8Path) -> Result<Layer, String> {
    check_names(env::vars_os())?;
    let architectures = list("ARCH")?;
    let targets = list("TARGET")?;
    if architectures.is_some() && targets.is_some() {
        return Err(format!(
            "{PREFIX}ARCH and {PREFIX}TARGET exclude each other; unset one of them"
        ));
    }
    let mut layer = Layer {
        architectures,
        targets,
        runtime: variable("RUNTIME")?,
        builder: variable("BUILDER")?,
        output: variable("OUTPUT")?,
        compression: variable("COMPRESSION")?,
        max_zip_size: variable("MAX_ZIP_SIZE")?,
        max_unzipped_size: variable("MAX_UNZIPPED_SIZE")?,
        cpu: variable("CPU")?,
        reproducible: variable::<Switch>("REPRODUCIBLE")?.map(|switch| switch.0),
        folder: variable("FOLDER")?,
        ..Layer::default()
    };
    layer.resolve_paths(current_folder);
    Ok(layer)
}

/// The format that the command line, else the environment asks for.
///
/// # Errors
/// [`Error::Usage`] for a variable with a wrong value.
pub(crate) fn message_format<F>(flag: Option<F>) -> Result<F>
where
    F: FromStr<Err = String> + Default,
{
    let variable = || variable("MESSAGE_FORMAT").map_err(|why| Error::usage(why, None));
    Ok(flag
        .map_or_else(variable, |flag| Ok(Some(flag)))?
        .unwrap_or_default())
}

const PREFIX: &str = "CARGO_LAMBDA_ZIP_";

/// All that there are, without the prefix; help and README name them too.
pub(crate) const NAMES: [&str; 14] = [
    "ARCH",
    "TARGET",
    "RUNTIME",
    "BUILDER",
    "REPRODUCIBLE",
    "CPU",
    "OUTPUT",
    "COMPRESSION",
    "FOLDER",
    "MAX_ZIP_SIZE",
    "MAX_UNZIPPED_SIZE",
    "MESSAGE_FORMAT",
    "NO_INSTALL",
    "BUILD_STD",
];

/// What there are only keys and flags for: whoever names these means none of the others.
const ELSEWHERE: [&str; 6] = ["INCLUDE", "EXCLUDE", "SYMLINKS", "LAYERS", "KIND", "LINTS"];

/// Refuses variables that look like ours, say something and are none: whoever set one thinks that
/// it counts.
fn check_names(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<(), String> {
    for (variable, _) in variables.filter(|(_, value)| !value.is_empty()) {
        let variable = variable.to_string_lossy();
        let Some(name) = variable.strip_prefix(PREFIX) else {
            continue;
        };
        if NAMES.contains(&name) {
            continue;
        }
        // By what differs: with the prefix, any is like any other.
        let closest = text::closest(name, NAMES.into_iter().chain(ELSEWHERE));
        let way_out = closest.filter(|name| NAMES.contains(name)).map_or_else(
            || format!("known are {PREFIX}{}", NAMES.join(", _")),
            |closest| format!("did you mean `{PREFIX}{closest}`?"),
        );
        return Err(format!(
            "unknown environment variable `{variable}`; {way_out}"
        ));
    }
    Ok(())
}

fn text(name: &str) -> Option<String> {
    debug_assert!(NAMES.contains(&name), "{name} would be refused");
    let value = env::var_os(format!("{PREFIX}{name}"))?;
    Some(value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

fn parse<T: FromStr<Err = String>>(name: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|why| format!("{why} (in the environment variable {PREFIX}{name})"))
}

fn variable<T: FromStr<Err = String>>(name: &str) -> Result<Option<T>, String> {
    text(name).map(|text| parse(name, &text)).transpose()
}

/// Whether something is switched on.
struct Switch(bool);

impl FromStr for Switch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const WORDS: [(&str, bool); 8] = [
            ("true", true),
            ("false", false),
            ("1", true),
            ("0", false),
            ("yes", true),
            ("no", false),
            ("on", true),
            ("off", false),
        ];
        let lower = text.to_ascii_lowercase();
        let known = WORDS.iter().find(|(word, _)| *word == lower);
        let unknown = || text::unknown("value", text, WORDS.map(|(word, _)| word));
        known.map(|(_, is_on)| Self(*is_on)).ok_or_else(unknown)
    }
}

/// Whether the `text` of a variable, of a flag that has no other value, switches something on.
///
/// # Errors
/// What is wrong with it, and with which variable.
pub(crate) fn switch(name: &str, text: &str) -> Result<bool, String> {
    if text.is_empty() {
        return Ok(false);
    }
    parse::<Switch>(name, text).map(|switch| switch.0)
}

/// Values separated by commas.
fn list<T: FromStr<Err = String>>(name: &str) -> Result<Option<Vec<T>>, String> {
    let parse_all = |text: String| {
        text.split(',')
            .map(|part| parse(name, part.trim()))
            .collect()
    };
    text(name).map(parse_all).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_is_refused_unless_it_says_nothing() {
        let check =
            |name: &str, value: &str| check_names([(name.into(), value.into())].into_iter());
        for name in NAMES {
            assert_eq!(check(&format!("{PREFIX}{name}"), "x"), Ok(()));
        }
        let typo = check("CARGO_LAMBDA_ZIP_OUTPT", "x").unwrap_err();
        assert!(typo.ends_with("mean `CARGO_LAMBDA_ZIP_OUTPUT`?"), "{typo}");
        let none = check("CARGO_LAMBDA_ZIP_INCLUDE", "x").unwrap_err();
        assert!(
            none.contains("known are CARGO_LAMBDA_ZIP_ARCH, _TARGET"),
            "{none}"
        );
        assert_eq!(check("CARGO_LAMBDA_ZIP_OUTPT", ""), Ok(()));
        assert_eq!(check("CARGO_LAMBDA_OUTPT", "x"), Ok(()));
    }
}
