//! Settings of the user that a link may fail with, each with its place. They are good for messages
//! only: `cfg(…)` counts without evaluation.

use std::borrow::Cow;

use super::resolved::{CargoConfig, variable};
use crate::lambda::Target;

/// The variables with flags of rustc for all targets.
const FLAGS: [&str; 3] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
];

/// Flags of rustc with which a program for a musl target needs what the toolchain does not have: a
/// dynamic C library, or one of this machine.
const AGAINST_STATIC: [&str; 4] = [
    "-crt-static",
    "link-self-contained=no",
    "link-self-contained=off",
    "link-self-contained=n",
];

impl CargoConfig {
    /// A linker that the user has chosen for targets of all kinds: under `cfg(…)`, or in flags of
    /// rustc. `-fuse-ld` alone is none: the linker for musl ignores it.
    pub(crate) fn linker_for_all_targets(&self) -> Option<String> {
        let is_of_all = |name: &str| name.starts_with("cfg(");
        let chooses_linker =
            |flags: &str| flags.contains("linker=").then(|| "the linker".to_owned());
        self.culprit(&FLAGS, is_of_all, Some(&|_: &str| true), chooses_linker)
    }

    /// A flag of rustc with which a program for the musl target is not static, or links start files
    /// of this machine.
    pub(crate) fn flag_against_static(&self, target: Target) -> Option<String> {
        let of_target = variable(&["target", target.triple(), "rustflags"]);
        let variables = [&FLAGS[..], &[&of_target]].concat();
        let is_of_it = |name: &str| name == target.triple() || name.starts_with("cfg(");
        let found = |flags: &str| {
            let mut known = AGAINST_STATIC.iter();
            let flag = known.find(|flag| flags.contains(**flag))?;
            Some(format!("`{flag}`"))
        };
        self.culprit(&variables, is_of_it, None, found)
    }

    /// The linker of `target`, if it is chosen by `linker` or in flags of rustc, and is not installed.
    pub(crate) fn missing_linker(&self, target: Target) -> Option<String> {
        let name = variable(&["target", target.triple(), "linker"]);
        let is_missing = |linker: &str| self.environment.which(linker).is_none();
        let of_variable = self.environment.text(&name);
        if let Some(linker) = of_variable.as_deref().filter(|linker| is_missing(linker)) {
            return Some(format!("`{linker}` of the variable {name}"));
        }
        let flags = variable(&["target", target.triple(), "rustflags"]);
        let variables = [&FLAGS[..], &[&flags]].concat();
        let is_of_it = |name: &str| name == target.triple() || name.starts_with("cfg(");
        // The variable is stronger than all tables.
        let in_table = |linker: &str| of_variable.is_none() && is_missing(linker);
        let in_flags = |flags: &str| {
            let linker = linker_in(flags).filter(|linker| is_missing(linker))?;
            Some(format!("`{linker}`"))
        };
        self.culprit(&variables, is_of_it, Some(&in_table), in_flags)
    }

    /// The first setting that `in_flags` finds in flags of rustc, in one of the `variables`, in
    /// `[build]` or in a table of targets whose name `is_of_it`, or a `linker` of such a table that
    /// `is_linker` holds for.
    fn culprit(
        &self,
        variables: &[&str],
        is_of_it: impl Fn(&str) -> bool,
        is_linker: Option<&dyn Fn(&str) -> bool>,
        in_flags: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let mut of_variables = variables.iter().filter_map(|name| {
            let found = in_flags(&self.environment.text(name)?)?;
            Some(format!("{found} in the variable {name}"))
        });
        let in_table = |table: &toml::Table| {
            let flags = |table: &toml::Table| in_flags(&table.get("rustflags")?.to_string());
            let build = table.get("build").and_then(toml::Value::as_table);
            if let Some(found) = build.and_then(flags) {
                return Some(format!("{found} in `rustflags` of `[build]`"));
            }
            let targets = table.get("target").and_then(toml::Value::as_table);
            targets.into_iter().flatten().find_map(|(name, table)| {
                let table = table.as_table().filter(|_| is_of_it(name))?;
                let linker = table.get("linker").and_then(toml::Value::as_str);
                let is_linker = |linker: &&str| is_linker.is_some_and(|is| is(linker));
                if let Some(linker) = linker.filter(is_linker) {
                    return Some(format!("`linker = \"{linker}\"` of `[target.'{name}']`"));
                }
                let found = flags(table)?;
                Some(format!("{found} in `rustflags` of `[target.'{name}']`"))
            })
        };
        let overrides = self.overrides.iter();
        let overrides = overrides.map(|table| (Cow::Borrowed("--config"), table));
        let files = self.files.iter();
        let files = files.map(|file| (file.path.to_string_lossy(), &file.table));
        of_variables.next().or_else(|| {
            let mut tables = overrides.chain(files);
            tables.find_map(|(place, table)| Some(format!("{} in `{place}`", in_table(table)?)))
        })
    }
}

/// The linker that flags of rustc choose by `-C linker=PATH`, in the text of a variable or of TOML.
fn linker_in(flags: &str) -> Option<&str> {
    let (_, rest) = flags.rsplit_once("linker=")?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '\u{1f}');
    rest.split(is_end)
        .next()
        .filter(|linker| !linker.is_empty())
}
