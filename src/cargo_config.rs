//! The user's Cargo configuration: files, environment and `--config`.

use camino::Utf8Path;
use cargo_config2::{Config, TermConfig, Walk};
use fs_err as fs;

use crate::error::{Error, Result};
use crate::target::Target;

/// What Cargo itself would read.
pub(crate) struct CargoConfig {
    resolved: Config,
    /// The values of `--config`, the strongest first.
    overrides: Vec<toml::Table>,
    /// The configuration files, the strongest first.
    files: Vec<toml::Table>,
}

impl CargoConfig {
    /// Reads the configuration that holds in `folder`; `overrides` are the values of `--config`.
    pub(crate) fn load(folder: &Utf8Path, overrides: &[String]) -> Result<Self> {
        let resolved = Config::load_with_cwd(folder)
            .map_err(|error| Error::CargoConfig(with_causes(&error)))?;
        // Of several --config, later ones are stronger.
        let overrides = overrides.iter().rev();
        let overrides = overrides
            .map(|text| read_override(text, folder))
            .collect::<Result<_>>()?;
        let mut files = Vec::new();
        for path in Walk::new(folder.as_std_path()) {
            let text = fs::read_to_string(&path)
                .map_err(Error::io("could not read Cargo's configuration"))?;
            // A broken file is Cargo's to report, and `resolved` above has done so.
            files.push(toml::from_str(&text).unwrap_or_default());
        }
        Ok(Self {
            resolved,
            overrides,
            files,
        })
    }

    /// The targets of `build.target` that Lambda runs.
    pub(crate) fn build_targets(&self) -> Vec<Target> {
        // --config is stronger than the environment, which is stronger than files.
        let overridden = find(&self.overrides, &["build", "target"]);
        let names: Vec<String> = match overridden {
            Some(toml::Value::String(name)) => vec![name.clone()],
            Some(toml::Value::Array(names)) => names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            _ => {
                let targets = self.resolved.build.target.iter().flatten();
                targets.map(|target| target.triple().to_owned()).collect()
            }
        };
        names.iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// The `[term]` table.
    pub(crate) fn terminal(&self) -> &TermConfig {
        &self.resolved.term
    }

    /// Whether the user has chosen a linker for `target`.
    pub(crate) fn has_linker(&self, target: Target) -> Result<bool> {
        let triple = target.triple();
        if self.value(&["target", triple, "linker"]).is_some() {
            return Ok(true);
        }
        // This also knows the environment and the tables of `target.'cfg(…)'`.
        self.resolved
            .linker(triple)
            .map(|linker| linker.is_some())
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
        let flags = self
            .resolved
            .rustflags(triple)
            .map_err(|error| Error::CargoConfig(with_causes(&error)))?;
        Ok(flags.map_or_else(Vec::new, |flags| flags.flags))
    }

    /// Whether the configuration defines the profile `name` in any way.
    pub(crate) fn has_profile(&self, name: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{}_", screaming(name));
        self.value(&["profile", name]).is_some()
            || std::env::vars_os().any(|(key, _)| key.to_string_lossy().starts_with(&variable))
    }

    /// Whether the configuration sets `key` of the profile `name`.
    pub(crate) fn sets_profile_key(&self, name: &str, key: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{}_{}", screaming(name), screaming(key));
        std::env::var_os(variable).is_some() || self.value(&["profile", name, key]).is_some()
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
