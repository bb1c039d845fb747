//! The user's Cargo configuration: files, environment and `--config`.

use std::borrow::{Borrow, Cow};
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_config2::{Config, ResolveOptions, TermConfig, Walk};

use super::lookup::{find, lookup};
use super::read::{File, read_file, read_override};
use crate::cargo::Environment;
use crate::error::{Error, Result};
use crate::lambda::Target;

/// What Cargo itself would read.
pub(crate) struct CargoConfig {
    /// What Cargo will find in its environment.
    pub(crate) environment: Environment,
    /// None if something in it is beyond the library that resolves it.
    resolved: Option<Config>,
    /// The values of `--config`, the strongest first, each before those of the files it includes.
    overrides: Vec<toml::Table>,
    /// The configuration files, the strongest first, each before those it includes.
    files: Vec<File>,
}

impl CargoConfig {
    /// Reads the configuration that holds in `folder`; `overrides` are the values of `--config`.
    pub(crate) fn load(
        folder: &Utf8Path,
        overrides: &[String],
        environment: Environment,
    ) -> Result<Self> {
        // Cargo reads some values that this library does not, and is the one to judge them all.
        let options = ResolveOptions::default().env(environment.iter());
        let resolved = Config::load_with_options(folder, options).ok();
        // Of several --config, later ones are stronger.
        let overrides = overrides.iter().rev();
        let overrides = overrides
            .map(|text| read_override(text, folder))
            .collect::<Result<Vec<_>>>()?
            .concat();
        let mut files = Vec::new();
        for path in Walk::new(folder.as_std_path()) {
            read_file(&path, false, &mut files)?;
        }
        Ok(Self {
            environment,
            resolved,
            overrides,
            files,
        })
    }

    /// The targets of `build.target` that Lambda runs.
    pub(crate) fn build_targets(&self) -> Vec<Target> {
        let path = ["build", "target"];
        // --config is stronger than the environment, which is stronger than files.
        let variable = || {
            let value = self.environment.text("CARGO_BUILD_TARGET");
            value.map(toml::Value::String)
        };
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
        let variable = || self.environment.text("CARGO_NET_OFFLINE")?.parse().ok();
        find(&self.overrides, &path)
            .and_then(toml::Value::as_bool)
            .or_else(variable)
            .or_else(|| find(&self.files, &path)?.as_bool())
            .unwrap_or_default()
    }

    /// Whether the user has chosen a linker for `target`.
    pub(crate) fn has_linker(&self, target: Target) -> Result<bool> {
        let triple = target.triple();
        // Whether a `cfg(…)` in these tables holds for the target is not looked at, since a linker
        // that somebody chose is better left alone.
        let is_chosen = |table: &toml::Table| {
            let targets = table.get("target").and_then(toml::Value::as_table);
            targets.into_iter().flatten().any(|(name, table)| {
                (name == triple || name.starts_with("cfg(")) && table.get("linker").is_some()
            })
        };
        let variable = format!("CARGO_TARGET_{}_LINKER", screaming(triple));
        if self.unread().any(|(_, table)| is_chosen(table))
            || self.environment.has(&variable)
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
    /// [`Error::Usage`] for flags given where the library that resolves them does not look.
    pub(crate) fn rustflags(&self, target: Target) -> Result<Vec<String>> {
        let mut unread = self.unread();
        if let Some((place, _)) = unread.find(|(_, table)| sets_rustflags(table)) {
            return Err(Error::usage(
                format!(
                    "the rustflags of `{place}` would be overridden by --cpu, --reproducible or \
                     --build-std"
                ),
                "put them into .cargo/config.toml itself or RUSTFLAGS",
            ));
        }
        let unknown = "rustflags cannot be told from a configuration with unusual values";
        let config = self.resolved.as_ref();
        let config = config.ok_or_else(|| Error::CargoConfig(unknown.to_owned()))?;
        let flags = config
            .rustflags(target.triple())
            .map_err(|error| Error::CargoConfig(with_causes(&error)))?;
        Ok(flags.map_or_else(Vec::new, |flags| flags.flags))
    }

    /// What build scripts will find in the environment under `name`: as it is, or as the `[env]`
    /// table sets it where it is not set, or by force.
    pub(crate) fn build_script_variable(&self, name: &str) -> Option<OsString> {
        let value = self.value(&["env", name]);
        let text = value.and_then(|value| value.get("value").unwrap_or(value).as_str());
        let is_forced = value
            .and_then(|value| value.get("force")?.as_bool())
            .unwrap_or_default();
        let own = self.environment.get(name);
        let table = text.map(OsString::from);
        if is_forced {
            table.or(own)
        } else {
            own.or(table)
        }
    }

    /// The compiler that Cargo will call.
    pub(crate) fn rustc(&self) -> OsString {
        let variables = ["RUSTC", "CARGO_BUILD_RUSTC"];
        let overridden = || find(&self.overrides, &["build", "rustc"])?.as_str();
        let configured = || Some(self.resolved.as_ref()?.build.rustc.as_ref()?.into());
        variables
            .iter()
            .find_map(|name| self.environment.get(name))
            .or_else(|| overridden().map(OsString::from))
            .or_else(configured)
            .unwrap_or_else(|| "rustc".into())
    }

    /// Whether the configuration defines the profile `name` in any way.
    pub(crate) fn has_profile(&self, name: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{}_", screaming(name));
        self.value(&["profile", name]).is_some()
            || self
                .environment
                .iter()
                .any(|(key, _)| key.to_string_lossy().starts_with(&variable))
    }

    /// Whether the configuration sets `key` of the profile `name`.
    pub(crate) fn sets_profile_key(&self, name: &str, key: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{}_{}", screaming(name), screaming(key));
        self.environment.has(&variable) || self.value(&["profile", name, key]).is_some()
    }

    /// The profile that the configuration lets the profile `name` inherit.
    pub(crate) fn inherited_profile(&self, name: &str) -> Option<String> {
        let path = ["profile", name, "inherits"];
        let variable = format!("CARGO_PROFILE_{}_INHERITS", screaming(name));
        let text = |value: &toml::Value| value.as_str().map(str::to_owned);
        find(&self.overrides, &path)
            .and_then(text)
            .or_else(|| self.environment.text(&variable))
            .or_else(|| find(&self.files, &path).and_then(text))
    }

    /// The target folder that files and environment name.
    pub(crate) fn target_folder(&self) -> Option<Utf8PathBuf> {
        let folder = self.resolved.as_ref()?.build.target_dir.clone()?;
        Utf8PathBuf::from_path_buf(folder).ok()
    }

    /// Whether it puts folders in the place of packages from elsewhere: of single ones, or of all
    /// of a registry. The environment cannot.
    pub(crate) fn replaces_packages(&self) -> bool {
        let is_folder = |source: &toml::Value| {
            let keys = ["directory", "local-registry"];
            keys.iter().any(|key| source.get(key).is_some())
        };
        self.tables().any(|table| {
            let sources = table.get("source").and_then(toml::Value::as_table);
            let mut sources = sources.into_iter().flatten();
            table.contains_key("paths") || sources.any(|(_, source)| is_folder(source))
        })
    }

    /// Everything that is configured, the strongest first.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &toml::Table> {
        self.overrides
            .iter()
            .chain(self.files.iter().map(Borrow::borrow))
    }

    /// The tables that the library for `resolved` does not read, and where they are.
    fn unread(&self) -> impl Iterator<Item = (Cow<'_, str>, &toml::Table)> {
        let overrides = self.overrides.iter();
        let included = self.files.iter().filter(|file| file.is_included);
        let overrides = overrides.map(|table| (Cow::Borrowed("--config"), table));
        overrides.chain(included.map(|file| (file.path.to_string_lossy(), &file.table)))
    }

    fn value(&self, path: &[&str]) -> Option<&toml::Value> {
        find(&self.overrides, path).or_else(|| find(&self.files, path))
    }
}

/// Whether any flags of rustc are set, for whatever target.
fn sets_rustflags(table: &toml::Table) -> bool {
    let targets = table.get("target").and_then(toml::Value::as_table);
    let mut targets = targets.into_iter().flatten();
    lookup(table, &["build", "rustflags"]).is_some()
        || targets.any(|(_, target)| target.get("rustflags").is_some())
}

fn screaming(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
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
