//! The wrapper of rustc that the user has configured.

use super::resolved::CargoConfig;

impl CargoConfig {
    /// The program that Cargo calls rustc with, such as sccache: a name, or an absolute path. `None`
    /// if there is none, or if it is a relative path, which Cargo reads from several folders.
    pub(in crate::cargo) fn rustc_wrapper(&self) -> Option<String> {
        // Cargo takes the variable before all configuration. Without text it stands for no wrapper.
        let wrapper = if let Some(wrapper) = self.environment.get("RUSTC_WRAPPER") {
            wrapper.into_string().ok()?
        } else {
            let wrapper = self.setting(&["build", "rustc-wrapper"])?;
            wrapper.as_str()?.to_owned()
        };
        let is_name = !wrapper.is_empty() && !wrapper.contains(['/', '\\']);
        (is_name || camino::Utf8Path::new(&wrapper).is_absolute()).then_some(wrapper)
    }

    /// True if the `[env]` table sets the variable for rustc and build scripts.
    pub(in crate::cargo) fn sets_variable(&self, name: &str) -> bool {
        self.value(&["env", name]).is_some()
    }
}
