//! The profiles that Cargo's configuration defines or changes.

use std::collections::BTreeSet;

use super::lookup::lookup;
use super::resolved::{CargoConfig, variable};

impl CargoConfig {
    /// A profile and those it inherits from, in this order.
    pub(crate) fn profile_and_inherited(
        &self,
        profile: &str,
        profiles: &toml::Table,
    ) -> Vec<String> {
        let mut names = Vec::new();
        let mut seen = BTreeSet::new();
        let mut current = Some(profile.to_owned());
        // Cargo refuses a circle; this loop only has to end.
        while let Some(name) = current.take().filter(|name| seen.insert(name.clone())) {
            let in_manifest = lookup(profiles, &[&name, "inherits"]);
            let in_manifest = in_manifest.and_then(toml::Value::as_str).map(str::to_owned);
            current = self.inherited_profile(&name).or(in_manifest);
            names.push(name);
        }
        names
    }

    /// True if the configuration has any key of the profile `name`.
    pub(crate) fn has_profile(&self, name: &str) -> bool {
        let path = ["profile", name];
        let prefix = format!("{}_", variable(&path));
        let mut variables = self.environment.iter();
        self.value(&path).is_some()
            || variables.any(|(key, _)| key.to_string_lossy().starts_with(&prefix))
    }

    /// True if the configuration sets `key` of the profile `name`.
    pub(crate) fn sets_profile_key(&self, name: &str, key: &str) -> bool {
        let path = ["profile", name, key];
        self.environment.has(&variable(&path)) || self.value(&path).is_some()
    }

    /// All keys of the profile `name`, as the configuration sets them.
    pub(crate) fn profile_table(&self, name: &str) -> toml::Table {
        let path = ["profile", name];
        let mut merged = toml::Table::new();
        // Weaker tables come later.
        let tables = self.tables();
        let tables = tables.filter_map(|table| lookup(table, &path)?.as_table());
        for (key, value) in tables.flatten() {
            let entry = merged.entry(key).or_insert_with(|| value.clone());
            if let (toml::Value::Table(merged), toml::Value::Table(weaker)) = (entry, value) {
                for (key, value) in weaker {
                    merged.entry(key).or_insert_with(|| value.clone());
                }
            }
        }
        for key in ["debug", "split-debuginfo"] {
            let setting = self.setting(&["profile", name, key]);
            merged.extend(setting.map(|value| (key.to_owned(), value)));
        }
        merged
    }

    /// The profile that the profile `name` inherits by configuration.
    pub(crate) fn inherited_profile(&self, name: &str) -> Option<String> {
        let inherits = self.setting(&["profile", name, "inherits"])?;
        inherits.as_str().map(str::to_owned)
    }
}
