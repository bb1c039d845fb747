//! What goes into each zip.

use std::collections::HashMap;

use crate::archive::read::Turn;
use crate::cargo::Candidate;
use crate::config::layer_source::Layer;
use crate::config::{OutputTemplate, Settings, Values};
use crate::error::{Error, Result};
use crate::include::{self, IncludedFile, Pattern};
use crate::lambda::{Kind, Target};
use crate::lint::LayerFacts;
use crate::package::directory;
use crate::paths::Taken;
use crate::plan::{Choice, Owner, Place, PlannedArchive, Program};

/// A zip for each binary that is not to be skipped: its files are found, its layers measured.
///
/// # Errors
/// [`Error::Usage`] if all are to be skipped, or whatever keeps a file from being packed.
pub(crate) fn archives(
    choices: &[Choice<'_>],
    default_output: &OutputTemplate,
    profile: &str,
) -> Result<Vec<PlannedArchive>> {
    // What is not expected may be built all the same: Cargo has the last word on features.
    let packaged = choices.iter().filter(|c| c.settings.kind != Kind::Skip);
    let mut layers = KnownLayers::default();
    let archives: Vec<PlannedArchive> = packaged
        .map(|choice| archive(choice, default_output, profile, &mut layers))
        .collect::<Result<_>>()?;
    check_exclusions(archives.iter().map(|archive| &archive.settings))?;
    if archives.is_empty() {
        return Err(Error::usage(
            "every selected binary is configured with `kind = \"skip\"`",
            "select another with `-p` or `--bin`, or remove the key from its metadata",
        ));
    }
    Ok(archives)
}

fn archive(
    choice: &Choice<'_>,
    default_output: &OutputTemplate,
    profile: &str,
    layers: &mut KnownLayers,
) -> Result<PlannedArchive> {
    let Choice {
        candidate,
        settings,
        driver,
    } = choice;
    let name = &candidate.target.name;
    let path = settings.kind.entry_name(name);
    let files = files(settings, [path.as_str()])?;
    Ok(PlannedArchive {
        places: places(candidate, settings, default_output, profile)?,
        name: name.clone(),
        kind: settings.kind,
        programs: vec![Program::new(candidate, path)],
        files,
        layers: layers.of(settings)?,
        settings: settings.clone(),
        builder: Some(driver.builder()),
        expected: candidate.expected,
        owner: Some(Owner::of(candidate.package)),
    })
}

/// Where the zips of a binary go.
///
/// # Errors
/// [`Error::Usage`] if the output says what they have not.
pub(crate) fn places(
    candidate: &Candidate<'_>,
    settings: &Settings,
    default_output: &OutputTemplate,
    profile: &str,
) -> Result<Vec<Place>> {
    let owner = Owner::of(candidate.package);
    let template = settings.output.as_ref().unwrap_or(default_output);
    let place = |built_for: Target| -> Result<Place> {
        let path = template.render(&Values {
            bin: &candidate.target.name,
            package: Some(&owner.name),
            version: Some(&owner.version),
            arch: Some(built_for.architecture.name()),
            target: Some(built_for.triple()),
            profile: Some(profile),
        })?;
        let program = settings.kind.entry_name(&candidate.target.name);
        let folder = || directory::beside(&path, Some(&program));
        Ok(Place {
            architecture: Some(built_for.architecture),
            target: Some(built_for),
            folder: settings.also_binary.then(folder),
            path,
        })
    };
    settings.targets.iter().copied().map(place).collect()
}

/// The files that go into a zip beside `programs`.
///
/// # Errors
/// Whatever keeps one of them from being packed.
pub(crate) fn files<'a>(
    settings: &Settings,
    programs: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<IncludedFile>> {
    let files = include::collect(&settings.include, &settings.exclude, settings.symlinks)?;
    let mut taken = Taken::default();
    for file in &files {
        taken.take(file.name.clone(), file);
    }
    for program in programs {
        if let Some(what) = include::portability_problem(program) {
            let message = format!("`{}` has {what}", include::shown(program));
            return Err(Error::usage(message, "give it another name"));
        }
        // A file that would take the place of the executable.
        if let Some((name, file)) = taken.in_the_way(program) {
            return Err(Error::usage(
                format!(
                    "`{}` would be `{name}` in the package, where `{program}` is the program",
                    include::shown(file.path.as_str())
                ),
                "rename it with FROM=TO, or leave it out with `exclude`",
            ));
        }
    }
    Ok(files)
}

/// Refuses what the command line leaves out of none of the packages: a typo would ship what was to
/// stay.
///
/// # Errors
/// [`Error::Usage`] for the first that leaves nothing out.
pub(crate) fn check_exclusions<'a>(packages: impl Iterator<Item = &'a Settings>) -> Result<()> {
    let mut idle: Option<Vec<Pattern>> = None;
    for settings in packages {
        let here =
            include::unused_excludes(&settings.include, &settings.exclude, settings.symlinks)?;
        idle = Some(match idle {
            Some(idle) => idle.into_iter().filter(|p| here.contains(p)).collect(),
            None => here,
        });
    }
    let idle = idle.unwrap_or_default();
    idle.first()
        .map_or(Ok(()), |pattern| Err(include::unused_exclude(pattern)))
}

/// What is known of layers, each of which is read once although many functions may have it.
#[derive(Default)]
pub(crate) struct KnownLayers {
    known: HashMap<Layer, LayerFacts>,
    turn: Turn,
}

impl KnownLayers {
    /// What is known of the layers of a function.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub(crate) fn of(&mut self, settings: &Settings) -> Result<Vec<LayerFacts>> {
        let layers = settings.layers.iter();
        layers.map(|layer| self.facts(layer)).collect()
    }

    fn facts(&mut self, layer: &Layer) -> Result<LayerFacts> {
        if let Some(known) = self.known.get(layer) {
            return Ok(known.clone());
        }
        // Programs and libraries of layers are judged with the function, as `check` does.
        let facts = layer.facts_if_whole(&self.turn)?;
        self.known.insert(layer.clone(), facts.clone());
        Ok(facts)
    }
}
