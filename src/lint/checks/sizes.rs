//! The sizes of a package.

use crate::bytes::{Size, sum};
use crate::lambda::MountPoint;
use crate::lambda::quotas::{UNZIPPED, ZIPPED};
use crate::lint::largest::{in_words, largest};
use crate::lint::{Diagnostic, Lint, List, Package};
use crate::text::{quoted, quoted_name};

/// Checks the size of the zip `file_name` in bytes. `entries` are names with compressed bytes.
pub(crate) fn zipped(
    mount_point: MountPoint,
    bytes: u64,
    file_name: &str,
    entries: &[(&str, u64)],
) -> Option<Diagnostic> {
    let deploy = || {
        let key = |option: &str| quoted(format!("{option}{file_name}"));
        match mount_point {
            MountPoint::Task => format!(
                "aws lambda update-function-code --function-name NAME --s3-bucket BUCKET --s3-key {}",
                key("")
            ),
            MountPoint::Opt => format!(
                "aws lambda publish-layer-version --layer-name NAME --content {}",
                key("S3Bucket=BUCKET,S3Key=")
            ),
        }
    };
    (bytes >= ZIPPED).then(|| Diagnostic {
        lint: Lint::ZipTooLarge,
        message: format!(
            "the zip is {} ({bytes} bytes): a direct upload is refused with \
             `Zipped size must be smaller than {ZIPPED} bytes`{}",
            Size(bytes),
            with_largest(largest(entries))
        ),
        help: format!(
            "upload it to S3 in the function's region, `aws s3 cp {} {}`, and deploy it from there, \
             `{}` (SAM does this by itself)",
            quoted(file_name),
            quoted(format!("s3://BUCKET/{file_name}")),
            deploy()
        ),
        names: List::default(),
    })
}

/// Checks the unzipped size of a package and its layers.
pub(crate) fn check(package: &Package<'_>) -> Vec<Diagnostic> {
    let found = [unzipped(package), package.budget.unzipped(&package.sizes())];
    found.into_iter().flatten().collect()
}

/// `; the largest entries are …`, if there are any.
fn with_largest(largest: String) -> String {
    if largest.is_empty() {
        largest
    } else {
        format!("; the largest entries are {largest}")
    }
}

/// The largest of all entries, layers included, in words.
fn largest_of_all(package: &Package<'_>) -> String {
    let own = package.sizes().into_iter();
    let own = own.map(|(name, bytes)| ((name, None), bytes));
    let of_layers = package.layers.iter().flat_map(|layer| {
        let files = layer.files.iter().flatten();
        files.map(move |file| ((&*file.name, Some(&layer.name)), file.bytes))
    });
    in_words(own.chain(of_layers).collect(), |(name, layer)| {
        let of_layer =
            layer.map_or_else(String::new, |layer| format!(" of {}", quoted_name(layer)));
        format!("{}{of_layer}", quoted_name(name))
    })
}

fn unzipped(package: &Package<'_>) -> Option<Diagnostic> {
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
    Some(Diagnostic {
        lint: Lint::UnzippedTooLarge,
        message: format!("{message}{}", with_largest(largest_of_all(package))),
        help: "leave out files that are not needed, strip the executable (`strip = \"symbols\"` in the \
               profile), fetch large files from S3 at run time, or deploy a container image"
            .to_owned(),
        names: List::default(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lint::{File, LayerFacts};

    fn files(entries: &[(&str, u64)]) -> Vec<File> {
        let file = |(name, bytes): &(&str, u64)| File {
            bytes: *bytes,
            ..File::regular(name)
        };
        entries.iter().map(file).collect()
    }

    fn found(entries: &[(&str, u64)], layers: &[Arc<LayerFacts>]) -> Vec<Diagnostic> {
        let files = files(entries);
        let package = Package::of(MountPoint::Opt, &files, layers);
        check(&package)
    }

    fn lints(entries: &[(&str, u64)], layers: &[u64]) -> Vec<Lint> {
        let layers = layers.iter().map(|&bytes| LayerFacts::of_size(bytes));
        let layers: Vec<Arc<LayerFacts>> = layers.map(Arc::new).collect();
        let found = found(entries, &layers).into_iter();
        found.map(|diagnostic| diagnostic.lint).collect()
    }

    #[test]
    fn the_limits_themselves_are_too_large_and_one_byte_less_is_not() {
        let zipped = |bytes| zipped(MountPoint::Task, bytes, "f.zip", &[]);
        assert_eq!(zipped(52_428_799), None);
        let lint = zipped(52_428_800).map(|o| o.lint);
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
        let entries = [("a", 1), ("b", UNZIPPED), ("c", 3), ("d", 2)];
        let message = &found(&entries, &[])[0].message;
        assert!(
            message.contains("`b` 250.0 MiB, `c` 3 B, `d` 2 B"),
            "{message}"
        );
        let layer = LayerFacts {
            name: "model.zip".to_owned(),
            bytes: UNZIPPED,
            files: Some(files(&entries[1..])),
            ..LayerFacts::default()
        };
        let message = &found(&[("e", 9)], &[Arc::new(layer)])[0].message;
        assert!(
            message.contains("`b` of `model.zip` 250.0 MiB, `e` 9 B, `c` of `model.zip` 3 B"),
            "{message}"
        );
    }

    #[test]
    fn what_is_too_large_is_deployed_as_what_it_is() {
        let help = |root| zipped(root, ZIPPED, "my f.zip", &[]).unwrap().help;
        let of_function = help(MountPoint::Task);
        assert!(of_function.contains("`aws s3 cp 'my f.zip' 's3://BUCKET/my f.zip'`"));
        assert!(of_function.contains("update-function-code --function-name NAME"));
        assert!(
            of_function.contains("--s3-key 'my f.zip'`"),
            "{of_function}"
        );
        let of_layer = help(MountPoint::Opt);
        assert!(of_layer.contains("publish-layer-version --layer-name NAME"));
        assert!(of_layer.contains("--content 'S3Bucket=BUCKET,S3Key=my f.zip'`"));
    }
}
