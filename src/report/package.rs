//! The report of one package.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::archive::{PackedEntry, ZipDigest};
use crate::bytes;
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
    /// The name to deploy as.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// `None` if the package runs on every architecture, or if nothing tells its architecture.
    pub(crate) architecture: Option<Architecture>,
    /// The architectures to deploy for; empty if the package runs on every architecture.
    pub(crate) architectures: Vec<Architecture>,
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
    /// The debug file of the program; `None` if none is asked for, and for several programs.
    pub(crate) debug_file: Option<DebugFileReport>,
    /// The size of the zip in bytes. It and the digests are `None` if the package was rejected
    /// before it was zipped.
    pub(crate) zipped_bytes: Option<u64>,
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
    /// The layers that the function takes.
    pub(crate) layers: Vec<LayerReport>,
    pub(crate) entries: Vec<PackedEntry>,
    /// Whether a finding at `deny` rejected the package.
    pub(crate) rejected: bool,
    pub(crate) findings: Vec<Finding>,
}

/// The file with all debug information of a program.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DebugFileReport {
    pub(crate) path: Utf8PathBuf,
    pub(crate) bytes: u64,
    /// In hexadecimal; `None` if the linker has made none.
    pub(crate) build_id: Option<String>,
}

/// The thing that a run did to its packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Packaged,
    Checked,
}

/// A layer that a function takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct LayerReport {
    /// The name of the layer in this workspace, if the workspace makes it.
    pub(crate) name: Option<String>,
    /// The path of its zip.
    pub(crate) path: Option<Utf8PathBuf>,
    /// Its ARN, if it is published already.
    pub(crate) arn: Option<String>,
    /// The size of its contents in bytes; `None` if it is not known.
    pub(crate) bytes: Option<u64>,
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

    /// Sets the findings, and with them the verdict.
    pub(crate) fn set_findings(&mut self, findings: Vec<Finding>) {
        self.rejected = findings.iter().any(|finding| finding.level == Level::Deny);
        self.findings = findings;
    }

    /// Its paths.
    pub(super) fn paths_mut(&mut self) -> impl Iterator<Item = &mut Utf8PathBuf> {
        let layers = self.layers.iter_mut().filter_map(|l| l.path.as_mut());
        let debug_file = self.debug_file.iter_mut().map(|file| &mut file.path);
        std::iter::once(&mut self.path)
            .chain(&mut self.folder)
            .chain(debug_file)
            .chain(layers)
    }

    /// The size of the layers, unzipped, in bytes.
    pub(super) fn layer_bytes(&self) -> u64 {
        bytes::sum(self.layers.iter().filter_map(|layer| layer.bytes))
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
