//! One package: what it is, what is in it, what was found.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::archive::{self, PackedEntry, Seal};
use crate::bytes::{Share, Size};
use crate::cargo::builders::Builder;
use crate::include::shown;
use crate::inspect::{Executable, Linkage};
use crate::lambda::quotas;
use crate::lambda::{Architecture, GlibcVersion, Kind, Runtime, Target};
use crate::lint::{Finding, Level, checks};
use crate::plan::{Place, PlannedArchive};
use crate::report::Deed;
use crate::shell::Shell;

/// One package.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ArchiveReport {
    /// None, as its version, the target, the profile and the builder, if Cargo has not built it.
    pub(crate) package: Option<String>,
    pub(crate) package_version: Option<String>,
    pub(crate) bin: String,
    pub(crate) kind: Kind,
    /// None of what runs on any, or of which nothing tells it.
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
    /// Of the function's layers.
    #[serde(skip)]
    pub(crate) layer_bytes: u64,
    /// None in a dry run, and of a zip of which not all entries are known.
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
        self.direct_upload = Some(bytes < quotas::ZIPPED);
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
    pub(crate) fn show(&self, deed: Deed, shell: &Shell) {
        // Zips in different folders may be called alike.
        let subject = match deed {
            Deed::Packaged => self.subject(),
            Deed::Checked => shown(shown_path(&self.path).as_str()),
        };
        for finding in &self.findings {
            shell.finding(&subject, finding);
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
        if deed == Deed::Checked {
            for largest in self.largest() {
                shell.status("Largest", largest);
            }
        }
    }

    /// `orders arm64 1.3 MiB → 602 KiB (1.2 % of 50 MiB) orders.zip`
    fn sizes(&self, zipped: u64) -> String {
        let share = Share {
            bytes: zipped,
            limit: quotas::ZIPPED,
        };
        let unzipped = self.unzipped_bytes;
        let unzipped = unzipped.map_or_else(String::new, |bytes| format!("{} → ", Size(bytes)));
        format!(
            "{} {unzipped}{} ({share}) {}",
            self.subject(),
            Size(zipped),
            shown(shown_path(&self.path).as_str()),
        )
    }

    /// The largest entries, where there is little room left below one of Lambda's limits, or none:
    /// by what counts towards that limit.
    fn largest(&self) -> Vec<String> {
        let is_near = |bytes: u64, limit| bytes >= limit / 5 * 4;
        let unzipped = self
            .unzipped_bytes
            .map(|b| b.saturating_add(self.layer_bytes));
        let mut lines = Vec::new();
        if self.entries.is_empty() {
            return lines;
        }
        if unzipped.is_some_and(|bytes| is_near(bytes, quotas::UNZIPPED)) {
            let sizes = self.entries.iter().map(|e| (e.path.as_str(), e.bytes));
            lines.push(checks::largest(&sizes.collect::<Vec<_>>()));
        }
        if self
            .zipped_bytes
            .is_some_and(|bytes| is_near(bytes, quotas::ZIPPED))
        {
            let sizes = archive::compressed_sizes(&self.entries);
            lines.push(format!("zipped: {}", checks::largest(&sizes)));
        }
        lines
    }
}

/// A path as the user would type it: relative where it is below the current folder.
pub(super) fn shown_path(path: &Utf8Path) -> &Utf8Path {
    let current = std::env::current_dir().ok();
    let current = current.as_deref().and_then(Utf8Path::from_path);
    current
        .and_then(|folder| path.strip_prefix(folder).ok())
        .unwrap_or(path)
}
