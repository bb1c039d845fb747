//! Whether everything that is written has a place of its own.

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::{Error, Result};
use crate::paths::Taken;
use crate::plan::{Place, PlannedArchive};

/// Refuses two zips at one place, and folders of which something would be in the way of anything
/// else that is written. Names that differ only in case are one place on many systems.
pub(crate) fn check(archives: &[PlannedArchive]) -> Result<()> {
    let zips = archives.iter().flat_map(|archive| {
        let places = archive.places.iter();
        places.map(move |place| Zip { archive, place })
    });
    let mut taken: Taken<Zip<'_>> = Taken::default();
    for zip in zips.clone() {
        let path = zip.place.path.as_str().to_lowercase();
        if let Some((_, other)) = taken.in_the_way(&path) {
            return Err(collision(*other, zip, &zip.place.path));
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
            one.archive.described(one.place),
            other.archive.described(other.place)
        ),
        "tell them apart with `--output`, for instance `--output '{package}/{arch}/{bin}.zip'`",
    )
}

/// One zip of an archive.
#[derive(Clone, Copy)]
struct Zip<'a> {
    archive: &'a PlannedArchive,
    place: &'a Place,
}

impl Zip<'_> {
    /// What is written of it beside itself.
    fn unpacked(self) -> impl Iterator<Item = Utf8PathBuf> {
        let Self { archive, place } = self;
        let programs = archive.programs.iter().map(|program| program.path.as_str());
        let names = programs.chain(archive.files.iter().map(|file| file.name.as_str()));
        let folder = place.folder.iter();
        folder.flat_map(move |folder| names.clone().map(|name| folder.join(name)))
    }
}

fn collision(one: Zip<'_>, other: Zip<'_>, path: &Utf8Path) -> Error {
    Error::Usage {
        message: format!(
            "two zips would be written to `{path}`: {} and {}",
            one.archive.described(one.place),
            other.archive.described(other.place)
        ),
        help: ways_out(one, other),
    }
}

fn ways_out(one: Zip<'_>, other: Zip<'_>) -> Vec<String> {
    if let (Some(owner), Some(other_owner)) = (&one.archive.owner, &other.archive.owner)
        && owner != other_owner
    {
        return vec![
            "tell them apart with `--output`, for instance `--output '{package}/{arch}/{bin}.zip'`"
                .to_owned(),
            format!("build only one of them with `-p {}`", owner.name),
        ];
    }
    let way = if one.archive.name == other.archive.name
        && one.archive.is_example() != other.archive.is_example()
    {
        "build one of them at a time, with `--bin` or `--example`"
    } else if one.archive.name != other.archive.name {
        "use the placeholder `{bin}` in the output"
    } else if one.place.architecture == other.place.architecture {
        "use the placeholder `{target}` in the output"
    } else {
        "use the placeholder `{arch}` in the output"
    };
    vec![way.to_owned()]
}
