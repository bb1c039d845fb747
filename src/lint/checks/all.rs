//! All checks of a package, in their order.

use super::{
    collisions, counts, entrypoint, helper_scripts, helpers, layer, links, names, secrets, sizes,
    zip,
};
use crate::lambda::{MountPoint, Runtime};
use crate::lint::fs::RuntimeFs;
use crate::lint::{Budget, Diagnostic, LayerFacts, Lint, List, Package};
use crate::text::quoted_name;

/// Checks a package, except for the size of its zip.
pub(crate) fn check_package(package: &Package<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = zip::check(package);
    diagnostics.extend(
        package
            .layers
            .iter()
            .flat_map(|layer| unreadable(package, layer)),
    );
    // The files are unknown if the central directory cannot be read.
    if package.files.is_empty() || package.anomalies.is_incomplete() {
        return diagnostics;
    }
    // Before all paths are in memory once more.
    let collisions = collisions::check(package.files);
    let fs = RuntimeFs::of(package);
    diagnostics.extend(sizes_and_numbers(package, &fs));
    diagnostics.extend(entrypoint::check(package, &fs));
    diagnostics.extend(names::check(package));
    diagnostics.extend(collisions);
    diagnostics.extend(links::check(package, &fs));
    diagnostics.extend(layer::check(package, &fs));
    diagnostics.extend(helpers::check(package));
    diagnostics.extend(helper_scripts::check(package, &fs));
    diagnostics.extend(secrets::check(package));
    diagnostics.extend(deprecated_runtime(package.runtime));
    diagnostics
}

/// Checks the sizes and the numbers of a package's files, layers and extensions.
pub(crate) fn check_sizes(package: &Package<'_>) -> Vec<Diagnostic> {
    sizes_and_numbers(package, &RuntimeFs::of(package))
}

/// Checks the names of a package's files and its runtime: what is known beside its sizes before its
/// programs are built. Secrets are found in files whose contents are known.
pub(crate) fn check_names(package: &Package<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = names::check(package);
    diagnostics.extend(collisions::check(package.files));
    diagnostics.extend(secrets::check(package));
    diagnostics.extend(deprecated_runtime(package.runtime));
    diagnostics
}

fn sizes_and_numbers(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = sizes::check(package);
    diagnostics.extend(counts::check(package, fs));
    diagnostics
}

/// Checks the size of the zip `name` in bytes. `entries` are names with compressed bytes.
pub(crate) fn check_zip_size(
    mount_point: MountPoint,
    name: &str,
    bytes: u64,
    entries: &[(&str, u64)],
    budget: Budget,
) -> Vec<Diagnostic> {
    let found = [
        sizes::zipped(mount_point, bytes, name, entries),
        budget.zipped(bytes, entries),
    ];
    found.into_iter().flatten().collect()
}

/// The parts of a layer that Lambda could not unzip.
fn unreadable(package: &Package<'_>, layer: &LayerFacts) -> Vec<Diagnostic> {
    let files = match &layer.files {
        Some(files) => files,
        // Only its size is known.
        None if layer.anomalies.broken.is_empty() => return Vec::new(),
        None => &Vec::new(),
    };
    let alone = Package {
        files,
        layers: &[],
        anomalies: &layer.anomalies,
        ..*package
    };
    let mut found = zip::check(&alone);
    let unreadable = [
        Lint::BrokenZip,
        Lint::EncryptedEntry,
        Lint::UnsupportedCompression,
    ];
    found.retain(|found| unreadable.contains(&found.lint));
    for diagnostic in &mut found {
        let name = quoted_name(&layer.name);
        diagnostic.message = format!("in the layer {name}, {}", diagnostic.message);
    }
    found
}

fn deprecated_runtime(runtime: Runtime) -> Option<Diagnostic> {
    runtime.facts().deprecation.map(|dates| Diagnostic {
        lint: Lint::DeprecatedRuntime,
        message: format!("the runtime {runtime} is {dates}"),
        help: format!("deploy on {} (`--runtime {0}`)", Runtime::default()),
        names: List::default(),
    })
}
