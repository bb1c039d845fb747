//! Collisions: two things that would be written to one place.

use camino::{Utf8Path, Utf8PathBuf};

use super::package::{OutputSpec, PackagePlan};
use crate::error::{Error, Result};
use crate::paths::Taken;

/// Refuses two zips at one place, and a folder whose files would be in the way of anything else
/// that is written. Names that differ only in case are one place on many systems.
pub(crate) fn check(packages: &[PackagePlan]) -> Result<()> {
    let zips = packages.iter().flat_map(|package| {
        let outputs = package.outputs.iter();
        outputs.map(move |output| Zip { package, output })
    });
    let mut taken: Taken<Zip<'_>> = Taken::default();
    for zip in zips.clone() {
        let path = zip.output.path.as_str().to_lowercase();
        if let Some((_, other)) = taken.in_the_way(&path) {
            return Err(collision(*other, zip, &zip.output.path));
        }
        taken.take(path, zip);
    }
    for zip in zips {
        for path in zip.unpacked() {
            let lower = path.as_str().to_lowercase();
            if let Some((_, other)) = taken.in_the_way(&lower) {
                return Err(in_the_way(&path, zip, *other));
            }
            taken.take(lower, zip);
        }
    }
    Ok(())
}

fn in_the_way(path: &Utf8Path, one: Zip<'_>, other: Zip<'_>) -> Error {
    Error::usage(
        format!(
            "`{path}`, of the folder with the files of {}, and what is written of {} would be at \
             one place",
            one.package.described(one.output),
            other.package.described(other.output)
        ),
        "tell them apart with `--output`, for instance `--output '{package}/{arch}/{bin}.zip'`",
    )
}

/// One zip of a package.
#[derive(Clone, Copy)]
struct Zip<'a> {
    package: &'a PackagePlan,
    output: &'a OutputSpec,
}

impl Zip<'_> {
    /// The paths of its files in its folder.
    fn unpacked(self) -> impl Iterator<Item = Utf8PathBuf> {
        let Self { package, output } = self;
        let programs = package.programs.iter().map(|program| program.path.as_str());
        let names = programs.chain(package.files.iter().map(|file| file.name.as_str()));
        let folder = output.folder.iter();
        folder.flat_map(move |folder| names.clone().map(|name| folder.join(name)))
    }
}

fn collision(one: Zip<'_>, other: Zip<'_>, path: &Utf8Path) -> Error {
    Error::Usage {
        message: format!(
            "two zips would be written to `{path}`: {} and {}",
            one.package.described(one.output),
            other.package.described(other.output)
        ),
        help: ways_out(one, other),
    }
}

fn ways_out(one: Zip<'_>, other: Zip<'_>) -> Vec<String> {
    if let (Some(owner), Some(other_owner)) = (&one.package.owner, &other.package.owner)
        && owner != other_owner
    {
        return vec![
            "tell them apart with `--output`, for instance `--output '{package}/{arch}/{bin}.zip'`"
                .to_owned(),
            format!("build only one of them with `-p {}`", owner.name),
        ];
    }
    let way = if one.package.name == other.package.name
        && one.package.is_example() != other.package.is_example()
    {
        "build one of them at a time, with `--bin` or `--example`"
    } else if one.package.name != other.package.name {
        "use the placeholder `{bin}` in the output"
    } else if one.output.architecture == other.output.architecture {
        "use the placeholder `{target}` in the output"
    } else {
        "use the placeholder `{arch}` in the output"
    };
    vec![way.to_owned()]
}
