//! The workspace, as `cargo metadata` describes it.

use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use fs_err as fs;
use serde::{Deserialize, Serialize};

use super::cache::{self, CachedOutput};
use super::cache_key::CacheKey;
use super::config::CargoConfig;
use super::lockfile::Lockfile;
use super::options::{CargoOptions, ManifestOptions};
use super::process::{self, Process};
use super::refusal;
use crate::cache_file;
use crate::error::{Error, Result};

/// The output of `cargo metadata` without dependencies, which takes no lock and no network.
pub(crate) struct Workspace {
    pub(crate) metadata: Metadata,
    /// The folder into which Cargo builds; `--target-dir` counts.
    pub(crate) target_folder: Utf8PathBuf,
    /// True if outputs of Cargo are stored for the next run.
    stores: bool,
    /// Set if `metadata` is that of an earlier run.
    guess: Mutex<Option<Guess>>,
}

/// The use of what earlier runs have stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// True if the metadata of an earlier run will do until Cargo confirms it.
    pub(crate) guesses: bool,
    /// True if outputs of Cargo are stored for the next run.
    pub(crate) stores: bool,
}

/// The metadata of an earlier run, as it is stored.
#[derive(Serialize, Deserialize)]
struct Remembered {
    text: String,
    /// The digest of the manifests that it describes.
    manifests: [u8; 32],
}

/// The metadata of an earlier run, while Cargo runs to confirm it.
struct Guess {
    text: String,
    file: Utf8PathBuf,
    current: JoinHandle<Result<String>>,
}

impl Workspace {
    /// Reads the workspace. The metadata is that of an earlier run, which [`Workspace::confirm`] has
    /// to confirm, or that of Cargo.
    ///
    /// # Errors
    /// [`Error::Metadata`] if Cargo cannot read the workspace, [`Error::Usage`] if it would never end.
    pub(crate) fn load(
        options: &CargoOptions,
        current_folder: &Utf8Path,
        config: &CargoConfig,
        memory: Memory,
    ) -> Result<Self> {
        refusal::refuse_endless(current_folder, options.manifest.manifest_path.as_deref())?;
        let command = metadata_command(&options.manifest)
            .args(options.compilation.settings())
            .with_given(&config.environment);
        let given = options.compilation.target_dir.as_ref();
        let given = given.map(|folder| current_folder.join(folder));
        let manifest = options.manifest.manifest_path.as_deref();
        let manifest = manifest.map(|path| current_folder.join(path));
        let start = manifest.as_deref().and_then(Utf8Path::parent);
        let start = start.unwrap_or(current_folder);
        let file = |target_folder: &Utf8Path| {
            // The output is that of one folder; the command names none.
            let command = command.clone().current_folder(start);
            cache::path(&command, &answers_below(target_folder))
        };
        let of = |metadata: Metadata, guess| Self {
            target_folder: given.as_ref().unwrap_or(&metadata.target_directory).clone(),
            metadata,
            stores: memory.stores,
            guess: Mutex::new(guess),
        };

        let configured = given.clone().or_else(|| config.target_folder());
        let folders = target_folders(configured, start);
        let files = folders.into_iter().filter(|_| memory.guesses);
        let files = files.map(|folder| file(&folder));
        let found = files.filter_map(|file| {
            let Remembered { text, manifests } = cache_file::read(&file)?;
            let metadata = MetadataCommand::parse(&text).ok()?;
            // An edited manifest is no reason to begin with a wrong plan.
            (digest_of_manifests(&metadata)? == manifests).then_some((metadata, text, file))
        });
        if let Some((metadata, text, file)) = found.into_iter().next() {
            let current = thread::spawn(move || command.stdout());
            let guess = Guess {
                text,
                file,
                current,
            };
            return Ok(of(metadata, Some(guess)));
        }
        let text = command.stdout()?;
        let workspace = of(parse(&command, &text)?, None);
        if memory.stores
            && let Some(manifests) = digest_of_manifests(&workspace.metadata)
        {
            let remembered = Remembered { text, manifests };
            // A failure costs the next run some time, and nothing else.
            let _ = cache_file::write(&file(&workspace.target_folder), &remembered);
        }
        Ok(workspace)
    }

    /// Waits until Cargo confirms the metadata of an earlier run. Nothing that follows from the
    /// metadata may be published or reported before.
    ///
    /// # Errors
    /// [`Error::Outdated`] if the metadata is another now: the next [`Workspace::load`] is right.
    /// [`Error::Metadata`] if Cargo cannot read the workspace now.
    pub(crate) fn confirm(&self) -> Result<()> {
        let mut guess = self.guess.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(guess) = guess.take() else {
            return Ok(());
        };
        let current = guess.current.join().unwrap_or(Err(Error::Outdated));
        if current.as_ref().is_ok_and(|text| *text == guess.text) {
            return Ok(());
        }
        // A file that stays is found again, and is found wrong again.
        let _ = fs::remove_file(guess.file);
        current.and(Err(Error::Outdated))
    }

    /// The output of a `command` about resolved dependencies: that of an earlier run if `key` is the
    /// same, else that of Cargo now.
    ///
    /// # Errors
    /// [`Error::Metadata`] if Cargo fails.
    pub(super) fn cached(
        &self,
        command: &Process,
        key: impl Fn() -> Option<CacheKey>,
    ) -> Result<String> {
        self.leaving_lockfile(|| CachedOutput::run(command, &self.answers(), self.stores, key))
    }

    /// Runs a Cargo command that resolves dependencies. In a dry run, the lockfile is put back as it
    /// was: Cargo writes it.
    pub(super) fn leaving_lockfile<T>(&self, resolve: impl FnOnce() -> T) -> T {
        if self.stores {
            return resolve();
        }
        let path = self.metadata.workspace_root.join("Cargo.lock");
        let before = fs::read(&path).ok();
        let resolved = resolve();
        if fs::read(&path).ok() != before {
            // What cannot be written could not be written by Cargo either.
            let _ = match before {
                Some(contents) => fs::write(&path, contents),
                None => fs::remove_file(&path),
            };
        }
        resolved
    }

    /// The output of a `command` of the toolchain, which depends on nothing else: that of an earlier
    /// run if the toolchain is the same.
    ///
    /// # Errors
    /// [`Error::Metadata`] if the command fails.
    pub(super) fn cached_by_toolchain(
        &self,
        command: &Process,
        config: &CargoConfig,
    ) -> Result<String> {
        let folder = self.answers().join("toolchain");
        let key = || CacheKey::of_toolchain(config);
        CachedOutput::run(command, &folder, self.stores, key)
    }

    /// True if Cargo has resolved the dependencies as they are now, and has left the lockfile as it
    /// is. False if there are packages in folders outside of the workspace.
    pub(super) fn has_resolved(&self, lockfile: &Lockfile, config: &CargoConfig) -> bool {
        let key = CacheKey::of_dependencies(&self.metadata, lockfile, config);
        key.is_some() && cache::last_resolved(&self.answers()) == key
    }

    /// True if a member has dev-dependencies.
    pub(crate) fn has_dev_dependencies(&self) -> bool {
        let members = self.metadata.workspace_packages();
        let mut dependencies = members.iter().flat_map(|member| &member.dependencies);
        dependencies.any(|dependency| dependency.kind == DependencyKind::Development)
    }

    fn answers(&self) -> Utf8PathBuf {
        answers_below(&self.target_folder)
    }

    /// The folder of this tool, for files between runs; it contains no zips.
    pub(crate) fn own_folder(&self) -> Utf8PathBuf {
        own_folder_below(&self.target_folder)
    }

    /// The manifest at the root of the workspace.
    pub(crate) fn root_manifest(&self) -> Utf8PathBuf {
        self.metadata.workspace_root.join("Cargo.toml")
    }

    /// True if the workspace has a table for cargo-lambda, in a manifest or in a file of its own, and
    /// none for this tool.
    pub(crate) fn is_for_cargo_lambda(&self) -> bool {
        let members = self.metadata.workspace_packages();
        let packages = members.iter().map(|package| &package.metadata);
        let mut tables = packages.chain([&self.metadata.workspace_metadata]);
        let root = &self.metadata.workspace_root;
        let has_file = || root.join("CargoLambda.toml").is_file();
        !tables.clone().any(has_table)
            && (tables.any(|metadata| metadata.get("lambda").is_some()) || has_file())
    }

    /// True if the workspace has a `metadata.lambda-zip`.
    pub(crate) fn has_metadata(&self) -> bool {
        has_table(&self.metadata.workspace_metadata)
    }
}

/// The workspace as Cargo sees it, without dependencies.
///
/// # Errors
/// [`Error::Metadata`] if Cargo cannot read it.
pub(crate) fn metadata(options: &ManifestOptions) -> Result<Metadata> {
    let command = metadata_command(options);
    parse(&command, &command.stdout()?)
}

fn metadata_command(options: &ManifestOptions) -> Process {
    process::cargo()
        .args(["metadata", "--format-version=1", "--no-deps"])
        .args(options.arguments())
}

/// A digest of the manifests of the workspace and its members; `None` if one cannot be read.
fn digest_of_manifests(metadata: &Metadata) -> Option<[u8; 32]> {
    let root = metadata.workspace_root.join("Cargo.toml");
    let members = metadata.packages.iter();
    let members = members.map(|package| &package.manifest_path);
    let mut hash = blake3::Hasher::new();
    for path in members.chain(std::iter::once(&root)) {
        hash.update(blake3::hash(&fs::read(path).ok()?).as_bytes());
    }
    Some(hash.finalize().into())
}

/// The metadata that `command` wrote.
///
/// # Errors
/// [`Error::Metadata`] if it cannot be read.
pub(super) fn parse(command: &Process, text: &str) -> Result<Metadata> {
    MetadataCommand::parse(text).map_err(|error| Error::Metadata {
        reason: format!(": `{command}` wrote metadata that cannot be read: {error}"),
        manifest: None,
    })
}

/// The folder of this tool in a target folder.
pub(super) fn own_folder_below(target_folder: &Utf8Path) -> Utf8PathBuf {
    target_folder.join(".lambda-zip")
}

fn answers_below(target_folder: &Utf8Path) -> Utf8PathBuf {
    own_folder_below(target_folder).join("answers")
}

/// The folders that may be the target folder, as far as can be told without Cargo.
fn target_folders(configured: Option<Utf8PathBuf>, start: &Utf8Path) -> Vec<Utf8PathBuf> {
    match configured {
        Some(folder) => vec![folder],
        None => start
            .ancestors()
            .map(|folder| folder.join("target"))
            .collect(),
    }
}

/// True if a package has a `metadata.lambda-zip`.
pub(crate) fn has_metadata(package: &Package) -> bool {
    has_table(&package.metadata)
}

/// True if there is a table for this tool, or one that is meant for it.
pub(crate) fn has_table(metadata: &serde_json::Value) -> bool {
    let mut keys = metadata
        .as_object()
        .into_iter()
        .flat_map(|table| table.keys());
    keys.any(|key| key == "lambda-zip" || resembles_table(key))
}

/// True if the key of a table in `metadata` is almost `lambda-zip`.
pub(crate) fn resembles_table(key: &str) -> bool {
    /// Letters that may differ; `lambda` alone is cargo-lambda's table.
    const FEW: usize = 2;
    let letters: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    let letters = letters.strip_prefix("cargo").unwrap_or(&letters);
    key != "lambda-zip" && strsim::damerau_levenshtein(letters, "lambdazip") <= FEW
}
