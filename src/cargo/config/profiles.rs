//! The profiles that Cargo's configuration defines or changes.

use super::resolved::{CargoConfig, variable};

impl CargoConfig {
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

    /// The profile that the profile `name` inherits by configuration.
    pub(crate) fn inherited_profile(&self, name: &str) -> Option<String> {
        let inherits = self.setting(&["profile", name, "inherits"])?;
        inherits.as_str().map(str::to_owned)
    }
}
