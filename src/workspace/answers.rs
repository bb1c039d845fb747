//! What Cargo has answered before, as long as nothing has changed that the answer rests on.
//!
//! Resolving the dependencies of a large workspace takes longer than all else in a run with nothing
//! to do. A changed ground costs one more question; an answer is never older than its ground.

use std::env;
use std::io::Write;

use camino::Utf8PathBuf;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::Workspace;
use super::lockfile::Lockfile;
use crate::cargo_config::CargoConfig;
use crate::error::{Error, Result};
use crate::process::{self, Process};

/// Answers to questions about the resolved dependencies of a workspace.
pub(super) struct Answers {
    folder: Utf8PathBuf,
    /// A digest of all that answers rest on; none where not all of it can be told.
    ground: Option<[u8; 32]>,
    is_kept: bool,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    ground: [u8; 32],
    text: String,
}

impl Answers {
    /// Unless it `is_kept`, what is answered now is not there for the next run.
    pub(super) fn about(
        workspace: &Workspace,
        lockfile: Option<&Lockfile>,
        config: &CargoConfig,
        is_kept: bool,
    ) -> Self {
        Self {
            folder: workspace.own_folder().join("answers"),
            ground: lockfile.and_then(|lockfile| ground(workspace, lockfile, config)),
            is_kept,
        }
    }

    /// What `question`, a command of Cargo's, prints.
    ///
    /// # Errors
    /// [`Error::Metadata`] if it fails.
    pub(super) fn to(&self, question: &Process) -> Result<String> {
        let known = self.ground.and_then(|ground| self.known(question, ground));
        if let Some(text) = known {
            return Ok(text);
        }
        let output = question.output(process::INSTALL_RUST)?;
        if !output.status.success() {
            return Err(Error::metadata(&output));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if let Some(ground) = self.ground.filter(|_| self.is_kept) {
            let answer = Answer { ground, text };
            // An answer that cannot be kept costs the next run some time, and nothing else.
            let _ = self.keep(question, &answer);
            return Ok(answer.text);
        }
        Ok(text)
    }

    fn known(&self, question: &Process, ground: [u8; 32]) -> Option<String> {
        let json = fs::read(self.path(question)).ok()?;
        let answer: Answer = serde_json::from_slice(&json).ok()?;
        (answer.ground == ground).then_some(answer.text)
    }

    fn keep(&self, question: &Process, answer: &Answer) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(answer)?)?;
        file.persist(self.path(question))?;
        Ok(())
    }

    /// One file for each question, in which a new answer replaces the old one.
    fn path(&self, question: &Process) -> Utf8PathBuf {
        let name = blake3::hash(question.to_string().as_bytes()).to_hex();
        self.folder.join(&name[..32])
    }
}

/// All that Cargo resolves dependencies from, but for packages that never change: those from
/// registries and of single commits. None if there are others, outside the workspace.
fn ground(workspace: &Workspace, lockfile: &Lockfile, config: &CargoConfig) -> Option<[u8; 32]> {
    let members = &workspace.metadata.packages;
    if !lockfile.has_no_folder_but_those_of(members) || config.replaces_packages() {
        return None;
    }
    let mut ground = Ground::default();
    // Another version of this tool may ask for something else.
    ground.add(env!("CARGO_PKG_VERSION"));
    ground.add(&lockfile.text);
    ground.add(fs::read(workspace.root_manifest()).ok()?);
    for member in members {
        ground.add(member.manifest_path.as_str());
        ground.add(fs::read(&member.manifest_path).ok()?);
    }
    for table in config.tables() {
        ground.add(table.to_string());
    }
    ground.add(env::current_dir().ok()?.as_os_str().as_encoded_bytes());
    for (name, value) in config.environment.iter() {
        let name = name.as_encoded_bytes();
        if name.starts_with(b"CARGO") || name.starts_with(b"RUST") {
            ground.add(name);
            ground.add(value.as_encoded_bytes());
        }
    }
    // rustc tells what holds for a target. In place of its version, which only it could tell:
    let toolchain = fs::metadata(env::var_os("CARGO")?).ok()?;
    ground.add(format!(
        "{} {:?}",
        toolchain.len(),
        toolchain.modified().ok()?
    ));
    Some(ground.0.finalize().into())
}

/// A digest of texts, of which no two lists read alike.
#[derive(Default)]
struct Ground(blake3::Hasher);

impl Ground {
    fn add(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text);
    }
}
