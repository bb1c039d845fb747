//! A package that is to be made.

use std::sync::Arc;

use camino::Utf8PathBuf;
use cargo_metadata::Package;

use crate::cargo::builders::{Builder, BuiltBinary};
use crate::cargo::{BinaryId, Candidate};
use crate::config::{LayerName, Settings};
use crate::include::{IncludedFile, Pattern};
use crate::inspect::ExecutableFile;
use crate::lambda::{Architecture, Kind, Libc, Target};
use crate::lint::Diagnostic;

use super::origin::Origin;
use super::taken_layer::TakenLayer;

/// A program that goes into a package.
#[derive(Debug, Clone)]
pub(crate) struct ProgramPlan {
    pub(crate) source: ProgramSource,
    /// Its path in the zip.
    pub(crate) path: String,
}

/// The origin of a program.
#[derive(Debug, Clone)]
pub(crate) enum ProgramSource {
    /// A binary or example that Cargo builds.
    Cargo(BinaryId),
    /// An executable that is there already.
    File(Arc<ExecutableFile>),
}

impl ProgramPlan {
    /// The binary of `candidate`, at `path` in the zip.
    pub(super) fn built(candidate: &Candidate<'_>, path: String) -> Self {
        Self {
            source: ProgramSource::Cargo(candidate.id()),
            path,
        }
    }

    /// The executable, if it is there already.
    pub(crate) fn ready(&self) -> Option<&Arc<ExecutableFile>> {
        match &self.source {
            ProgramSource::File(file) => Some(file),
            ProgramSource::Cargo(_) => None,
        }
    }

    fn is(&self, built: &BuiltBinary) -> bool {
        match &self.source {
            ProgramSource::Cargo(id) => *id == built.id,
            ProgramSource::File(_) => false,
        }
    }

    fn is_example(&self) -> bool {
        matches!(&self.source, ProgramSource::Cargo(id) if id.example)
    }
}

/// The Cargo package that a zip belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Owner {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Owner {
    pub(super) fn of(package: &Package) -> Self {
        Self {
            name: package.name.to_string(),
            version: package.version.to_string(),
        }
    }
}

/// The place of one zip, and the platform it is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutputSpec {
    /// The name to deploy as.
    pub(crate) deploy_name: String,
    /// `None` if the package runs on every architecture.
    pub(crate) architecture: Option<Architecture>,
    /// The target that its programs are built for; `None` if nothing is built.
    pub(crate) target: Option<Target>,
    /// The path of the zip.
    pub(crate) path: Utf8PathBuf,
    /// The folder that gets the files of the package too.
    pub(crate) folder: Option<Utf8PathBuf>,
    /// The layers that the function will have.
    pub(crate) layers: Vec<TakenLayer>,
    /// The diagnostics that need no build.
    pub(crate) foreseen: Vec<Diagnostic>,
}

impl OutputSpec {
    /// Whether `built` is for its target. The builder may have been given a glibc that the plan
    /// does not name.
    pub(crate) fn is_for(&self, built: &BuiltBinary) -> bool {
        let triple = self.target.map(Target::triple);
        triple == Some(built.target.triple())
    }
}

/// A package that is to be made: one zip for each output. They differ only in their platform.
#[derive(Debug, Clone)]
pub(crate) struct PackagePlan {
    /// The name of the binary, of the layer or of the executable.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) owner: Option<Owner>,
    pub(crate) programs: Vec<ProgramPlan>,
    /// The files beside the programs, sorted by name.
    pub(crate) files: Vec<IncludedFile>,
    /// The excludes of the command line that leave nothing out of this package.
    pub(crate) unused_excludes: Vec<Pattern>,
    /// The includes for which the build may make files; there are none yet.
    pub(crate) awaited: Vec<String>,
    pub(crate) settings: Settings,
    /// The builder of the programs.
    pub(crate) builder: Option<Builder>,
    /// `None` if it is made outside of any workspace.
    pub(crate) origin: Option<Origin>,
    /// Whether Cargo is expected to build it. Only a resolution of its features tells for certain.
    pub(crate) expected: bool,
    /// True if it is made only because others take it as a layer by its name.
    pub(crate) is_taken: bool,
    pub(crate) outputs: Vec<OutputSpec>,
}

impl PackagePlan {
    /// One of its zips as messages name it.
    pub(crate) fn described(&self, output: &OutputSpec) -> String {
        let what = match self.kind {
            Kind::Layer => "layer",
            _ if self.is_example() => "example",
            _ => "binary",
        };
        let mut text = format!("the {what} `{}`", self.name);
        if let Some(owner) = &self.owner {
            text = format!("{text} of package `{}`", owner.name);
        }
        match (output.target, output.architecture) {
            (Some(target), _) => format!("{text} for {target}"),
            (None, Some(architecture)) => format!("{text} for {architecture}"),
            (None, None) => text,
        }
    }

    /// The binaries and examples that Cargo builds for it.
    pub(crate) fn binaries(&self) -> impl Iterator<Item = &BinaryId> {
        self.programs
            .iter()
            .filter_map(|program| match &program.source {
                ProgramSource::Cargo(id) => Some(id),
                ProgramSource::File(_) => None,
            })
    }

    /// The arguments that choose one of its zips, and no other.
    pub(crate) fn selection(&self, output: &OutputSpec) -> Vec<String> {
        let mut arguments = Vec::new();
        if self.kind == Kind::Layer {
            arguments.extend(["layer", &self.name]);
        }
        if let Some(owner) = &self.owner {
            arguments.extend(["-p", &owner.name]);
        }
        match self.kind {
            Kind::Layer => {}
            _ if self.is_example() => arguments.extend(["--example", &self.name]),
            _ => arguments.extend(["--bin", &self.name]),
        }
        let mut arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        arguments.extend(platforms(&[output]));
        arguments
    }

    /// The files for the debug information of its programs, each with the program's path in the
    /// zip, for one of its zips. They lie beside it: `orders-arm64.debug`, or with several programs
    /// `tools-arm64.bin-convert.debug`.
    pub(crate) fn debug_files<'p>(
        &'p self,
        output: &'p OutputSpec,
    ) -> impl Iterator<Item = (&'p str, Utf8PathBuf)> {
        let is_asked = self.settings.debug_file && output.target.is_some();
        let programs = self.programs.iter().filter(move |_| is_asked);
        let zip = output.path.as_str();
        let stem = zip.strip_suffix(".zip").unwrap_or(zip);
        programs.map(move |program| {
            let name = match self.programs.len() {
                1 => String::new(),
                _ => format!(".{}", program.path.replace('/', "-")),
            };
            (program.path.as_str(), format!("{stem}{name}.debug").into())
        })
    }

    /// The names of the layers of the workspace that it takes.
    pub(super) fn taken_names(&self) -> impl Iterator<Item = &LayerName> {
        let layers = self.settings.layers.iter();
        layers.filter_map(|layer| layer.name())
    }

    /// True if the binary is one of its programs.
    pub(super) fn has(&self, binary: &BinaryId) -> bool {
        self.binaries().any(|id| id == binary)
    }

    pub(super) fn is_example(&self) -> bool {
        self.programs.iter().any(ProgramPlan::is_example)
    }

    /// The positions of the programs that are `built`.
    pub(crate) fn positions_of(&self, built: &BuiltBinary) -> impl Iterator<Item = usize> {
        let programs = self.programs.iter().enumerate();
        programs.filter_map(|(position, program)| program.is(built).then_some(position))
    }
}

/// The arguments that choose the platforms of zips. Targets and architectures exclude each other.
pub(super) fn platforms(outputs: &[&OutputSpec]) -> Vec<String> {
    let is_gnu = |target: Target| target.libc == Libc::Gnu;
    let has_gnu = outputs
        .iter()
        .any(|output| output.target.is_some_and(is_gnu));
    let platforms = outputs.iter().filter_map(|output| {
        let target = output.target.filter(|_| has_gnu);
        match (target, output.architecture) {
            (Some(target), _) => Some(["--target".to_owned(), target.to_string()]),
            (None, architecture) => Some(["--arch".to_owned(), architecture?.to_string()]),
        }
    });
    platforms.flatten().collect()
}
