//! The report of one package.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::archive::{PackedEntry, ZipDigest};
use crate::cargo::LAMBDA_PROFILE;
use crate::inspect::{Executable, Linkage};
use crate::lambda::quotas;
use crate::lambda::{Architecture, GlibcVersion, Kind, Runtime, Target};
use crate::lint::{Finding, Level};
use crate::text::printable;

/// The report of one package.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ArchiveReport {
    /// The Cargo package. It, its version, the target, the profile and the builder are `None` if
    /// Cargo has not built the program.
    pub(crate) package: Option<String>,
    pub(crate) package_version: Option<String>,
    pub(crate) bin: String,
    pub(crate) kind: Kind,
    /// `None` if the package runs on every architecture, or if nothing tells its architecture.
    pub(crate) architecture: Option<Architecture>,
    pub(crate) target: Option<Target>,
    pub(crate) profile: Option<String>,
    pub(crate) builder: Option<&'static str>,
    pub(crate) runtime: Runtime,
    /// The handler to deploy a function with; a layer has none.
    pub(crate) handler: Option<&'static str>,
    /// The place of the zip.
    pub(crate) path: Utf8PathBuf,
    /// The folder that has the files of the package too.
    pub(crate) folder: Option<Utf8PathBuf>,
    /// The size of the zip in bytes. It and the digests are `None` if the package was rejected
    /// before it was zipped.
    pub(crate) zipped_bytes: Option<u64>,
    /// The size of the function's layers, unzipped, in bytes.
    #[serde(skip)]
    pub(crate) layer_bytes: u64,
    /// The size of the contents in bytes; `None` in a dry run, and if not all entries are known.
    pub(crate) unzipped_bytes: Option<u64>,
    /// Lambda's `CodeSha256`, in base64.
    pub(crate) code_sha256: Option<String>,
    /// The same digest in hexadecimal.
    pub(crate) sha256: Option<String>,
    /// Whether the zip may be uploaded directly, without S3; `None` if there is no zip.
    pub(crate) direct_upload: Option<bool>,
    /// Whether the zip was already there.
    pub(crate) fresh: bool,
    /// `None` if the program is not an executable.
    pub(crate) binary: Option<BinaryReport>,
    pub(crate) entries: Vec<PackedEntry>,
    pub(crate) findings: Vec<Finding>,
}

/// The thing that a run did to its packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Packaged,
    Checked,
}

/// Facts about the executable.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BinaryReport {
    /// `None` for a script.
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
    pub(crate) fn set_zip(&mut self, zip_digest: &ZipDigest, entries: Vec<PackedEntry>) {
        self.set_size(zip_digest.bytes);
        self.set_digests(zip_digest);
        self.entries = entries;
    }

    pub(crate) fn set_size(&mut self, bytes: u64) {
        self.zipped_bytes = Some(bytes);
        self.direct_upload = Some(bytes < quotas::ZIPPED);
    }

    pub(crate) fn set_digests(&mut self, zip_digest: &ZipDigest) {
        self.code_sha256 = Some(zip_digest.code_sha256());
        self.sha256 = Some(zip_digest.sha256_hex());
    }

    pub(crate) fn is_rejected(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.level == Level::Deny)
    }

    /// The package as messages name it, for instance `orders arm64`, or `orders arm64 (dev)` for a
    /// profile that is not `lambda`.
    pub(crate) fn subject(&self) -> String {
        let mut subject = printable(&self.bin);
        if let Some(architecture) = self.architecture {
            subject = format!("{subject} {architecture}");
        }
        match self.profile.as_deref() {
            None | Some(LAMBDA_PROFILE) => subject,
            Some(profile) => format!("{subject} ({profile})"),
        }
    }
}
