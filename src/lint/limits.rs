//! Lambda's sizes.

use super::list::shown;
use super::package::{FileKind, Package};
use super::start::EXTENSIONS;
use super::tree::Tree;
use super::{Lint, Observation};
use crate::size::{MIB, Size};

/// Bytes a zip must stay below to be uploaded directly.
///
/// Source: the Lambda API's own message, recorded from the service (see [`zipped`]).
pub(crate) const ZIPPED: u64 = 50 * MIB;

/// Bytes that code and layers must stay below together, unzipped.
///
/// Source: the Lambda API's own message, recorded from the service (see [`unzipped`]).
pub(crate) const UNZIPPED: u64 = 250 * MIB;

/// Judges the size of a zip: of it and of each entry in it, the name and bytes.
pub(super) fn zipped(bytes: u64, file_name: &str, entries: &[(&str, u64)]) -> Option<Observation> {
    (bytes >= ZIPPED).then(|| Observation {
        lint: Lint::ZipTooLarge,
        message: format!(
            "the zip is {} ({bytes} bytes): a direct upload is refused with \
             `Zipped size must be smaller than {ZIPPED} bytes`{}",
            Size(bytes),
            with_largest(entries)
        ),
        help: format!(
            "upload it to S3 in the function's region, `aws s3 cp {file_name} s3://BUCKET/{file_name}`, \
             and deploy it from there, `aws lambda update-function-code --function-name NAME \
             --s3-bucket BUCKET --s3-key {file_name}` (SAM does this by itself)"
        ),
    })
}

/// Layers a function may have.
///
/// Source: the Lambda developer guide, "Lambda quotas".
pub(crate) const LAYERS: usize = 5;

/// Extensions that a function may have. Source: the Lambda developer guide, "Lambda quotas".
const MOST_EXTENSIONS: usize = 10;

/// How many of the largest entries a finding names.
const NAMED: usize = 3;

/// Judges the size of a package, unzipped and with its layers, and their number.
pub(super) fn judge(package: &Package<'_>, tree: &Tree<'_>) -> Vec<Observation> {
    [
        unzipped(package),
        package.budget.unzipped(&package.sizes()),
        layers(package.layers.len()),
        extensions(tree),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `; the largest entries are …`, if there are any.
fn with_largest(entries: &[(&str, u64)]) -> String {
    match entries {
        [] => String::new(),
        entries => format!("; the largest entries are {}", largest(entries)),
    }
}

/// The largest of some entries, given by names and bytes, in words.
pub(crate) fn largest(entries: &[(&str, u64)]) -> String {
    let mut largest = entries.to_vec();
    largest.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let largest: Vec<String> = largest
        .iter()
        .take(NAMED)
        .map(|(name, bytes)| format!("{} {}", shown(name), Size(*bytes)))
        .collect();
    largest.join(", ")
}

fn unzipped(package: &Package<'_>) -> Option<Observation> {
    let code = sum(package.files.iter().map(|file| file.bytes));
    let all = code.saturating_add(sum(package.layers.iter().map(|layer| layer.bytes)));
    if all < UNZIPPED {
        return None;
    }
    let message = if package.layers.is_empty() {
        format!(
            "the package unzips to {} ({all} bytes): Lambda refuses it with `Unzipped size must \
             be smaller than {UNZIPPED} bytes`",
            Size(all)
        )
    } else {
        format!(
            "the package and its layers unzip to {} ({all} bytes, {code} of them code): Lambda \
             refuses them with `Function code combined with layers exceeds the maximum allowed \
             size of {UNZIPPED} bytes. The actual size is {all} bytes.`",
            Size(all)
        )
    };
    Some(Observation {
        lint: Lint::UnzippedTooLarge,
        message: format!("{message}{}", with_largest(&package.sizes())),
        help: "leave out what is not needed, strip the executable (`strip = \"symbols\"` in the \
               profile), fetch large files from S3 at run time, or deploy a container image"
            .to_owned(),
    })
}

/// Sizes that a zip declares may be anything.
pub(crate) fn sum(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.fold(0, u64::saturating_add)
}

fn layers(count: usize) -> Option<Observation> {
    (count > LAYERS).then(|| Observation {
        lint: Lint::TooManyLayers,
        message: format!(
            "the function would have {count} layers: Lambda refuses it with `Cannot reference more \
             than {LAYERS} layers.`"
        ),
        help: "merge layers, or move their contents into the package".to_owned(),
    })
}

fn extensions(tree: &Tree<'_>) -> Option<Observation> {
    let count = tree
        .files_in(EXTENSIONS)
        .filter(|(_, file)| file.kind != FileKind::Folder)
        .count();
    (count > MOST_EXTENSIONS).then(|| Observation {
        lint: Lint::TooManyExtensions,
        message: format!(
            "there are {count} extensions; Lambda starts {MOST_EXTENSIONS} at most, and fails with \
             more"
        ),
        help: "leave some out of `extensions/`; what only helps them belongs elsewhere".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Budget;
    use super::super::package::{File, Format, LayerFacts, Root};
    use super::*;
    use crate::target::{Architecture, Runtime};

    fn found(entries: &[(&str, u64)], layers: &[u64]) -> Vec<Observation> {
        let file = |(name, bytes): &(&str, u64)| File {
            name: (*name).to_owned(),
            kind: FileKind::Regular,
            permissions: Some(0o755),
            bytes: *bytes,
            contents: None,
        };
        let files: Vec<File> = entries.iter().map(file).collect();
        let layer = |&bytes| LayerFacts { bytes, files: None };
        let layers: Vec<LayerFacts> = layers.iter().map(layer).collect();
        let package = Package {
            root: Root::Opt,
            files: &files,
            layers: &layers,
            architecture: Architecture::X86_64,
            runtime: Runtime::Al2023,
            budget: Budget::default(),
            format: &Format::default(),
        };
        judge(&package, &Tree::of(&package))
    }

    fn lints(entries: &[(&str, u64)], layers: &[u64]) -> Vec<Lint> {
        found(entries, layers).into_iter().map(|o| o.lint).collect()
    }

    #[test]
    fn the_limits_themselves_are_too_large_and_one_byte_less_is_not() {
        assert_eq!(zipped(52_428_799, "f.zip", &[]), None);
        let lint = zipped(52_428_800, "f.zip", &[]).map(|o| o.lint);
        assert_eq!(lint, Some(Lint::ZipTooLarge));
        let too_large = [Lint::UnzippedTooLarge];
        assert_eq!(lints(&[("a", 262_143_999)], &[]), []);
        assert_eq!(lints(&[("a", 262_144_000)], &[]), too_large);
        assert_eq!(lints(&[("a", 1)], &[262_143_998]), []);
        assert_eq!(lints(&[("a", 1)], &[262_143_998, 1]), too_large);
        assert_eq!(lints(&[("a", u64::MAX), ("b", u64::MAX)], &[]), too_large);
    }

    #[test]
    fn the_largest_entries_are_named() {
        let found = found(&[("a", 1), ("b", UNZIPPED), ("c", 3), ("d", 2)], &[]);
        let message = &found[0].message;
        assert!(
            message.contains("`b` 250.0 MiB, `c` 3 B, `d` 2 B"),
            "{message}"
        );
    }

    #[test]
    fn a_sixth_layer_and_an_eleventh_extension_are_one_too_many() {
        assert_eq!(lints(&[], &[1; 5]), []);
        assert_eq!(lints(&[], &[1; 6]), [Lint::TooManyLayers]);
        let names: Vec<String> = (0..11).map(|n| format!("extensions/{n}")).collect();
        let entries: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        assert_eq!(lints(&entries[..10], &[]), []);
        assert_eq!(lints(&entries, &[]), [Lint::TooManyExtensions]);
    }
}
