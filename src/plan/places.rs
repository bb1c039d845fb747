//! Whether everything that is written has a place of its own.

use std::collections::{BTreeMap, btree_map};

use camino::Utf8Path;

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
    Ok(())
}

/// One zip of an archive.
#[derive(Clone, Copy)]
struct Zip<'a> {
    archive: &'a PlannedArchive,
    place: &'a Place,
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
