//! The share of a plan that this run carries out.

use std::collections::BTreeSet;

use super::binary::BinaryPlan;
use super::collisions;
use super::package::PackagePlan;
use crate::cargo::Project;
use crate::config::LayerName;
use crate::error::Result;
use crate::lambda::Kind;

/// Leaves out the packages of other partitions, and the binaries that only they need. Cargo still
/// gets the same packages and features, so that the programs are those of a run for all of them.
///
/// # Errors
/// [`Error::Usage`](crate::error::Error::Usage) if zips of all partitions together would collide.
pub(super) fn keep(
    project: &Project<'_>,
    packages: &mut Vec<PackagePlan>,
    binaries: &mut [BinaryPlan<'_>],
) -> Result<()> {
    let Some(partition) = project.partition else {
        return Ok(());
    };
    collisions::check(packages)?;
    let is_own = |package: &PackagePlan| {
        let owner = package.owner.as_ref().map(|owner| &*owner.name);
        partition.has(owner, &package.name)
    };
    let mut kept: Vec<bool> = packages.iter().map(is_own).collect();
    while keep_taken(packages, &mut kept) {}
    let mut kept = kept.into_iter();
    packages.retain(|_| kept.next().unwrap_or_default());
    for binary in binaries {
        let id = binary.candidate.id();
        binary.settings.skip |= !packages.iter().any(|package| package.has(&id));
    }
    Ok(())
}

/// Keeps the layers that packages which are kept take by name, with the features that they have in
/// a run for all packages. Returns true if there is one more.
fn keep_taken(packages: &[PackagePlan], kept: &mut [bool]) -> bool {
    let takers = packages.iter().zip(&*kept).filter(|(_, kept)| **kept);
    let taken = takers.flat_map(|(package, _)| package.taken_names());
    let taken: BTreeSet<&str> = taken.map(LayerName::as_str).collect();
    let mut is_new = false;
    for (package, kept) in packages.iter().zip(kept) {
        if !*kept && package.kind != Kind::Function && taken.contains(&*package.name) {
            *kept = true;
            is_new = true;
        }
    }
    is_new
}
