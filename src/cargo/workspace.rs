//! The workspace as `cargo metadata` describes it, and what a selection means in it.

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, MetadataCommand, Package, PackageId, TargetKind};

use super::artifacts::Artifacts;
use super::cache::{self, Answer};
use super::cache_key::{self, Digest};
use super::config::CargoConfig;
use super::lockfile::Lockfile;
use super::options::CargoOptions;
use super::process::{self, Process};
use crate::error::{Error, Result};

/// A binary or example of a selected package that fits the target selection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) package: &'a Package,
    pub(crate) target: &'a cargo_metadata::Target,
    /// Whether its required features are enabled, as far as can be told without resolving.
    pub(crate) expected: bool,
}

/// The name of a binary or example, unique in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BinaryId {
    pub(crate) package: PackageId,
    pub(crate) name: String,
    pub(crate) example: bool,
}

impl Candidate<'_> {
    pub(crate) fn id(&self) -> BinaryId {
        BinaryId {
            package: self.package.id.clone(),
            name: self.target.name.clone(),
            example: is_example(self.target),
        }
    }

    /// Whether both are the same binary or example.
    pub(crate) fn is(self, other: Candidate<'_>) -> bool {
        let name = |c: Candidate<'_>| (is_example(c.target), c.target.name.clone());
        self.package.id == other.package.id && name(self) == name(other)
    }
}

/// Everything `cargo metadata` says without resolving dependencies, which takes no lock and no
/// network.
pub(crate) struct Workspace {
    pub(crate) metadata: Metadata,
    /// Where Cargo puts what it builds, `--target-dir` considered.
    pub(crate) target_folder: Utf8PathBuf,
    /// Whether what is asked now is kept for the next run.
    remembers: bool,
}

impl Workspace {
    /// Asks Cargo, unless it has answered before and nothing has changed since. Unless this run
    /// `remembers`, the next one will have to ask again.
    pub(crate) fn load(
        options: &CargoOptions,
        current_folder: &Utf8Path,
        config: &CargoConfig,
        remembers: bool,
    ) -> Result<Self> {
        let question = process::cargo()
            .args(["metadata", "--format-version=1", "--no-deps"])
            .args(options.manifest.arguments())
            .args(options.compilation.settings())
            .with_given(&config.environment);
        let manifest = options.manifest.manifest_path.as_deref();
        let manifest = manifest.map(|path| current_folder.join(path));
        let start = manifest.as_deref().and_then(Utf8Path::parent);
        let start = start.unwrap_or(current_folder);
        let given = options.compilation.target_dir.as_ref();
        let given = given.map(|folder| current_folder.join(folder));
        let of = |metadata: Metadata| Self {
            target_folder: given.as_ref().unwrap_or(&metadata.target_directory).clone(),
            metadata,
            remembers,
        };

        let configured = given.clone().or_else(|| config.target_folder());
        let mut before = None;
        for folder in target_folders(configured, start) {
            if let Some(answer) = Answer::recall(&answers_below(&folder), &question)
                && let Ok(metadata) = MetadataCommand::parse(&answer.text)
            {
                before = cache_key::of_members(&metadata, start, config);
                if before == Some(answer.ground) {
                    return Ok(of(metadata));
                }
            }
        }
        let take = |text: &str| {
            let metadata = parse(&question, text)?;
            let ground = remembers.then(|| cache_key::of_members(&metadata, start, config));
            Ok((metadata, ground.flatten()))
        };
        let (metadata, answer) = Answer::ask(&question, before, take)?;
        let workspace = of(metadata);
        workspace.keep(&question, answer);
        Ok(workspace)
    }

    /// What Cargo answers to `question` about resolved dependencies, asked anew if it has not
    /// answered before, or if anything has changed since. `ground` is what it rests on at the
    /// moment.
    ///
    /// # Errors
    /// [`Error::Metadata`] if it has no answer.
    pub(super) fn ask(
        &self,
        question: &Process,
        ground: impl Fn() -> Option<Digest>,
    ) -> Result<String> {
        let before = ground();
        if let Some(answer) = Answer::recall(&self.answers(), question)
            && Some(answer.ground) == before
        {
            return Ok(answer.text);
        }
        let take = |text: &str| {
            let ground = self.remembers.then(&ground).flatten();
            Ok((text.to_owned(), ground))
        };
        let (text, answer) = Answer::ask(question, before, take)?;
        if let Some(answer) = &answer {
            // Cargo would have written another lockfile if this one were behind.
            cache::note_resolved(answer.ground, &self.answers());
        }
        self.keep(question, answer);
        Ok(text)
    }

    /// Whether Cargo has resolved dependencies that rested on what they rest on now, and left the
    /// lockfile as it was. Only the last ground is known; there is none with packages from outside.
    pub(super) fn has_resolved(&self, lockfile: &Lockfile, config: &CargoConfig) -> bool {
        let ground = cache_key::of_dependencies(&self.metadata, lockfile, config);
        ground.is_some() && cache::last_resolved(&self.answers()) == ground
    }

    fn answers(&self) -> Utf8PathBuf {
        answers_below(&self.target_folder)
    }

    /// Keeps an answer, if there is one to be kept.
    fn keep(&self, question: &Process, answer: Option<Answer>) {
        if let Some(answer) = answer {
            answer.keep(&self.answers(), question);
        }
    }

    /// What this tool keeps for itself between runs, out of the way of the zips.
    pub(crate) fn own_folder(&self) -> Utf8PathBuf {
        own_folder_below(&self.target_folder)
    }

    /// The folder for executables, if this Cargo can have one apart from the build folder.
    pub(crate) fn artifacts(&self) -> Option<Artifacts> {
        Artifacts::of(&self.metadata, &self.target_folder, &self.own_folder())
    }

    /// The manifest at the root of the workspace.
    pub(crate) fn root_manifest(&self) -> Utf8PathBuf {
        self.metadata.workspace_root.join("Cargo.toml")
    }

    /// Whether the workspace has a `metadata.lambda-zip`.
    pub(crate) fn has_metadata(&self) -> bool {
        has_table(&self.metadata.workspace_metadata)
    }
}

/// What `cargo metadata` wrote when it was asked `question`.
pub(super) fn parse(question: &Process, text: &str) -> Result<Metadata> {
    MetadataCommand::parse(text).map_err(|error| Error::Metadata {
        stderr: format!("`{question}` wrote what cannot be read: {error}"),
    })
}

/// The folder of this tool in a target folder.
pub(super) fn own_folder_below(target_folder: &Utf8Path) -> Utf8PathBuf {
    target_folder.join(".lambda-zip")
}

fn answers_below(target_folder: &Utf8Path) -> Utf8PathBuf {
    own_folder_below(target_folder).join("answers")
}

/// Where the target folder may be, as far as can be told without asking Cargo.
fn target_folders(configured: Option<Utf8PathBuf>, start: &Utf8Path) -> Vec<Utf8PathBuf> {
    match configured {
        Some(folder) => vec![folder],
        None => start
            .ancestors()
            .map(|folder| folder.join("target"))
            .collect(),
    }
}

/// Whether a package has a `metadata.lambda-zip`.
pub(crate) fn has_metadata(package: &Package) -> bool {
    has_table(&package.metadata)
}

fn has_table(metadata: &serde_json::Value) -> bool {
    metadata.get("lambda-zip").is_some()
}

/// Whether a target is an example rather than a binary.
pub(crate) fn is_example(target: &cargo_metadata::Target) -> bool {
    target.kind.contains(&TargetKind::Example)
}

/// Whether a target becomes an executable.
pub(crate) fn is_executable(target: &cargo_metadata::Target) -> bool {
    use cargo_metadata::CrateType;
    target.kind.contains(&TargetKind::Bin)
        || (is_example(target) && target.crate_types.contains(&CrateType::Bin))
}
