//! What is in each layer, what it is for, and where it goes.

use std::collections::BTreeMap;
use std::io::Read;

use fs_err as fs;

use super::functions::{self, KnownLayers};
use super::layer_request::Wanted;
use crate::cargo::{Candidate, is_executable};
use crate::commands::Job;
use crate::config::partial_settings::Layer;
use crate::config::{self, ManifestFile, OutputTemplate, Values};
use crate::error::{Error, Result};
use crate::include::IncludedFile;
use crate::inspect::{self, Machine};
use crate::lambda::{Architecture, Kind, Target};
use crate::package::directory;
use crate::paths::Taken;
use crate::plan::{Choice, Owner, Place, PlannedArchive, Program};

/// What `{arch}` stands for where a layer runs on any.
const ANY: &str = "any";

/// What all layers of a run have in common.
pub(crate) struct Site<'a> {
    pub(crate) default_output: OutputTemplate,
    /// None where nothing could be built.
    pub(crate) profile: Option<&'a str>,
}

impl Site<'_> {
    /// The zips of a layer, whose programs are among `choices`.
    ///
    /// # Errors
    /// Whatever keeps something from being packed.
    pub(crate) fn archive(
        &self,
        layer: &Wanted<'_>,
        choices: &[Choice<'_>],
        known: &mut KnownLayers,
    ) -> Result<PlannedArchive> {
        let paths = layer.programs.iter().map(|(_, path)| path.as_str());
        let files = functions::files(&layer.settings, paths.clone())?;
        check_programs(layer)?;
        if files.is_empty() && layer.programs.is_empty() {
            return Err(Error::usage(
                format!("nothing goes into the layer `{}`", layer.name),
                "say what does, with `--include PATH` or `--bin NAME`, or `include` and `bins` in \
                 its table",
            ));
        }
        let machines = machines(&files)?;
        let builder = choices
            .iter()
            .find(|choice| layer.has(choice.candidate))
            .map(|choice| choice.driver.builder());
        Ok(PlannedArchive {
            places: self.places(layer, &machines)?,
            name: layer.name.to_string(),
            kind: Kind::Layer,
            owner: layer.owner.map(Owner::of),
            programs: layer
                .programs
                .iter()
                .map(|(candidate, path)| Program::new(candidate, path.clone()))
                .collect(),
            files,
            layers: known.of(&layer.settings)?,
            settings: layer.settings.clone(),
            builder,
            expected: true,
        })
    }

    fn places(&self, layer: &Wanted<'_>, machines: &[(String, Machine)]) -> Result<Vec<Place>> {
        let targets: Vec<Target> = if layer.programs.is_empty() {
            layer.targets.clone().unwrap_or_default()
        } else {
            layer.settings.targets.clone()
        };
        if targets.is_empty() {
            let architecture = architecture_of(layer, machines)?;
            return Ok(vec![self.place(layer, architecture, None)?]);
        }
        let built = |target| (!layer.programs.is_empty()).then_some(target);
        let places = targets
            .iter()
            .map(|&target| self.place(layer, Some(target.architecture), built(target)));
        places.collect()
    }

    fn place(
        &self,
        layer: &Wanted<'_>,
        architecture: Option<Architecture>,
        target: Option<Target>,
    ) -> Result<Place> {
        let owner = layer.owner.map(Owner::of);
        let template = layer.settings.output.as_ref();
        let path = template.unwrap_or(&self.default_output).render(&Values {
            bin: layer.name.as_str(),
            package: owner.as_ref().map(|owner| owner.name.as_str()),
            version: owner.as_ref().map(|owner| owner.version.as_str()),
            arch: Some(architecture.map_or(ANY, Architecture::name)),
            target: target.map(Target::triple),
            profile: self.profile,
        })?;
        let folder = || directory::beside(&path, None);
        Ok(Place {
            architecture,
            target,
            folder: layer.settings.also_binary.then(folder),
            path,
        })
    }
}

/// Refuses two programs that cannot be side by side.
fn check_programs(layer: &Wanted<'_>) -> Result<()> {
    let mut taken = Taken::default();
    for (_, path) in &layer.programs {
        if let Some((other, ())) = taken.in_the_way(path) {
            return Err(Error::usage(
                format!(
                    "two programs of the layer `{}` would be at one place: `{other}` and `{path}`",
                    layer.name
                ),
                "give one of them another path: `--bin NAME=PATH`, or `{ bin = \"NAME\", to = \
                 \"PATH\" }`",
            ));
        }
        taken.take(path.clone(), ());
    }
    Ok(())
}

/// What the files say that a layer is for of which nobody else says so.
fn architecture_of(
    layer: &Wanted<'_>,
    machines: &[(String, Machine)],
) -> Result<Option<Architecture>> {
    let of = |machine: &Machine| match machine {
        Machine::Lambda(architecture) => Some(*architecture),
        Machine::Other(_) => None,
    };
    let mut known = machines
        .iter()
        .filter_map(|(name, machine)| Some((name, of(machine)?)));
    let Some((name, architecture)) = known.next() else {
        // What runs on neither is judged as what it would have to run on.
        return Ok((!machines.is_empty()).then(Architecture::default));
    };
    match known.find(|(_, other)| *other != architecture) {
        None => Ok(Some(architecture)),
        Some((other_name, other)) => Err(Error::usage(
            format!(
                "the layer `{}` has files for two architectures: `{name}` for {architecture}, \
                 `{other_name}` for {other}",
                layer.name
            ),
            "make a layer for each, and name what it is for with `--arch` or `architectures`",
        )),
    }
}

/// The instruction sets of ELF files, by the names of these.
fn machines(files: &[IncludedFile]) -> Result<Vec<(String, Machine)>> {
    let mut machines = Vec::new();
    for file in files.iter().filter(|file| file.link.is_none()) {
        let mut beginning = Vec::new();
        fs::File::open(&file.path)
            .and_then(|opened| opened.take(inspect::HEADER).read_to_end(&mut beginning))
            .map_err(Error::io("could not read what is to be included"))?;
        let machine = inspect::machine_of(&beginning);
        machines.extend(machine.map(|machine| (file.name.clone(), machine)));
    }
    Ok(machines)
}

/// Refuses a layer whose zip would replace that of a function, or be replaced by it in a run of the
/// main job: for whatever architecture that may be.
pub(crate) fn check_functions(
    job: &Job<'_>,
    layers: &[PlannedArchive],
    site: &Site<'_>,
    root: &ManifestFile,
    environment: &Layer,
) -> Result<()> {
    let Some(profile) = site.profile else {
        return Ok(());
    };
    let places = layers.iter().flat_map(|layer| &layer.places);
    let taken: BTreeMap<String, &Place> = places.map(|place| (one_name(place), place)).collect();
    let members = job.workspace.metadata.workspace_packages();
    let binaries = members.into_iter().flat_map(|package| {
        let targets = package.targets.iter();
        targets.map(move |target| Candidate {
            package,
            target,
            expected: true,
        })
    });
    let binaries: Vec<Candidate<'_>> = binaries.filter(|c| is_executable(c.target)).collect();
    let outside = std::slice::from_ref(environment);
    for (binary, mut settings) in config::configure(job, &binaries, root, outside)? {
        if settings.kind == Kind::Skip {
            continue;
        }
        settings.targets = Target::all().collect();
        let default_output = &site.default_output;
        let places = functions::places(&binary, &settings, default_output, profile)?;
        let mut places = places.iter();
        if let Some(place) = places.find_map(|place| taken.get(&one_name(place))) {
            return Err(Error::usage(
                format!(
                    "`{}` is where the zip of the binary `{}` of package `{}` goes",
                    place.path, binary.target.name, binary.package.name
                ),
                "give the layer another name, or another place with `--output`",
            ));
        }
    }
    Ok(())
}

/// Names that differ only in case are one place on many systems.
fn one_name(place: &Place) -> String {
    place.path.as_str().to_lowercase()
}
