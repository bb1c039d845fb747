//! The settings of each binary, merged from all sources.

use cargo_metadata::Package;

use super::layer_source::LayerSource;
use super::manifest::{ManifestFile, Owner};
use super::metadata::Table;
use super::settings_table::{PartialSettings, Settings};
use crate::archive::Compression;
use crate::cargo::{self, Candidate, Project};
use crate::error::Result;
use crate::lambda::{Kind, Target};

/// The manifest at the root of the workspace, which has the profile that is asked for.
///
/// # Errors
/// If it cannot be read, or if there is no such profile.
pub(crate) fn root_manifest(project: &Project<'_>) -> Result<ManifestFile> {
    let root = ManifestFile::read(&project.workspace.root_manifest())?;
    cargo::profile::check(project.profile(), &root.profiles(), project.config)?;
    Ok(root)
}

/// Merges the settings of every candidate. `root` is the manifest of the workspace; `outside` are
/// sources with a higher precedence than any manifest, the lowest first.
///
/// # Errors
/// [`Error::Manifest`](crate::error::Error::Manifest) for a mistake in a table.
pub(crate) fn configure<'a>(
    project: &Project<'_>,
    candidates: &[Candidate<'a>],
    root: &ManifestFile,
    outside: &[PartialSettings],
) -> Result<Vec<(Candidate<'a>, Settings)>> {
    let common = workspace_table(project, root)?;
    let defaults = defaults(project, root);
    let mut configured = Vec::with_capacity(candidates.len());
    // Candidates of one package follow each other, so that its manifest is read once.
    for candidates in candidates.chunk_by(|a, b| a.package.id == b.package.id) {
        let table = selected_table(candidates[0].package, root)?;
        for candidate in candidates {
            let settings = resolve(
                &defaults,
                [&common, &table],
                &candidate.target.name,
                outside,
            );
            configured.push((*candidate, settings));
        }
    }
    Ok(configured)
}

/// The settings of the binary `bin`; `tables` are those of its workspace and its package.
fn resolve(
    defaults: &PartialSettings,
    tables: [&Table; 2],
    bin: &str,
    outside: &[PartialSettings],
) -> Settings {
    let [workspace, package] = tables;
    let tables: Vec<&PartialSettings> = [defaults, &workspace.settings, &package.settings]
        .into_iter()
        .chain(package.bins.get(bin))
        .collect();
    let mut settings = Settings::of(&tables, outside);
    if settings.kind != Kind::Function {
        // The layers that are named for all binaries are those of functions, and this may be one.
        let own = package.bins.get(bin);
        let is_own = |layer: &LayerSource| own.is_some_and(|own| own.layers.contains(layer));
        let layers = &mut settings.layers;
        layers.retain(|layer| layer.name().is_none() || is_own(layer));
    }
    settings
}

/// The defaults that depend on Cargo's own configuration: the source of the lowest precedence.
pub(crate) fn defaults(project: &Project<'_>, root: &ManifestFile) -> PartialSettings {
    let mut targets = project.config.build_targets();
    if targets.is_empty() {
        targets.push(Target::default());
    }
    let profile = project.profile();
    let is_dev = cargo::is_dev(profile, &root.profiles(), project.config);
    PartialSettings {
        targets: Some(targets),
        compression: is_dev.then_some(Compression::FAST),
        ..PartialSettings::default()
    }
}

/// The table of the workspace.
pub(crate) fn workspace_table(project: &Project<'_>, root: &ManifestFile) -> Result<Table> {
    if !project.workspace.has_metadata() {
        return Ok(Table::default());
    }
    let members = project.workspace.metadata.workspace_packages();
    let bins: Vec<&str> = members.into_iter().flat_map(executables).collect();
    root.table(Owner::Workspace, &bins)
}

/// The table of a package.
pub(crate) fn package_table(package: &Package) -> Result<Table> {
    if !cargo::has_metadata(package) {
        return Ok(Table::default());
    }
    let bins: Vec<&str> = executables(package).collect();
    ManifestFile::read(&package.manifest_path)?.table(Owner::Package, &bins)
}

/// The table of a package that a run selects; `root` is the manifest of the workspace, the only one
/// that may name the report of a run.
pub(crate) fn selected_table(package: &Package, root: &ManifestFile) -> Result<Table> {
    let table = package_table(package)?;
    if table.settings.report.is_some() && package.manifest_path != root.path {
        ManifestFile::read(&package.manifest_path)?.refuse_report()?;
    }
    Ok(table)
}

/// The names of its binaries and examples.
fn executables(package: &Package) -> impl Iterator<Item = &str> {
    let targets = package.targets.iter();
    let executables = targets.filter(|target| cargo::is_executable(target));
    executables.map(|target| target.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::{Architecture, Runtime};

    fn table(owner: Owner, text: &str) -> Table {
        let manifest = ManifestFile {
            path: "/shop/Cargo.toml".into(),
            text: text.to_owned(),
        };
        manifest.table(owner, &["orders", "audit"]).unwrap()
    }

    fn source(text: &str) -> PartialSettings {
        toml::from_str(text).unwrap()
    }

    /// The settings of two binaries with a table in every place.
    fn settings(outside: &[PartialSettings]) -> [Settings; 2] {
        let defaults = source("architectures = ['arm64']\ncompression = 'fast'");
        let workspace = "[workspace.metadata.lambda-zip]\nruntime = 'provided.al2'\n\
                         exclude = ['a']\noutput = 'w.zip'\n";
        let package = "[package.metadata.lambda-zip]\nruntime = 'provided.al2023'\n\
                       exclude = ['b']\n[package.metadata.lambda-zip.bin.audit]\n\
                       runtime = 'provided.al2'\nexclude = ['c']\nskip = true\n";
        let workspace = table(Owner::Workspace, workspace);
        let package = table(Owner::Package, package);
        ["orders", "audit"].map(|bin| resolve(&defaults, [&workspace, &package], bin, outside))
    }

    #[test]
    fn a_binary_overrides_its_package_and_a_package_its_workspace() {
        let [orders, audit] = settings(&[]);
        assert_eq!(
            [orders.runtime, audit.runtime],
            [Runtime::Al2023, Runtime::Al2]
        );
        assert_eq!([orders.skip, audit.skip], [false, true]);
        assert_eq!(orders.output, "/shop/w.zip".parse().ok());
    }

    #[test]
    fn lists_of_all_tables_add_up() {
        let [orders, audit] = settings(&[source("exclude = ['d']")]);
        assert_eq!([orders.exclude.len(), audit.exclude.len()], [3, 4]);
    }

    #[test]
    fn the_command_line_overrides_the_environment_and_both_all_tables() {
        let environment = source("runtime = 'provided.al2'\noutput = '/e.zip'");
        let flags = source("runtime = 'provided.al2023'");
        for settings in settings(&[environment, flags]) {
            assert_eq!(settings.runtime, Runtime::Al2023);
            assert_eq!(settings.output, "/e.zip".parse().ok());
        }
    }

    #[test]
    fn the_defaults_of_cargo_are_below_all_sources() {
        let [orders, _] = settings(&[]);
        assert_eq!(orders.targets, [Architecture::Arm64.into()]);
        assert_eq!(orders.compression, Compression::FAST);
        let [orders, _] = settings(&[source("architectures = ['x86_64']\ncompression = 'best'")]);
        assert_eq!(orders.targets, [Architecture::X86_64.into()]);
        assert_ne!(orders.compression, Compression::FAST);
    }
}
