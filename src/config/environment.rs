//! The environment, as a layer: stronger than manifests, weaker than the command line.

use std::env;
use std::str::FromStr;

use camino::Utf8Path;

use super::Layer;
use crate::error::{Error, Result};

/// What `CARGO_LAMBDA_ZIP_*` say, paths relative to `current_folder`. An empty variable says
/// nothing.
///
/// # Errors
/// Which variable has a wrong value, and what is wrong with it.
pub(super) fn layer(current_folder: &Utf8Path) -> Result<Layer, String> {
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
        reproducible: switch("REPRODUCIBLE"),
        also_binary: switch("ALSO_BINARY"),
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

fn text(name: &str) -> Option<String> {
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

/// Whether something is switched on, if the variable says anything.
fn switch(name: &str) -> Option<bool> {
    const OFF: [&str; 4] = ["0", "false", "no", "off"];
    text(name).map(|text| !OFF.contains(&text.to_ascii_lowercase().as_str()))
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
