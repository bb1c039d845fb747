//! The key under which outputs of Cargo about dependencies are kept; [`super::cache`] has a table of
//! what it contains.

use std::env;
use std::ffi::OsString;

use cargo_metadata::Metadata;
use fs_err as fs;
use serde::{Deserialize, Serialize};

use super::config::CargoConfig;
use super::lockfile::Lockfile;

/// A digest of everything that can change what Cargo says about dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CacheKey([u8; 32]);

impl CacheKey {
    /// The key at this moment. `None` if a dependency can change and not be seen: a package in a
    /// folder outside of the workspace, or a folder in the place of a registry.
    pub(crate) fn of_dependencies(
        metadata: &Metadata,
        lockfile: &Lockfile,
        config: &CargoConfig,
    ) -> Option<Self> {
        if !lockfile.has_folders_of_members_only(&metadata.packages) || config.replaces_packages() {
            return None;
        }
        let mut hash = Hash::of_toolchain(config)?;
        hash.add(env::current_dir().ok()?.as_os_str().as_encoded_bytes());
        hash.add_all(config.tables().map(toml::Table::to_string));
        hash.add(&lockfile.text);
        hash.add(fs::read(metadata.workspace_root.join("Cargo.toml")).ok()?);
        for package in &metadata.packages {
            hash.add(package.manifest_path.as_str());
            hash.add(fs::read(&package.manifest_path).ok()?);
        }
        Some(Self(hash.0.finalize().into()))
    }

    /// The key of what only depends on the toolchain. `None` if it is not known.
    pub(crate) fn of_toolchain(config: &CargoConfig) -> Option<Self> {
        let mut hash = Hash::of_toolchain(config)?;
        let rustc = config.rustc();
        hash.add(rustc.as_encoded_bytes());
        if let Ok(rustc) = fs::metadata(rustc) {
            hash.add(format!("{} {:?}", rustc.len(), rustc.modified().ok()?));
        }
        Some(Self(hash.0.finalize().into()))
    }
}

/// A hash of texts and of lists of texts. The length comes before each, so that no two sequences
/// give the same bytes.
struct Hash(blake3::Hasher);

impl Hash {
    /// A hash of the version of this tool, the variables of Cargo and rustc, and Cargo's executable.
    fn of_toolchain(config: &CargoConfig) -> Option<Self> {
        let mut hash = Self(blake3::Hasher::new());
        hash.add(env!("CARGO_PKG_VERSION"));
        let is_cargos = |name: &[u8]| name.starts_with(b"CARGO") || name.starts_with(b"RUST");
        let variables = config.environment.iter();
        let variables = variables.filter(|(name, _)| is_cargos(name.as_encoded_bytes()));
        let variables = variables.flat_map(|(name, value)| [name, value]);
        hash.add_all(variables.map(OsString::into_encoded_bytes));
        let cargo = fs::metadata(env::var_os("CARGO")?).ok()?;
        hash.add(format!("{} {:?}", cargo.len(), cargo.modified().ok()?));
        Some(hash)
    }

    fn add(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    fn add_all<T: AsRef<[u8]>>(&mut self, texts: impl Iterator<Item = T>) {
        let texts: Vec<T> = texts.collect();
        self.0.update(&(texts.len() as u64).to_le_bytes());
        for text in texts {
            self.add(text);
        }
    }
}
