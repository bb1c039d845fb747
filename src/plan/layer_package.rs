//! The package of a layer: its contents, its architecture and its outputs.

use std::io::Read;

use camino::Utf8Path;
use fs_err as fs;

use super::binary::BinaryPlan;
use super::contents;
use super::layer_cache::LayerCache;
use super::layer_request::LayerSpec;
use super::origin::Origin;
use super::outputs::OutputContext;
use super::package::{OutputSpec, Owner, PackagePlan, ProgramPlan};
use crate::error::{Error, Result};
use crate::include::{IncludedFile, IncludedFiles};
use crate::inspect::{self, Machine};
use crate::lambda::{Architecture, Kind};
use crate::paths::Taken;

/// The package of a layer, whose programs are among `binaries`. Paths that `may_come` by the builds
/// of the run need not exist yet.
///
/// # Errors
/// [`Error::Usage`] for a layer without contents, or the reason why a file cannot be packed.
pub(super) fn package(
    context: &OutputContext<'_>,
    layer: &LayerSpec<'_>,
    binaries: &[BinaryPlan<'_>],
    cache: &mut LayerCache,
    may_come: &dyn Fn(&Utf8Path) -> bool,
) -> Result<PackagePlan> {
    let paths = layer.programs.iter().map(|(_, path)| path.as_str());
    let IncludedFiles {
        files,
        unused_excludes,
        awaited,
    } = contents::files(&layer.settings, paths, may_come)?;
    check_programs(layer)?;
    if files.is_empty() && layer.programs.is_empty() && awaited.is_empty() {
        return Err(nothing_in(layer.name.as_str()));
    }
    let machines = machines(&files)?;
    let builder = binaries
        .iter()
        .find(|binary| layer.has(binary.candidate))
        .map(|binary| binary.driver.builder());
    let mut outputs = outputs(context, layer, &machines)?;
    for output in &mut outputs {
        output.layers = cache.of(&layer.settings, output.architecture)?;
    }
    Ok(PackagePlan {
        outputs,
        name: layer.name.to_string(),
        kind: Kind::Layer,
        owner: layer.owner.map(Owner::of),
        programs: layer
            .programs
            .iter()
            .map(|(candidate, path)| ProgramPlan::built(candidate, path.clone()))
            .collect(),
        files,
        unused_excludes,
        awaited,
        settings: layer.settings.clone(),
        builder,
        origin: Some(Origin::of_layer(layer)),
        expected: true,
        is_taken: false,
    })
}

/// Checks the `files` of a layer without programs after a build, which may have made some of them.
///
/// # Errors
/// [`Error::Usage`] if there are none, or if a file is for one architecture and `output` is for all.
pub(crate) fn check_files_of_layer(
    package: &PackagePlan,
    output: &OutputSpec,
    files: &[IncludedFile],
) -> Result<()> {
    if package.kind != Kind::Layer || !package.programs.is_empty() {
        return Ok(());
    }
    if files.is_empty() {
        return Err(nothing_in(&package.name));
    }
    if output.architecture.is_some() {
        return Ok(());
    }
    match machines(files)?.first() {
        None => Ok(()),
        Some((file, machine)) => Err(Error::usage(
            format!(
                "the build has made `{file}` for {machine} in the layer `{}`, which was planned for every \
                 architecture",
                package.name
            ),
            "name the architecture with `architectures` in the layer's table, or run the same \
             command again, which finds the file",
        )),
    }
}

fn nothing_in(layer: &str) -> Error {
    Error::usage(
        format!("nothing goes into the layer `{layer}`"),
        "say what does, with `--include PATH` or `--bin NAME`, or `include` and `bins` in its table",
    )
}

/// The outputs of a layer, one for each architecture that it is for.
fn outputs(
    context: &OutputContext<'_>,
    layer: &LayerSpec<'_>,
    machines: &[(String, Machine)],
) -> Result<Vec<OutputSpec>> {
    let targets = &layer.settings.targets;
    let owner = layer.owner.map(Owner::of);
    let output = |architecture, target| {
        let name = layer.name.as_str();
        context.output(name, owner.as_ref(), &layer.settings, architecture, target)
    };
    if targets.is_empty() {
        let architecture = architecture_of(layer, machines)?;
        return Ok(vec![output(architecture, None)?]);
    }
    let built = |target| (!layer.programs.is_empty()).then_some(target);
    targets
        .iter()
        .map(|&target| output(Some(target.architecture), built(target)))
        .collect()
}

/// Refuses two programs that would be at one place.
fn check_programs(layer: &LayerSpec<'_>) -> Result<()> {
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

/// The architecture that the files of a layer are for, if any file tells it.
fn architecture_of(
    layer: &LayerSpec<'_>,
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
        // Files for other machines only are checked against the default architecture.
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

/// The machines that the ELF files among `files` are for, by file name.
fn machines(files: &[IncludedFile]) -> Result<Vec<(String, Machine)>> {
    let mut machines = Vec::new();
    for file in files.iter().filter(|file| file.link.is_none()) {
        let mut beginning = Vec::new();
        fs::File::open(&*file.path)
            .and_then(|opened| opened.take(inspect::HEADER).read_to_end(&mut beginning))
            .map_err(Error::io("could not read what is to be included"))?;
        let machine = inspect::machine_of(&beginning);
        machines.extend(machine.map(|machine| (file.name.to_string(), machine)));
    }
    Ok(machines)
}
