//! The layers that are asked for, in tables and on the command line.

use cargo_metadata::Package;

use super::layer_programs::{candidate, check_alike, tables_of};
use crate::cargo::{self, Candidate, Project};
use crate::config::{
    self, LayerBin, LayerConfig, LayerName, ManifestFile, PartialSettings, Settings, Table,
};
use crate::error::{Error, Result};
use crate::lambda::Kind;
use crate::text;

/// The layers that the command line asks for.
pub(crate) struct LayerRequest<'a> {
    /// `None` for all that are configured.
    pub(crate) name: Option<&'a LayerName>,
    pub(crate) bins: &'a [LayerBin],
    /// Whether the command line says what goes into the layer.
    pub(crate) has_contents: bool,
    /// True if functions take the layer by its name: flags such as `--arch` are for these.
    pub(crate) is_for_functions: bool,
    /// True if the run builds programs of other packages, so that build scripts may make files for it.
    pub(crate) is_beside_builds: bool,
}

/// A layer that is to be made.
pub(crate) struct LayerSpec<'a> {
    pub(crate) name: LayerName,
    /// The package whose table it is from.
    pub(crate) owner: Option<&'a Package>,
    /// True if a table of Cargo.toml describes it.
    pub(super) is_configured: bool,
    /// Of a layer without programs, the targets are those that are named for this layer itself:
    /// files run on every architecture.
    pub(crate) settings: Settings,
    /// Its programs, by their paths in it.
    pub(crate) programs: Vec<(Candidate<'a>, String)>,
}

impl<'a> LayerSpec<'a> {
    /// A layer of files whose settings come from the environment and the command line only.
    pub(super) fn without_project(name: &LayerName, sources: &[PartialSettings]) -> Self {
        Self {
            name: name.clone(),
            owner: None,
            is_configured: false,
            settings: Settings {
                kind: Kind::Layer,
                ..Settings::of(&[], sources)
            },
            programs: Vec::new(),
        }
    }

    pub(crate) fn candidates(&self) -> impl Iterator<Item = &Candidate<'a>> {
        self.programs.iter().map(|(candidate, _)| candidate)
    }

    /// Whether `candidate` goes into it.
    pub(crate) fn has(&self, candidate: Candidate<'_>) -> bool {
        self.candidates().any(|own| own.is(candidate))
    }
}

/// The layers that `request` asks for.
///
/// # Errors
/// [`Error::Usage`] for a layer or binary that does not exist, or exists twice.
pub(crate) fn find<'a>(
    project: &Project<'a>,
    request: &LayerRequest<'a>,
    sources: &'a [PartialSettings],
) -> Result<Vec<LayerSpec<'a>>> {
    let root = config::root_manifest(project)?;
    let selected = cargo::packages(project.workspace, &project.options.packages)?;
    let common = config::workspace_table(project, &root)?;
    let mut tables = Vec::with_capacity(selected.len());
    for &package in &selected {
        tables.push((package, config::selected_table(package, &root)?));
    }
    let search = Search {
        project,
        root: &root,
        sources,
        request,
        selected,
        common: &common,
        defaults: config::defaults(project, &root),
    };
    let chosen = choose(request, configured_layers(&common, &tables))?;
    chosen.iter().map(|layer| search.wanted(layer)).collect()
}

/// The definition of a layer in a table, or on the command line only.
struct LayerDefinition<'t, 'a> {
    name: &'t LayerName,
    owner: Option<(&'a Package, &'t Table)>,
    made: Option<&'t LayerConfig>,
}

impl LayerDefinition<'_, '_> {
    fn described(&self) -> String {
        match self.owner {
            Some((package, _)) => format!("one of package `{}`", package.name),
            None => "one of the workspace".to_owned(),
        }
    }
}

fn configured_layers<'t, 'a>(
    common: &'t Table,
    tables: &'t [(&'a Package, Table)],
) -> Vec<LayerDefinition<'t, 'a>> {
    let of = |owner: Option<(&'a Package, &'t Table)>, table: &'t Table| {
        table
            .layers
            .iter()
            .map(move |(name, made)| LayerDefinition {
                name,
                owner,
                made: Some(made),
            })
    };
    let packages = tables.iter();
    let packages = packages.flat_map(|(package, table)| of(Some((package, table)), table));
    of(None, common).chain(packages).collect()
}

/// The requested layers, out of the `known` ones.
fn choose<'t, 'a>(
    request: &LayerRequest<'t>,
    known: Vec<LayerDefinition<'t, 'a>>,
) -> Result<Vec<LayerDefinition<'t, 'a>>> {
    let Some(name) = request.name else {
        if known.is_empty() {
            return Err(Error::usage(
                "no layer is configured in the workspace's table or those of the selected packages",
                "name a new one, and what goes into it: `cargo lambda-zip layer NAME --include \
                 PATH`, or `--bin NAME`",
            ));
        }
        return Ok(known);
    };
    let names: Vec<&str> = known.iter().map(|layer| layer.name.as_str()).collect();
    if !names.contains(&name.as_str()) && !request.has_contents {
        return Err(Error::usage(
            text::unknown("layer", name.as_str(), names),
            "a new one needs something to go into it: `--include PATH` or `--bin NAME`",
        ));
    }
    let mut meant: Vec<LayerDefinition<'_, '_>> =
        known.into_iter().filter(|l| l.name == name).collect();
    match &meant[..] {
        [] => meant.push(LayerDefinition {
            name,
            owner: None,
            made: None,
        }),
        [_] => {}
        [one, other, ..] => {
            return Err(Error::usage(
                format!(
                    "there are several layers called `{name}`: {} and {}",
                    one.described(),
                    other.described()
                ),
                "choose one with `-p PACKAGE`, or give them different names",
            ));
        }
    }
    Ok(meant)
}

/// The sources that layers are resolved from.
struct Search<'s, 'a> {
    project: &'s Project<'a>,
    root: &'s ManifestFile,
    sources: &'s [PartialSettings],
    request: &'s LayerRequest<'a>,
    selected: Vec<&'a Package>,
    common: &'s Table,
    defaults: PartialSettings,
}

impl<'a> Search<'_, 'a> {
    fn wanted(&self, found: &LayerDefinition<'_, 'a>) -> Result<LayerSpec<'a>> {
        let &LayerDefinition { name, owner, made } = found;
        let own = made.map(|made| &made.settings);
        let in_tables = made.map(|made| made.bins.as_slice()).unwrap_or_default();
        let members = self.project.workspace.metadata.workspace_packages();
        let packages = owner.map_or(members, |(package, _)| vec![package]);
        let in_tables = in_tables.iter().map(|bin| (bin, packages.as_slice()));
        let in_flags = self.request.bins.iter();
        let in_flags = in_flags.map(|bin| (bin, self.selected.as_slice()));
        let programs = in_tables.chain(in_flags);
        let programs = programs.map(|(bin, packages)| self.program(bin, packages));
        let programs: Vec<(Candidate<'a>, String)> = programs.collect::<Result<_>>()?;
        let of_owner = owner.map(|(_, table)| table.settings.for_layers());
        let of_programs = programs.iter().map(|(program, _)| tables_of(*program));
        let mut inherited: Vec<Vec<PartialSettings>> = of_programs.collect::<Result<_>>()?;
        if let ([package], [], None) = (&self.selected[..], &programs[..], made) {
            // A layer of files that only the command line describes is one of this package.
            inherited.push(vec![config::package_table(package)?.settings.for_layers()]);
        }
        let common = self.common.settings.for_layers();
        let merged = |inherited: &[Vec<PartialSettings>]| {
            let around = [&self.defaults, &common].into_iter().chain(&of_owner);
            let tables = around.chain(inherited.iter().flatten()).chain(own);
            Settings::of(&tables.collect::<Vec<_>>(), self.sources)
        };
        check_alike(name, &programs, |nth| merged(&inherited[nth..=nth]))?;
        let mut settings = Settings {
            kind: Kind::Layer,
            ..merged(&inherited)
        };
        if programs.is_empty() {
            // Files are for every architecture, unless the table names some.
            let is_narrowed =
                !self.request.is_for_functions || own.is_some_and(PartialSettings::names_targets);
            let sources = if is_narrowed { self.sources } else { &[] };
            let near = Settings::of(own.as_slice(), sources);
            (settings.targets, settings.architectures) = (near.targets, near.architectures);
        }
        Ok(LayerSpec {
            name: name.clone(),
            owner: owner.map(|(package, _)| package),
            is_configured: made.is_some(),
            settings,
            programs,
        })
    }

    /// The binary in `packages` that is named, and its path in the layer.
    fn program(&self, bin: &LayerBin, packages: &[&'a Package]) -> Result<(Candidate<'a>, String)> {
        let candidate = candidate(&bin.bin, packages)?;
        let configured = config::configure(self.project, &[candidate], self.root, &[])?;
        let kind = configured.first().map(|(_, settings)| settings.kind);
        Ok((candidate, bin.path(kind.unwrap_or_default())))
    }
}
