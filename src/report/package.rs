//! The report of one package.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::archive::{PackedEntry, ZipDigest};
use crate::bytes;
use crate::cargo::LAMBDA_PROFILE;
use crate::inspect::{Executable, Linkage};
use crate::lambda::quotas;
use crate::lambda::{Architecture, GlibcVersion, Kind, Runtime, Target};
use crate::lint::{Finding, Level};
use crate::paths::relative_to_current;
use crate::text::{printable, quoted, quoted_name};

/// The report of one package.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ArchiveReport {
    /// The Cargo package; `None` if Cargo has not built the program.
    pub(crate) package: Option<String>,
    /// The version of the Cargo package; `None` if Cargo has not built the program.
    pub(crate) package_version: Option<String>,
    /// The binary; of a layer its name, of a zip that was checked the name of its file without the
    /// extension.
    pub(crate) bin: String,
    /// The name to deploy as.
    pub(crate) name: String,
    /// The kind of package.
    #[cfg_attr(test, schemars(with = "String", extend("enum" = ["function", "extension", "layer"])))]
    pub(crate) kind: Kind,
    /// The architecture, as Lambda's API names it; `None` if the package runs on every
    /// architecture, or if nothing tells its architecture.
    #[cfg_attr(test, schemars(with = "Option<String>", extend("enum" = ["x86_64", "arm64", null])))]
    pub(crate) architecture: Option<Architecture>,
    /// The architectures to deploy for, as Lambda's API takes them; empty if the package runs on
    /// every architecture, or if nothing tells its architecture.
    #[cfg_attr(test, schemars(with = "Vec<String>", extend("items" = { "type": "string", "enum": ["x86_64", "arm64"] })))]
    pub(crate) architectures: Vec<Architecture>,
    /// The target triple, with the glibc suffix if there is one; `None` if Cargo has not built the
    /// program.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(crate) target: Option<Target>,
    /// The Cargo profile; `None` if Cargo has not built the program.
    pub(crate) profile: Option<String>,
    /// The builder: `cargo`, `zigbuild` or `cross`; `None` if Cargo has not built the program.
    pub(crate) builder: Option<&'static str>,
    /// The runtime that the package was checked against, as Lambda's API names it.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) runtime: Runtime,
    /// The handler to deploy a function with; `None` for extensions and layers.
    pub(crate) handler: Option<&'static str>,
    /// The path of the zip: absolute on standard output, relative to the folder of the report in a
    /// file. It is `-` if the zip was read from standard input or written to standard output.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) path: Utf8PathBuf,
    /// The path of the folder that has the files of the package too; `None` if none is asked for.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(crate) folder: Option<Utf8PathBuf>,
    /// The debug file of the program; `None` if none is asked for, and for several programs.
    pub(crate) debug_file: Option<DebugFileReport>,
    /// The size of the zip in bytes; `None` if there is no zip, as in a dry run.
    pub(crate) zipped_bytes: Option<u64>,
    /// The size of the contents in bytes; `None` in a dry run, and if not all entries are known.
    pub(crate) unzipped_bytes: Option<u64>,
    /// The SHA-256 of the zip in base64, which Lambda reports as `CodeSha256`; `None` if there is no
    /// zip.
    #[cfg_attr(test, schemars(regex(pattern = "^[0-9A-Za-z+/]{43}=$")))]
    pub(crate) code_sha256: Option<String>,
    /// The same digest in hexadecimal; `None` if there is no zip.
    #[cfg_attr(test, schemars(regex(pattern = "^[0-9a-f]{64}$")))]
    pub(crate) sha256: Option<String>,
    /// True if the zip is below 50 MiB, so that it can be uploaded without S3; `None` if there is no
    /// zip.
    pub(crate) direct_upload: Option<bool>,
    /// True if the zip was already there.
    pub(crate) fresh: bool,
    /// Facts about the executable; `None` if there is none, and if it was not read.
    pub(crate) binary: Option<BinaryReport>,
    /// The layers that the function takes, in the order in which Lambda unpacks them.
    pub(crate) layers: Vec<LayerReport>,
    /// The entries of the zip; empty in a dry run.
    pub(crate) entries: Vec<PackedEntry>,
    /// True if a finding at `deny` rejected the package.
    pub(crate) rejected: bool,
    /// The function or layer of a template that the zip was checked for; `None` for any other zip.
    pub(crate) template: Option<TemplateReport>,
    /// The findings about the package.
    pub(crate) findings: Vec<Finding>,
    /// The files with their sizes and sources in words, under `-v`; empty for a zip that was checked.
    #[serde(skip)]
    pub(crate) files: Vec<String>,
    /// The largest crates in words, if the package is near a limit and its crates are known.
    #[serde(skip)]
    pub(crate) largest_crates: Option<String>,
}

/// The file with all debug information of a program.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct DebugFileReport {
    /// Its path, beside the zip.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) path: Utf8PathBuf,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// The build ID of the program in hexadecimal; `None` if the linker has made none.
    #[cfg_attr(test, schemars(regex(pattern = "^([0-9a-f]{2})+$")))]
    pub(crate) build_id: Option<String>,
}

/// A function or layer of a template.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct TemplateReport {
    /// The path of the template.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) path: Utf8PathBuf,
    /// The line of the logical ID, from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(crate) line: usize,
    /// The logical ID.
    pub(crate) resource: String,
}

/// The place of a finding.
pub(super) struct Spot<'a> {
    /// The beginning of its message.
    pub(super) subject: String,
    pub(super) path: &'a Utf8Path,
    /// From 1; `None` for a zip.
    pub(super) line: Option<usize>,
}

/// The thing that a run did to its packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Packaged,
    Checked,
}

/// A layer that a function takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct LayerReport {
    /// The name of the layer in this workspace, if the workspace makes it.
    pub(crate) name: Option<String>,
    /// The path of its zip.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(crate) path: Option<Utf8PathBuf>,
    /// Its ARN, if it is published already.
    pub(crate) arn: Option<String>,
    /// The size of its contents in bytes; `None` if it is not known.
    pub(crate) bytes: Option<u64>,
    /// `false` if its zip, which is given by its path, has 50 MiB or more, so that it is uploaded
    /// through S3; left out for any other layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) direct_upload: Option<bool>,
}

/// Facts about the executable.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct BinaryReport {
    /// The kind of linkage; `None` for a script.
    linkage: Option<Linkage>,
    /// The loader of the program, or the interpreter of the script; `None` if there is none.
    interpreter: Option<String>,
    /// The shared libraries that the program needs.
    needed: Vec<String>,
    /// The lowest version of glibc that the program runs with; `None` if it needs none.
    #[cfg_attr(
        test,
        schemars(with = "Option<String>", regex(pattern = r"^[0-9]+\.[0-9]+$"))
    )]
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

    /// Its place in a report.
    pub(super) fn order(&self) -> impl Ord {
        let Self {
            package,
            bin,
            target,
            ..
        } = self;
        (package, bin, *target, self.kind.name(), &self.path)
    }

    /// The place of one of its findings: a line of the template that has the zip, or the zip.
    pub(super) fn spot<'a>(&'a self, finding: &'a Finding) -> Spot<'a> {
        let (subject, path, line) = match (&finding.place, &self.template) {
            // The message of a finding about a template names its place itself.
            (Some(place), _) => (String::new(), &place.path, Some(place.line)),
            (None, Some(template)) => {
                let zip = printable(relative_to_current(&self.path).as_str());
                let subject = format!("{zip} of {}: ", quoted_name(&template.resource));
                (subject, &template.path, Some(template.line))
            }
            (None, None) => (format!("{}: ", self.subject()), &self.path, None),
        };
        Spot {
            subject,
            path,
            line,
        }
    }

    /// True if the package is near one of Lambda's limits, or above a limit of any kind.
    pub(crate) fn is_large(&self) -> bool {
        let is_of_size = |finding: &Finding| finding.lint.is_of_size();
        self.is_near_zipped() || self.is_near_unzipped() || self.findings.iter().any(is_of_size)
    }

    pub(super) fn is_near_zipped(&self) -> bool {
        let near = |bytes| quotas::is_near(bytes, quotas::ZIPPED);
        self.zipped_bytes.is_some_and(near)
    }

    /// True if the contents and the layers together are near the limit.
    pub(super) fn is_near_unzipped(&self) -> bool {
        let all = |bytes: u64| bytes.saturating_add(self.layer_bytes());
        let near = |bytes| quotas::is_near(all(bytes), quotas::UNZIPPED);
        self.unzipped_bytes.is_some_and(near)
    }

    /// Names the largest crates in the findings about sizes, and the command that tells more.
    /// `is_there` is false for a zip that was not written.
    pub(crate) fn explain_size(&mut self, crates: Option<String>, is_there: bool) {
        let command = self.size_command();
        let found = self.findings.iter_mut();
        for finding in found.filter(|finding| finding.lint.is_of_size()) {
            if let Some(crates) = &crates {
                let message = &mut finding.message;
                message.push_str("; the largest crates are those ");
                message.push_str(crates);
            }
            finding.help = if is_there {
                format!("{}; {command} shows what takes the room", finding.help)
            } else {
                let lint = finding.lint;
                format!(
                    "{}; with `-W {lint}` the zip is written, and {command} shows what takes the \
                     room",
                    finding.help
                )
            };
        }
        self.largest_crates = crates;
    }

    /// The command that shows the sizes of the zip.
    pub(super) fn size_command(&self) -> String {
        let path = quoted(relative_to_current(&self.path));
        format!("`cargo lambda-zip size {path}`")
    }

    /// Its paths.
    pub(super) fn paths_mut(&mut self) -> impl Iterator<Item = &mut Utf8PathBuf> {
        let layers = self.layers.iter_mut().filter_map(|l| l.path.as_mut());
        let debug_file = self.debug_file.iter_mut().map(|file| &mut file.path);
        let template = self.template.iter_mut().map(|template| &mut template.path);
        let places = self.findings.iter_mut();
        let places = places.filter_map(|found| found.place.as_mut().map(|place| &mut place.path));
        std::iter::once(&mut self.path)
            .chain(&mut self.folder)
            .chain(template)
            .chain(places)
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

/// The report of a package of the sizes `unzipped` and `zipped`, in bytes.
#[cfg(test)]
pub(super) fn archive(bin: &str, unzipped: u64, zipped: u64) -> ArchiveReport {
    ArchiveReport {
        bin: bin.to_owned(),
        architecture: Some(Architecture::Arm64),
        path: format!("/out/{bin}.zip").into(),
        unzipped_bytes: Some(unzipped),
        zipped_bytes: Some(zipped),
        ..ArchiveReport::default()
    }
}
