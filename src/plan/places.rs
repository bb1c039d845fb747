//! Whether everything that is written has a place of its own.

use std::collections::{BTreeMap, btree_map};

use camino::{Utf8Path, Utf8PathBuf};

use super::{Place, PlannedArchive};
use crate::error::{Error, Result};

/// Refuses two zips at one place. Names that differ only in case are one place on many systems.
pub(super) fn check(archives: &[PlannedArchive]) -> Result<()> {
    let mut taken: BTreeMap<String, Zip<'_>> = BTreeMap::new();
    for archive in archives {
        for place in &archive.places {
            let zip = Zip { archive, place };
            match taken.entry(place.path.as_str().to_lowercase()) {
                btree_map::Entry::Vacant(vacant) => {
                    vacant.insert(zip);
                }
                btree_map::Entry::Occupied(taken) => {
                    return Err(collision(*taken.get(), zip, &place.path));
                }
            }
        }
    }
    check_folders(archives)
}

/// Refuses folders of which something would be in the way of anything else that is written.
fn check_folders(archives: &[PlannedArchive]) -> Result<()> {
    let zips = archives.iter().flat_map(|archive| {
        let places = archive.places.iter();
        places.map(move |place| Zip { archive, place })
    });
    let mut written: BTreeMap<String, Zip<'_>> = BTreeMap::new();
    for zip in zips.clone() {
        written.insert(zip.place.path.as_str().to_lowercase(), zip);
    }
    for zip in zips {
        for path in zip.unpacked() {
            if let Some(other) = written.insert(path.as_str().to_lowercase(), zip) {
                return Err(in_the_way(&path, zip, other));
            }
        }
    }
    for (path, zip) in &written {
        let mut folders = Utf8Path::new(path).ancestors().skip(1);
        if let Some(other) = folders.find_map(|folder| written.get(folder.as_str())) {
            return Err(in_the_way(Utf8Path::new(path), *zip, *other));
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
