//! The share of a plan that this run carries out.

use std::collections::BTreeSet;

use super::binary::BinaryPlan;
use super::collisions;
use super::package::PackagePlan;
use crate::cargo::{FeatureOptions, Project};
use crate::config::LayerName;
use crate::error::Result;
use crate::lambda::Kind;

/// Leaves out the packages of other partitions, and the binaries that only they need. Cargo still
/// gets the same packages and features, so that the programs are those of a run for all of them. The
/// result is the digest of all packages; `None` without partitions.
///
/// # Errors
/// [`Error::Usage`](crate::error::Error::Usage) if zips of all partitions together would collide.
pub(super) fn keep(
    project: &Project<'_>,
    packages: &mut Vec<PackagePlan>,
    binaries: &mut [BinaryPlan<'_>],
) -> Result<Option<String>> {
    let Some(partition) = project.partition else {
        return Ok(None);
    };
    collisions::check(packages)?;
    let selection = digest(packages, &project.options.features);
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
    Ok(Some(selection))
}

/// BLAKE3 digest, in hexadecimal, of packages with their targets, and of the features that are asked for.
/// It does not depend on the machine.
pub(super) fn digest(packages: &[PackagePlan], features: &FeatureOptions) -> String {
    let package = |package: &PackagePlan| {
        let owner = package
            .owner
            .as_ref()
            .map(|owner| (&owner.name, &owner.version));
        let outputs = package.outputs.iter();
        let outputs = outputs.map(|output| (output.architecture, output.target));
        let platforms: BTreeSet<String> = outputs.map(|platform| format!("{platform:?}")).collect();
        format!(
            "{owner:?} {} {:?} {platforms:?}",
            package.kind.name(),
            package.name
        )
    };
    let packages: BTreeSet<String> = packages.iter().map(package).collect();
    let names: BTreeSet<&str> = features.names().collect();
    let features = (names, features.all_features, features.no_default_features);
    let hash = blake3::hash(format!("{packages:?} {features:?}").as_bytes());
    hash.to_hex().to_string()
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
