//! The user's Cargo configuration: files, environment and `--config`.

use std::env;
use std::path::Path;

use camino::Utf8Path;
use cargo_config2::{Config, TermConfig, Walk};
use fs_err as fs;

use crate::error::{Error, Result};
use crate::target::Target;

/// What Cargo itself would read.
pub(crate) struct CargoConfig {
    /// None if something in it is beyond the library that resolves it.
    resolved: Option<Config>,
    /// The values of `--config`, the strongest first.
    overrides: Vec<toml::Table>,
    /// The configuration files, the strongest first, each before those it includes.
    files: Vec<toml::Table>,
}

impl CargoConfig {
    /// Reads the configuration that holds in `folder`; `overrides` are the values of `--config`.
    pub(crate) fn load(folder: &Utf8Path, overrides: &[String]) -> Result<Self> {
        // Cargo reads some values that this library does not, and is the one to judge them all.
        let resolved = Config::load_with_cwd(folder).ok();
        // Of several --config, later ones are stronger.
        let overrides = overrides.iter().rev();
        let overrides = overrides
            .map(|text| read_override(text, folder))
            .collect::<Result<_>>()?;
        let mut files = Vec::new();
        for path in Walk::new(folder.as_std_path()) {
            read_file(&path, &mut files)?;
        }
        Ok(Self {
            resolved,
            overrides,
            files,
        })
    }

    /// The targets of `build.target` that Lambda runs.
    pub(crate) fn build_targets(&self) -> Vec<Target> {
        let path = ["build", "target"];
        // --config is stronger than the environment, which is stronger than files.
        let variable = || env::var("CARGO_BUILD_TARGET").ok().map(toml::Value::String);
        let value = find(&self.overrides, &path)
            .cloned()
            .or_else(variable)
            .or_else(|| find(&self.files, &path).cloned());
        let names = match value {
            Some(toml::Value::Array(names)) => names,
            value => value.into_iter().collect(),
        };
        let targets = names.iter().filter_map(toml::Value::as_str);
        targets.filter_map(|name| name.parse().ok()).collect()
    }

    /// The `[term]` table.
    pub(crate) fn terminal(&self) -> TermConfig {
        let configured = self.resolved.as_ref().map(|config| config.term.clone());
        let mut terminal = configured.unwrap_or_default();
        for (key, value) in [
            ("quiet", &mut terminal.quiet),
            ("verbose", &mut terminal.verbose),
        ] {
            let overridden = find(&self.overrides, &["term", key]);
            *value = overridden.and_then(toml::Value::as_bool).or(*value);
        }
        terminal
    }

    /// Whether nothing may be fetched.
    pub(crate) fn is_offline(&self) -> bool {
        let path = ["net", "offline"];
        let variable = || env::var("CARGO_NET_OFFLINE").ok()?.parse().ok();
        find(&self.overrides, &path)
            .and_then(toml::Value::as_bool)
            .or_else(variable)
            .or_else(|| find(&self.files, &path)?.as_bool())
            .unwrap_or_default()
    }

    /// Whether the user has chosen a linker for `target`.
    pub(crate) fn has_linker(&self, target: Target) -> Result<bool> {
        let triple = target.triple();
        // Tables that the library below does not read: whether a `cfg(…)` in them holds for the
        // target is not looked at, since a linker that somebody chose is better left alone.
        let is_chosen = |source: &toml::Table| {
            let targets = source.get("target").and_then(toml::Value::as_table);
            targets.into_iter().flatten().any(|(name, table)| {
                (name == triple || name.starts_with("cfg(")) && table.get("linker").is_some()
            })
        };
        let variable = format!("CARGO_TARGET_{}_LINKER", screaming(triple));
        if self.overrides.iter().any(is_chosen)
            || env::var_os(variable).is_some()
            || self.value(&["target", triple, "linker"]).is_some()
        {
            return Ok(true);
        }
        // This also knows the environment and the tables of `target.'cfg(…)'`.
        let linker = self.resolved.as_ref().map(|config| config.linker(triple));
        linker
            .transpose()
            .map(|linker| linker.flatten().is_some())
            .map_err(|error| Error::CargoConfig(with_causes(&error)))
    }

    /// The user's flags of rustc for `target`, as Cargo resolves them.
    ///
    /// # Errors
    /// [`Error::Usage`] for flags given by `--config`, which cannot be told from here.
    pub(crate) fn rustflags(&self, target: Target) -> Result<Vec<String>> {
        let triple = target.triple();
        for path in [
            &["build", "rustflags"][..],
            &["target", triple, "rustflags"],
        ] {
            if find(&self.overrides, path).is_some() {
                return Err(Error::usage(
                    format!(
                        "`--config {}` would be overridden by --cpu or --build-std",
                        path.join(".")
                    ),
                    "put the flags into .cargo/config.toml or RUSTFLAGS",
                ));
            }
        }
        let in_cfg = |table: &toml::Table| {
            let targets = table.get("target").and_then(toml::Value::as_table);
            targets
                .into_iter()
                .flatten()
                .any(|(_, target)| target.get("rustflags").is_some())
        };
        if self.overrides.iter().any(in_cfg) {
            return Err(Error::usage(
                "rustflags of `--config target.…` would be overridden by --cpu, --reproducible or \
                 --build-std",
                "put the flags into .cargo/config.toml or RUSTFLAGS",
            ));
        }
        let unknown = "rustflags cannot be told from a configuration with unusual values";
        let config = self.resolved.as_ref();
        let config = config.ok_or_else(|| Error::CargoConfig(unknown.to_owned()))?;
        let flags = config
            .rustflags(triple)
            .map_err(|error| Error::CargoConfig(with_causes(&error)))?;
        Ok(flags.map_or_else(Vec::new, |flags| flags.flags))
    }

    /// Whether the configuration defines the profile `name` in any way.
    pub(crate) fn has_profile(&self, name: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{}_", screaming(name));
        self.value(&["profile", name]).is_some()
            || env::vars_os().any(|(key, _)| key.to_string_lossy().starts_with(&variable))
    }

    /// Whether the configuration sets `key` of the profile `name`.
    pub(crate) fn sets_profile_key(&self, name: &str, key: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{}_{}", screaming(name), screaming(key));
        env::var_os(variable).is_some() || self.value(&["profile", name, key]).is_some()
    }

    fn value(&self, path: &[&str]) -> Option<&toml::Value> {
        find(&self.overrides, path).or_else(|| find(&self.files, path))
    }
}

fn find<'a>(tables: &'a [toml::Table], path: &[&str]) -> Option<&'a toml::Value> {
    tables.iter().find_map(|table| lookup(table, path))
}

fn lookup<'a>(table: &'a toml::Table, path: &[&str]) -> Option<&'a toml::Value> {
    let (last, tables) = path.split_last()?;
    tables
        .iter()
        .try_fold(table, |table, key| table.get(*key)?.as_table())?
        .get(*last)
}

fn screaming(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// Cargo allows no cycles of includes; a bound keeps this tool from following one.
const ENOUGH_FILES: usize = 100;

/// Appends the tables of a configuration file and of those it includes.
fn read_file(path: &Path, files: &mut Vec<toml::Table>) -> Result<()> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        // An include may be optional; where it is not, Cargo says so.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("could not read Cargo's configuration")(error)),
    };
    // A broken file is Cargo's to report.
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let includes = includes(&table);
    files.push(table);
    if files.len() < ENOUGH_FILES {
        let folder = path.parent().unwrap_or(Path::new(""));
        for include in includes {
            read_file(&folder.join(include), files)?;
        }
    }
    Ok(())
}

/// `include = "PATH"`, or a list of paths and of tables with a `path`.
fn includes(table: &toml::Table) -> Vec<String> {
    let path = |value: &toml::Value| {
        let path = value.get("path").unwrap_or(value).as_str();
        path.map(str::to_owned)
    };
    match table.get("include") {
        Some(toml::Value::Array(list)) => list.iter().rev().filter_map(path).collect(),
        Some(value) => path(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// `KEY=VALUE`, or a file of such.
fn read_override(text: &str, folder: &Utf8Path) -> Result<toml::Table> {
    let path = folder.join(text);
    let text = if path.is_file() {
        fs::read_to_string(&path).map_err(Error::io("could not read a file of `--config`"))?
    } else {
        text.to_owned()
    };
    toml::from_str(&text).map_err(|error| {
        Error::usage(
            format!(
                "`--config {text}` is neither a file nor KEY=VALUE in TOML: {}",
                error.message()
            ),
            "strings need quotes of their own: --config 'build.target-dir=\"out\"'",
        )
    })
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
