//! All flags of rustc that the user has set, for lints.

use super::lookup::lookup;
use super::resolved::CargoConfig;
use crate::lambda::Target;

impl CargoConfig {
    /// The user's flags of rustc for `target` and a profile, the strongest last. `profiles` is the
    /// `[profile]` table of the workspace.
    ///
    /// Unlike [`Self::rustflags`], this reads every place, and takes flags under `cfg(…)` in
    /// `--config` and included files without evaluation: it is good for lints only.
    pub(in crate::cargo) fn all_rustflags(
        &self,
        target: Target,
        profile: &str,
        profiles: &toml::Table,
    ) -> Vec<String> {
        let triple = target.triple();
        let resolved = self.resolved.as_ref();
        let resolved = resolved.and_then(|config| config.rustflags(triple).ok()?);
        let mut flags = resolved.map_or_else(Vec::new, |flags| flags.flags);
        // These variables are stronger than all configuration.
        let variables = ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"];
        if !variables.iter().any(|name| self.environment.has(name)) {
            let mut unread: Vec<&toml::Table> = self.unread().map(|(_, table)| table).collect();
            unread.reverse();
            for table in unread {
                flags.extend(flags_in(lookup(table, &["build", "rustflags"])));
                let targets = table.get("target").and_then(toml::Value::as_table);
                for (name, table) in targets.into_iter().flatten() {
                    if name == triple || name.starts_with("cfg(") {
                        flags.extend(flags_in(table.get("rustflags")));
                    }
                }
            }
        }
        for name in self.profile_and_inherited(profile, profiles).iter().rev() {
            flags.extend(flags_in(lookup(profiles, &[name, "rustflags"])));
            flags.extend(flags_in(self.profile_table(name).get("rustflags")));
        }
        flags
    }
}

/// The flags in a list, or in a text with spaces between them.
fn flags_in(value: Option<&toml::Value>) -> Vec<String> {
    match value {
        Some(toml::Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(toml::Value::Array(list)) => {
            let flags = list.iter().filter_map(toml::Value::as_str);
            flags.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
