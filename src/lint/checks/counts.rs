//! The numbers of layers and extensions.

use std::sync::Arc;

use crate::lambda::{MountPoint, mount_point, quotas};
use crate::lint::fs::RuntimeFs;
use crate::lint::{Diagnostic, FileKind, LayerFacts, Lint, List, Package};
use crate::text::quoted_name;

/// Checks the number of layers, and of the extensions in them.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    let found = [layers(package), layer_twice(package.layers), extensions(fs)];
    found.into_iter().flatten().collect()
}

fn layers(package: &Package<'_>) -> Option<Diagnostic> {
    let (own, including) = match package.mount_point {
        MountPoint::Task => (0, ""),
        // `layers` are the other layers of the function.
        MountPoint::Opt => (1, ", this one included"),
    };
    let count = package.layers.len() + own;
    let most = quotas::LAYERS;
    (count > most).then(|| Diagnostic {
        lint: Lint::TooManyLayers,
        message: format!(
            "the function would have {count} layers{including}: Lambda refuses it with `Cannot \
             reference more than {most} layers.`"
        ),
        help: "merge layers, or move their contents into the package".to_owned(),
        names: List::default(),
    })
}

/// Finds a layer that is there more than once. Source: the message of the Lambda API.
fn layer_twice(layers: &[Arc<LayerFacts>]) -> Option<Diagnostic> {
    // Two layers may have the same size.
    let known = || layers.iter().filter(|layer| !layer.name.is_empty());
    let mut places = known().enumerate();
    let (_, twice) = places.find(|(nth, layer)| {
        let mut before = known().take(*nth);
        before.any(|other| (&other.name, &other.files) == (&layer.name, &layer.files))
    })?;
    Some(Diagnostic {
        lint: Lint::TooManyLayers,
        message: format!(
            "the layer {} is named twice: Lambda refuses it with `Two different versions of the \
             same layer are not allowed to be referenced in the same function.`",
            quoted_name(&twice.name)
        ),
        help: "name each layer once: layers of the manifest and of the command line add up"
            .to_owned(),
        names: List::default(),
    })
}

fn extensions(fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    let count = fs
        .files_in(mount_point::EXTENSIONS)
        .filter(|(_, file)| file.kind != FileKind::Folder)
        .count();
    let most = quotas::EXTENSIONS;
    (count > most).then(|| Diagnostic {
        lint: Lint::TooManyExtensions,
        message: format!(
            "there are {count} extensions: Lambda starts at most {most}, and fails with more"
        ),
        help: "leave some out of `extensions/`, and put files that are not extensions elsewhere"
            .to_owned(),
        names: List::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::File;

    fn found(files: &[File], layers: &[Arc<LayerFacts>]) -> Vec<Diagnostic> {
        let package = Package::of(MountPoint::Opt, files, layers);
        check(&package, &RuntimeFs::of(&package))
    }

    fn lints(files: &[File], layers: &[Arc<LayerFacts>]) -> Vec<Lint> {
        let found = found(files, layers).into_iter();
        found.map(|diagnostic| diagnostic.lint).collect()
    }

    /// Layers that are known by their sizes.
    fn sizes(count: usize) -> Vec<Arc<LayerFacts>> {
        vec![Arc::default(); count]
    }

    #[test]
    fn a_sixth_layer_and_an_eleventh_extension_are_one_too_many() {
        // The layer itself is one of them.
        assert_eq!(lints(&[], &sizes(4)), []);
        assert_eq!(lints(&[], &sizes(5)), [Lint::TooManyLayers]);
        let names = || (0..11).map(|n| File::regular(&format!("extensions/{n}")));
        let files: Vec<File> = names().collect();
        assert_eq!(lints(&files[..10], &[]), []);
        assert_eq!(lints(&files, &[]), [Lint::TooManyExtensions]);
    }

    #[test]
    fn one_layer_is_named_once() {
        let layer = |name: &str| {
            Arc::new(LayerFacts {
                name: name.to_owned(),
                files: Some(Vec::new()),
                ..LayerFacts::default()
            })
        };
        assert_eq!(found(&[], &[layer("a.zip"), layer("b.zip")]), []);
        let twice = found(&[], &[layer("a.zip"), layer("b.zip"), layer("a.zip")]);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].lint, Lint::TooManyLayers);
        assert!(twice[0].message.contains("`a.zip` is named twice"));
    }
}
