//! What a run did: for people and for programs.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::archive::{PackedEntry, Seal};
use crate::builder::Builder;
use crate::cli::MessageFormat;
use crate::error::{Error, Result};
use crate::include::shown;
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
    /// One for each binary and target, in the order of package, binary and target; of zips that
    /// were checked, in the order they were named in.
    archives: Vec<ArchiveReport>,
    #[serde(skip)]
    deed: Deed,
}

/// What was done with the packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Packaged,
    Checked,
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
    /// Where its files are too.
    pub(crate) folder: Option<Utf8PathBuf>,
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
            folder: place.folder.clone(),
            ..Self::default()
        }
    }

    pub(crate) fn set_zip(&mut self, seal: &Seal, entries: Vec<PackedEntry>) {
        self.set_size(seal.bytes);
        self.set_digests(seal);
        self.entries = entries;
    }

    pub(crate) fn set_size(&mut self, bytes: u64) {
        self.zipped_bytes = Some(bytes);
        self.direct_upload = Some(bytes < limits::ZIPPED);
    }

    pub(crate) fn set_digests(&mut self, seal: &Seal) {
        self.code_sha256 = Some(seal.code_sha256());
        self.sha256 = Some(seal.sha256_hex());
    }

    pub(crate) fn is_rejected(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.level == Level::Deny)
    }

    /// `orders arm64`
    pub(crate) fn subject(&self) -> String {
        match self.architecture {
            Some(architecture) => format!("{} {architecture}", shown(&self.bin)),
            None => shown(&self.bin),
        }
    }

    /// The status line and the findings.
    fn show(&self, deed: Deed, shell: &Shell) {
        for finding in &self.findings {
            shell.finding(&self.subject(), finding);
        }
        let verb = match deed {
            _ if self.is_rejected() => "Rejected",
            Deed::Packaged if self.fresh => "Fresh",
            Deed::Packaged => "Packaged",
            Deed::Checked => "Checked",
        };
        match self.zipped_bytes {
            Some(zipped) if deed == Deed::Checked || !self.is_rejected() => {
                shell.status(verb, self.sizes(zipped));
            }
            _ => shell.status(verb, format_args!("{}: no zip was written", self.subject())),
        }
        if deed == Deed::Checked && self.is_near_a_limit() {
            let entries = self.entries.iter().map(|e| (e.path.as_str(), e.bytes));
            shell.status("Largest", limits::largest(&entries.collect::<Vec<_>>()));
        }
    }

    /// `orders arm64 1.3 MiB → 602 KiB (1.2 % of 50 MiB) orders.zip`
    fn sizes(&self, zipped: u64) -> String {
        let share = Share {
            bytes: zipped,
            limit: limits::ZIPPED,
        };
        format!(
            "{} {} → {} ({share}) {}",
            self.subject(),
            Size(self.unzipped_bytes.unwrap_or_default()),
            Size(zipped),
            shown(shown_path(&self.path).as_str()),
        )
    }

    /// Whether there is little room left below one of Lambda's limits, or none.
    fn is_near_a_limit(&self) -> bool {
        let is_near = |bytes: Option<u64>, limit| bytes.is_some_and(|b| b >= limit / 5 * 4);
        is_near(self.zipped_bytes, limits::ZIPPED) || is_near(self.unzipped_bytes, limits::UNZIPPED)
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
            deed: Deed::Packaged,
        }
    }

    /// What is there and was checked.
    pub(crate) fn of_checks(archives: Vec<ArchiveReport>) -> Self {
        Self {
            version: 1,
            commands: None,
            archives,
            deed: Deed::Checked,
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
            let places = std::iter::once(&archive.path).chain(&archive.folder);
            for path in places {
                writeln!(out, "{} {}", archive.subject(), shown_path(path))?;
            }
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
        self.verdict()
    }

    /// Whether all of it may be deployed.
    ///
    /// # Errors
    /// [`Error::Rejected`] if not.
    pub(crate) fn verdict(&self) -> Result<()> {
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

    pub(crate) fn archives(&self) -> &[ArchiveReport] {
        &self.archives
    }

    /// The status lines on standard error.
    pub(crate) fn show(&self, shell: &Shell) {
        for archive in &self.archives {
            archive.show(self.deed, shell);
        }
        if self.deed == Deed::Checked && self.archives.len() == 1 {
            return; // which its own line sums up
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
pub(crate) fn shown_path(path: &Utf8Path) -> &Utf8Path {
    let current = std::env::current_dir().ok();
    let current = current.as_deref().and_then(Utf8Path::from_path);
    current
        .and_then(|folder| path.strip_prefix(folder).ok())
        .unwrap_or(path)
}
