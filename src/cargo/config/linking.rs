//! The linker and the flags of rustc that the user has configured.

use std::borrow::Cow;
use std::ffi::OsString;

use super::lookup::lookup;
use super::resolved::{CargoConfig, variable};
use crate::error::{Error, Result};
use crate::lambda::Target;

impl CargoConfig {
    /// True if the user has chosen a linker for `target`.
    ///
    /// # Errors
    /// [`Error::CargoConfig`] if a `cfg(…)` cannot be evaluated.
    pub(crate) fn has_linker(&self, target: Target) -> Result<bool> {
        let triple = target.triple();
        let path = ["target", triple, "linker"];
        // A `cfg(…)` in these tables counts without evaluation: this tool does not replace a linker
        // that the user may have chosen.
        let is_chosen = |table: &toml::Table| {
            let targets = table.get("target").and_then(toml::Value::as_table);
            targets.into_iter().flatten().any(|(name, table)| {
                (name == triple || name.starts_with("cfg(")) && table.get("linker").is_some()
            })
        };
        if self.unread().any(|(_, table)| is_chosen(table))
            || self.environment.has(&variable(&path))
            || self.value(&path).is_some()
        {
            return Ok(true);
        }
        // The library also evaluates `target.'cfg(…)'` in files.
        let linker = self.resolved.as_ref().map(|config| config.linker(triple));
        linker
            .transpose()
            .map(|linker| linker.flatten().is_some())
            .map_err(|error| Error::CargoConfig(with_causes(&error)))
    }

    /// The linker that the user has chosen for `target`, if it can be told.
    pub(crate) fn linker(&self, target: Target) -> Option<OsString> {
        let path = ["target", target.triple(), "linker"];
        if let Some(linker) = self.environment.text(&variable(&path)) {
            return Some(linker.into());
        }
        let config = self.resolved.as_ref();
        let linker = config.and_then(|config| config.linker(target.triple()).ok()?);
        match linker {
            Some(linker) => Some(linker.into()),
            None => self.value(&path)?.as_str().map(OsString::from),
        }
    }

    /// The user's flags of rustc for `target`, as Cargo resolves them.
    ///
    /// # Errors
    /// [`Error::Usage`] for flags in a place that the resolving library does not read.
    pub(crate) fn rustflags(&self, target: Target) -> Result<Vec<String>> {
        let mut unread = self.unread();
        if let Some((place, _)) = unread.find(|(_, table)| sets_rustflags(table)) {
            return Err(Error::usage(
                format!(
                    "the rustflags of `{place}` would be overridden by --cpu, --reproducible, \
                     --debug-file or --build-std"
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

    /// The tables that the resolving library does not read, with their places.
    pub(super) fn unread(&self) -> impl Iterator<Item = (Cow<'_, str>, &toml::Table)> {
        let overrides = self.overrides.iter();
        let included = self.files.iter().filter(|file| file.is_included);
        let overrides = overrides.map(|table| (Cow::Borrowed("--config"), table));
        overrides.chain(included.map(|file| (file.path.to_string_lossy(), &file.table)))
    }
}

/// True if flags of rustc are set, for any target.
fn sets_rustflags(table: &toml::Table) -> bool {
    let targets = table.get("target").and_then(toml::Value::as_table);
    let mut targets = targets.into_iter().flatten();
    lookup(table, &["build", "rustflags"]).is_some()
        || targets.any(|(_, target)| target.get("rustflags").is_some())
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
