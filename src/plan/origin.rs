//! The origin of a zip in its workspace, and the reason why it is stale.

use cargo_metadata::Package;
use serde::{Deserialize, Serialize};

use super::layer_request::LayerSpec;
use crate::cargo::{self, Candidate, Project, is_example, is_executable};
use crate::config::{self, LayerConfig, ManifestFile, PartialSettings, Settings, Table};
use crate::error::Result;
use crate::lint::Policy;

/// The things in a workspace that a zip is made of. A later run tells by them whether it is stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Origin {
    programs: Vec<ProgramName>,
    description: Description,
}

/// The name of a binary or example, which is the same in all versions of its package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ProgramName {
    package: String,
    name: String,
    example: bool,
}

/// The place where a package is described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Description {
    /// A binary is packaged because it exists.
    Binary,
    /// A layer with a table in the manifest of a package; `None` for that of the workspace.
    Table {
        package: Option<String>,
        layer: String,
    },
    /// A layer of the command line alone.
    CommandLine,
}

impl ProgramName {
    fn of(candidate: &Candidate<'_>) -> Self {
        Self {
            package: candidate.package.name.to_string(),
            name: candidate.target.name.clone(),
            example: is_example(candidate.target),
        }
    }

    fn is(&self, package: &Package, target: &cargo_metadata::Target) -> bool {
        package.name.as_str() == self.package
            && target.name == self.name
            && is_executable(target)
            && is_example(target) == self.example
    }

    fn described(&self) -> String {
        let what = if self.example { "example" } else { "binary" };
        format!("the {what} `{}` of package `{}`", self.name, self.package)
    }
}

impl Origin {
    pub(super) fn of_binary(candidate: &Candidate<'_>) -> Self {
        Self {
            programs: vec![ProgramName::of(candidate)],
            description: Description::Binary,
        }
    }

    pub(super) fn of_layer(layer: &LayerSpec<'_>) -> Self {
        Self {
            programs: layer.candidates().map(ProgramName::of).collect(),
            description: if layer.is_configured {
                Description::Table {
                    package: layer.owner.map(|package| package.name.to_string()),
                    layer: layer.name.to_string(),
                }
            } else {
                Description::CommandLine
            },
        }
    }

    /// The Cargo package that the zip belongs to; a layer of the workspace belongs to none.
    pub(crate) fn package(&self) -> Option<&str> {
        match &self.description {
            Description::Binary => self
                .programs
                .first()
                .map(|program| program.package.as_str()),
            Description::Table { package, .. } => package.as_deref(),
            Description::CommandLine => None,
        }
    }
}

/// The workspace as its manifests describe it, whatever this run selects.
pub(crate) struct Described<'a> {
    binaries: Vec<(Candidate<'a>, Settings)>,
    workspace: Table,
    packages: Vec<(&'a Package, Table)>,
}

impl<'a> Described<'a> {
    /// Reads all manifests.
    ///
    /// # Errors
    /// The error of a table, perhaps of a package that this run does not select.
    pub(crate) fn read(project: &Project<'a>) -> Result<Self> {
        let root = ManifestFile::read(&project.workspace.root_manifest())?;
        let members = project.workspace.metadata.workspace_packages();
        let binaries: Vec<Candidate<'a>> = cargo::executables(&members).collect();
        let packages = members.into_iter();
        Ok(Self {
            binaries: config::configure(project, &binaries, &root, &[])?,
            workspace: config::workspace_table(project, &root)?,
            packages: packages
                .map(|package| Ok((package, config::package_table(package)?)))
                .collect::<Result<_>>()?,
        })
    }

    /// The reason why no run, whatever its options, writes a zip of this `origin` to its default
    /// place again; `None` if one may.
    pub(crate) fn why_stale(&self, origin: &Origin) -> Option<String> {
        for program in &origin.programs {
            let package = |package: &Package| package.name.as_str() == program.package;
            if !self.packages.iter().any(|(member, _)| package(member)) {
                return Some(format!(
                    "package `{}` is no longer in the workspace",
                    program.package
                ));
            }
            let Some(settings) = self.settings(program) else {
                return Some(format!("{} no longer exists", program.described()));
            };
            if origin.description == Description::Binary && settings.skip {
                return Some(format!("{} is skipped", program.described()));
            }
            if origin.description == Description::Binary && settings.output.is_some() {
                return Some(format!("`output` of {} is elsewhere", program.described()));
            }
        }
        let Description::Table { package, layer } = &origin.description else {
            return None;
        };
        match self.layer(package.as_deref(), layer) {
            None => Some(format!("the layer `{layer}` is no longer configured")),
            Some(config) if config.settings.output.is_some() => {
                Some(format!("`output` of the layer `{layer}` is elsewhere"))
            }
            Some(_) => None,
        }
    }

    /// The levels of lints for a zip of this `origin`; `outside` are the settings of the environment
    /// and the command line.
    pub(crate) fn policy(&self, origin: Option<&Origin>, outside: &[PartialSettings]) -> Policy {
        let package = origin.and_then(Origin::package);
        let package = package.and_then(|package| self.table(package));
        let tables = std::iter::once(&self.workspace).chain(package);
        let tables = tables.map(|table| &table.settings);
        let sources: Vec<&PartialSettings> = tables.chain(outside).collect();
        Settings::merge(&sources).policy
    }

    fn settings(&self, program: &ProgramName) -> Option<&Settings> {
        let mut binaries = self.binaries.iter();
        let found = binaries.find(|(binary, _)| program.is(binary.package, binary.target));
        found.map(|(_, settings)| settings)
    }

    fn table(&self, package: &str) -> Option<&Table> {
        let mut packages = self.packages.iter();
        let found = packages.find(|(member, _)| member.name.as_str() == package);
        found.map(|(_, table)| table)
    }

    fn layer(&self, package: Option<&str>, name: &str) -> Option<&LayerConfig> {
        let table = package.map_or(Some(&self.workspace), |package| self.table(package))?;
        let mut layers = table.layers.iter();
        let found = layers.find(|(layer, _)| layer.as_str() == name);
        found.map(|(_, config)| config)
    }
}
