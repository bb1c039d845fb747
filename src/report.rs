//! What a run did: for people and for programs.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::archive::{PackedEntry, Seal};
use crate::builder::Builder;
use crate::cli::MessageFormat;
use crate::error::{Error, Result};
use crate::inspect::{Executable, Linkage};
use crate::kind::Kind;
use crate::lint::{Finding, Level, limits};
use crate::plan::{Place, Plan, PlannedArchive};
use crate::process::Process;
use crate::shell::Shell;
use crate::size::{Share, Size};
use crate::target::{Architecture, GlibcVersion, Runtime, Target};

/// What fails if a result cannot be written.
pub(crate) const WRITING: &str = "could not write to standard output";

/// The JSON document of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The version of this format; it grows by keys only.
    version: u32,
    /// Of a dry run: the command lines that would be run.
    #[serde(skip_serializing_if = "Option::is_none")]
    commands: Option<Vec<String>>,
    /// One for each binary and target, in the order of package, binary and target.
    archives: Vec<ArchiveReport>,
}

/// One package.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ArchiveReport {
    /// None, as its version, the target, the profile and the builder, if Cargo has not built it.
    pub(crate) package: Option<String>,
    pub(crate) package_version: Option<String>,
    pub(crate) bin: String,
    pub(crate) kind: Kind,
    /// None of what runs on any.
    pub(crate) architecture: Option<Architecture>,
    pub(crate) target: Option<Target>,
    pub(crate) profile: Option<String>,
    pub(crate) builder: Option<Builder>,
    pub(crate) runtime: Runtime,
    /// What to deploy it with; a layer has none.
    pub(crate) handler: Option<&'static str>,
    pub(crate) path: Utf8PathBuf,
    /// None, as the digests, if the package was rejected before it was zipped.
    pub(crate) zipped_bytes: Option<u64>,
    /// None in a dry run.
    pub(crate) unzipped_bytes: Option<u64>,
    /// Lambda's `CodeSha256`: base64.
    pub(crate) code_sha256: Option<String>,
    /// The same in hexadecimal.
    pub(crate) sha256: Option<String>,
    /// Whether the zip may be uploaded directly, without S3; none if there is no zip.
    pub(crate) direct_upload: Option<bool>,
    /// Whether the zip was already there.
    pub(crate) fresh: bool,
    /// None if the file is no executable.
    pub(crate) binary: Option<BinaryReport>,
    pub(crate) entries: Vec<PackedEntry>,
    pub(crate) findings: Vec<Finding>,
}

/// What the executable is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BinaryReport {
    /// None of a script.
    linkage: Option<Linkage>,
    interpreter: Option<String>,
    needed: Vec<String>,
    glibc: Option<GlibcVersion>,
}

impl From<&Executable> for BinaryReport {
    fn from(executable: &Executable) -> Self {
        match executable {
            Executable::Binary(facts) => Self {
                linkage: Some(facts.linkage),
                interpreter: facts.interpreter.clone(),
                needed: facts.needed.clone(),
                glibc: facts.glibc,
            },
            Executable::Script(facts) => Self {
                linkage: None,
                interpreter: Some(facts.interpreter.clone()),
                needed: Vec::new(),
                glibc: None,
            },
        }
    }
}

impl ArchiveReport {
    /// What is known before anything is built.
    pub(crate) fn planned(archive: &PlannedArchive, place: &Place, profile: &str) -> Self {
        let owner = archive.owner.as_ref();
        Self {
            package: owner.map(|owner| owner.name.clone()),
            package_version: owner.map(|owner| owner.version.clone()),
            bin: archive.name.clone(),
            kind: archive.kind,
            architecture: place.architecture,
            target: place.target,
            profile: place.target.map(|_| profile.to_owned()),
            builder: archive.builder,
            runtime: archive.settings.runtime,
            handler: archive.kind.handler(),
            path: place.path.clone(),
            ..Self::default()
        }
    }

    pub(crate) fn set_zip(&mut self, seal: &Seal, entries: Vec<PackedEntry>) {
        self.zipped_bytes = Some(seal.bytes);
        self.code_sha256 = Some(seal.code_sha256());
        self.sha256 = Some(seal.sha256_hex());
        self.direct_upload = Some(seal.bytes < limits::ZIPPED);
        self.entries = entries;
    }

    pub(crate) fn is_rejected(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.level == Level::Deny)
    }

    /// `orders arm64`
    pub(crate) fn subject(&self) -> String {
        match self.architecture {
            Some(architecture) => format!("{} {architecture}", self.bin),
            None => self.bin.clone(),
        }
    }

    /// The status line and the findings.
    fn show(&self, shell: &Shell) {
        for finding in &self.findings {
            shell.finding(&self.subject(), finding);
        }
        if let (Some(zipped), false) = (self.zipped_bytes, self.is_rejected()) {
            let share = Share {
                bytes: zipped,
                limit: limits::ZIPPED,
            };
            shell.status(
                if self.fresh { "Fresh" } else { "Packaged" },
                format_args!(
                    "{} {} → {} ({share}) {}",
                    self.subject(),
                    Size(self.unzipped_bytes.unwrap_or_default()),
                    Size(zipped),
                    shown_path(&self.path),
                ),
            );
        } else {
            shell.status(
                "Rejected",
                format_args!("{}: no zip was written", self.subject()),
            );
        }
    }
}

impl Report {
    pub(crate) fn new(mut archives: Vec<ArchiveReport>) -> Self {
        archives
            .sort_by(|a, b| (&a.package, &a.bin, a.target).cmp(&(&b.package, &b.bin, b.target)));
        Self {
            version: 1,
            commands: None,
            archives,
        }
    }

    /// What would be done: nothing is known yet of the zips but where they go.
    pub(crate) fn of_plan<'a>(plan: &Plan, commands: impl Iterator<Item = &'a Process>) -> Self {
        let archives = plan
            .expected()
            .map(|(archive, place)| ArchiveReport::planned(archive, place, &plan.profile));
        Self {
            commands: Some(commands.map(ToString::to_string).collect()),
            ..Self::new(archives.collect())
        }
    }

    /// The commands and the zips of a dry run, on `out`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn write_plan(&self, mut out: impl Write) -> io::Result<()> {
        for command in self.commands.iter().flatten() {
            writeln!(out, "{command}")?;
        }
        for archive in &self.archives {
            writeln!(out, "{} {}", archive.subject(), shown_path(&archive.path))?;
        }
        Ok(())
    }

    /// Shows what was done, writes it to standard output if that is wanted, and says whether all
    /// of it may be deployed.
    ///
    /// # Errors
    /// [`Error::Rejected`] if not.
    pub(crate) fn finish(&self, format: MessageFormat, shell: &Shell) -> Result<()> {
        self.show(shell);
        if format == MessageFormat::Json {
            let out = io::stdout().lock();
            self.write_json(out).map_err(Error::io(WRITING))?;
        }
        match self.rejected() {
            0 => Ok(()),
            rejected => Err(Error::Rejected {
                rejected,
                of: self.archives.len(),
            }),
        }
    }

    fn rejected(&self) -> usize {
        self.archives
            .iter()
            .filter(|archive| archive.is_rejected())
            .count()
    }

    /// The status lines on standard error.
    fn show(&self, shell: &Shell) {
        for archive in &self.archives {
            archive.show(shell);
        }
        if let Some(summary) = self.summary() {
            shell.status("Summary", summary);
        }
    }

    /// One document on `out`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn write_json(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        writeln!(out)
    }

    fn summary(&self) -> Option<String> {
        let written = || {
            self.archives
                .iter()
                .filter(|archive| !archive.is_rejected())
        };
        let largest = written().max_by_key(|archive| archive.unzipped_bytes)?;
        let fresh = written().filter(|archive| archive.fresh).count();
        let count = written().count();
        let zipped: u64 = written().filter_map(|archive| archive.zipped_bytes).sum();
        let share = Share {
            bytes: largest.unzipped_bytes?,
            limit: limits::UNZIPPED,
        };
        let fresh = if fresh > 0 {
            format!(" ({fresh} fresh)")
        } else {
            String::new()
        };
        Some(format!(
            "{count} {}{fresh}, {} in all; the largest unzips to {share}",
            if count == 1 { "zip" } else { "zips" },
            Size(zipped),
        ))
    }
}

/// A path as the user would type it: relative where it is below the current folder.
fn shown_path(path: &Utf8Path) -> &Utf8Path {
    let current = std::env::current_dir().ok();
    let current = current.as_deref().and_then(Utf8Path::from_path);
    current
        .and_then(|folder| path.strip_prefix(folder).ok())
        .unwrap_or(path)
}
