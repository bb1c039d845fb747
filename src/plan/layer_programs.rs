//! The programs of a layer: which they are, and whether one build makes them all.

use cargo_metadata::Package;

use crate::cargo::{self, Candidate, is_example};
use crate::config::{self, LayerName, PartialSettings, Settings};
use crate::error::{Error, Result};
use crate::text;

/// The settings for layers in the tables of a program: those of its package and its own.
pub(super) fn tables_of(program: Candidate<'_>) -> Result<Vec<PartialSettings>> {
    let table = config::package_table(program.package)?;
    let own = table.bins.get(&program.target.name);
    let tables = std::iter::once(&table.settings).chain(own);
    Ok(tables.map(PartialSettings::for_layers).collect())
}

/// Refuses programs of one layer whose tables differ in what a build depends on. `settings` gives
/// what holds for the program at a position.
pub(super) fn check_alike(
    layer: &LayerName,
    programs: &[(Candidate<'_>, String)],
    settings: impl Fn(usize) -> Settings,
) -> Result<()> {
    let Some(((first, _), others)) = programs.split_first() else {
        return Ok(());
    };
    let expected = settings(0);
    for (position, (other, _)) in others.iter().enumerate() {
        let found = settings(position + 1);
        if found.targets != expected.targets || !found.builds_like(&expected) {
            return Err(Error::usage(
                format!(
                    "the binaries `{}` and `{}` of the layer `{layer}` are configured in \
                     different ways (`architectures`, `targets`, `runtime`, `builder`, `cpu` or \
                     `reproducible`)",
                    first.target.name, other.target.name
                ),
                "say what holds for the layer, in its table or with flags such as `--arch`, or \
                 make a layer for each",
            ));
        }
    }
    Ok(())
}

/// The binary called `name`; an example if there is no such binary.
pub(super) fn candidate<'a>(name: &str, packages: &[&'a Package]) -> Result<Candidate<'a>> {
    // It is named, so that Cargo reports the reason if it cannot be built.
    let all: Vec<Candidate<'a>> = cargo::executables(packages).collect();
    let named = |example: bool| {
        let all = all.iter().copied();
        let named = all.filter(|c| c.target.name == name && is_example(c.target) == example);
        named.collect::<Vec<_>>()
    };
    let mut found = named(false);
    if found.is_empty() {
        found = named(true);
    }
    match found[..] {
        [one] => Ok(one),
        [] => {
            let known = all.iter().map(|candidate| candidate.target.name.as_str());
            Err(Error::usage(text::unknown("binary", name, known), None))
        }
        [one, other, ..] => Err(Error::usage(
            format!(
                "there are several binaries called `{name}`: one of package `{}` and one of \
                 package `{}`",
                one.package.name, other.package.name
            ),
            "choose one with `-p PACKAGE`, or name it in the table of a layer of its own package",
        )),
    }
}
