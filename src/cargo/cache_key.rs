//! What Cargo's answers rest on, by content.

use std::env;
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, Package};
use fs_err as fs;

use super::config::CargoConfig;
use super::lockfile::Lockfile;

/// Of a ground.
pub(crate) type Digest = [u8; 32];

/// What the description of a workspace rests on, without its dependencies: who belongs to it, and
/// what there is to be built. `start` is where Cargo begins to look for it. None if not all of it
/// can be told.
pub(crate) fn of_members(
    metadata: &Metadata,
    start: &Utf8Path,
    config: &CargoConfig,
) -> Option<Digest> {
    let mut ground = Ground::of_any(config)?;
    // One that is nearer, or that claims what is below it, would count.
    ground.add_all(start.ancestors().map(Utf8Path::as_str));
    for folder in start.ancestors() {
        ground.add_if_there(&folder.join("Cargo.toml"));
    }
    let root = fs::read_to_string(metadata.workspace_root.join("Cargo.toml")).ok()?;
    ground.add(&root);
    // The manifests say how many of these there are.
    for pattern in member_patterns(&root)? {
        ground.add_members(&metadata.workspace_root, &pattern)?;
    }
    ground.add_manifests(&metadata.packages)?;
    for package in &metadata.packages {
        ground.add_targets(package.manifest_path.parent()?);
    }
    Some(ground.digest())
}

/// What resolved dependencies rest on: all of it but packages that never change, which are those of
/// single commits and from registries, unless folders take the place of these. None if anything
/// else is outside the workspace, or if not all can be told.
pub(crate) fn of_dependencies(
    metadata: &Metadata,
    lockfile: &Lockfile,
    config: &CargoConfig,
) -> Option<Digest> {
    if !lockfile.has_folders_of_members_only(&metadata.packages) || config.replaces_packages() {
        return None;
    }
    let mut ground = Ground::of_any(config)?;
    ground.add(&lockfile.text);
    ground.add(fs::read(metadata.workspace_root.join("Cargo.toml")).ok()?);
    ground.add_manifests(&metadata.packages)?;
    Some(ground.digest())
}

/// The patterns by which the manifest of a workspace names members; none if that is not how Cargo
/// takes it.
fn member_patterns(manifest: &str) -> Option<Vec<String>> {
    let manifest: toml::Table = toml::from_str(manifest).ok()?;
    let members = manifest.get("workspace").and_then(|w| w.get("members"));
    let Some(members) = members else {
        return Some(Vec::new());
    };
    let members = members.as_array()?.iter();
    members.map(|m| m.as_str().map(str::to_owned)).collect()
}

/// A digest of texts and lists of texts in the making. Each has its length before it, so that none
/// reads like another.
struct Ground(blake3::Hasher);

impl Ground {
    /// What every answer of Cargo's rests on.
    fn of_any(config: &CargoConfig) -> Option<Self> {
        let mut ground = Self(blake3::Hasher::new());
        // Another version of this tool may take an answer otherwise.
        ground.add(env!("CARGO_PKG_VERSION"));
        ground.add(env::current_dir().ok()?.as_os_str().as_encoded_bytes());
        ground.add_all(config.tables().map(toml::Table::to_string));
        let is_cargos = |name: &[u8]| name.starts_with(b"CARGO") || name.starts_with(b"RUST");
        let variables = config.environment.iter();
        let variables = variables.filter(|(name, _)| is_cargos(name.as_encoded_bytes()));
        let variables = variables.flat_map(|(name, value)| [name, value]);
        ground.add_all(variables.map(OsString::into_encoded_bytes));
        // Another toolchain may answer otherwise. To ask for its version would be a question more.
        let cargo = fs::metadata(env::var_os("CARGO")?).ok()?;
        ground.add(format!("{} {:?}", cargo.len(), cargo.modified().ok()?));
        Some(ground)
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

    fn digest(self) -> Digest {
        self.0.finalize().into()
    }

    /// A file that need not be there.
    fn add_if_there(&mut self, path: &Utf8Path) {
        let contents = fs::read(path).ok();
        self.add([u8::from(contents.is_some())]);
        self.add(contents.unwrap_or_default());
    }

    fn add_manifests(&mut self, packages: &[Package]) -> Option<()> {
        self.add_all(
            packages
                .iter()
                .map(|package| package.manifest_path.as_str()),
        );
        for package in packages {
            self.add(fs::read(&package.manifest_path).ok()?);
        }
        Some(())
    }

    /// The files that Cargo makes targets of without being told.
    fn add_targets(&mut self, package: &Utf8Path) {
        for folder in ["src", "src/bin", "examples", "tests", "benches"] {
            self.add_listing(&package.join(folder), "main.rs");
        }
        self.add([u8::from(package.join("build.rs").is_file())]);
    }

    /// The packages that `pattern` stands for. None for one that only Cargo can take apart.
    fn add_members(&mut self, root: &Utf8Path, pattern: &str) -> Option<()> {
        let is_plain = |path: &str| !path.contains(['*', '?', '[']);
        if is_plain(pattern) {
            return Some(());
        }
        let folder = pattern.strip_suffix('*')?;
        if !is_plain(folder) || !(folder.is_empty() || folder.ends_with('/')) {
            return None;
        }
        self.add_listing(&root.join(folder), "Cargo.toml");
        Some(())
    }

    /// What is in a folder, and which of these are folders with a `file`.
    fn add_listing(&mut self, folder: &Utf8Path, file: &str) {
        let paths = listing(folder);
        let has_file = |path: &Utf8PathBuf| u8::from(path.join(file).is_file());
        let having: Vec<u8> = paths.iter().map(has_file).collect();
        self.add_all(paths.iter().map(|path| path.as_str()));
        self.add(having);
    }
}

/// What is in a folder, sorted; nothing if there is none.
fn listing(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder.read_dir_utf8().into_iter().flatten();
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .collect();
    paths.sort_unstable();
    paths
}
