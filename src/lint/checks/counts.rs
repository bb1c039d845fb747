//! How many layers and extensions a function may have.

use super::entrypoint::EXTENSIONS;
use crate::lint::fs::Tree;
use crate::lint::{FileKind, LayerFacts, Lint, Observation, Package, Root, shown};

/// Layers a function may have.
///
/// Source: the Lambda developer guide, "Lambda quotas".
pub(crate) const LAYERS: usize = 5;

/// Extensions that a function may have. Source: the Lambda developer guide, "Lambda quotas".
const MOST_EXTENSIONS: usize = 10;

/// Judges the number of layers, and of extensions in them.
pub(crate) fn judge(package: &Package<'_>, tree: &Tree<'_>) -> Vec<Observation> {
    let found = [
        layers(package),
        layer_twice(package.layers),
        extensions(tree),
    ];
    found.into_iter().flatten().collect()
}

fn layers(package: &Package<'_>) -> Option<Observation> {
    let (own, including) = match package.root {
        Root::Task => (0, ""),
        // The others are those that it is used with.
        Root::Opt => (1, ", this one among them"),
    };
    let count = package.layers.len() + own;
    (count > LAYERS).then(|| Observation {
        lint: Lint::TooManyLayers,
        message: format!(
            "the function would have {count} layers{including}: Lambda refuses it with `Cannot \
             reference more than {LAYERS} layers.`"
        ),
        help: "merge layers, or move their contents into the package".to_owned(),
    })
}

/// Finds a layer that is named more than once. Source: the message of the Lambda API.
fn layer_twice(layers: &[LayerFacts]) -> Option<Observation> {
    // Of two sizes that are alike nobody knows whether they are of one layer.
    let known = || layers.iter().filter(|layer| layer.files.is_some());
    let mut places = known().enumerate();
    let (_, twice) = places.find(|(nth, layer)| known().take(*nth).any(|other| other == *layer))?;
    Some(Observation {
        lint: Lint::TooManyLayers,
        message: format!(
            "the layer {} is named twice: Lambda refuses it with `Two different versions of the \
             same layer are not allowed to be referenced in the same function.`",
            shown(&twice.name)
        ),
        help: "name each layer once; those of the manifest and of the command line add up"
            .to_owned(),
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
    use super::*;
    use crate::lint::File;

    fn found(files: &[File], layers: &[LayerFacts]) -> Vec<Observation> {
        let package = Package::of(Root::Opt, files, layers);
        judge(&package, &Tree::of(&package))
    }

    fn lints(files: &[File], layers: &[LayerFacts]) -> Vec<Lint> {
        let found = found(files, layers).into_iter();
        found.map(|observation| observation.lint).collect()
    }

    /// Layers that are known by their sizes.
    fn sizes(count: usize) -> Vec<LayerFacts> {
        vec![LayerFacts::default(); count]
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
        let layer = |name: &str| LayerFacts {
            name: name.to_owned(),
            files: Some(Vec::new()),
            ..LayerFacts::default()
        };
        assert_eq!(found(&[], &[layer("a.zip"), layer("b.zip")]), []);
        let twice = found(&[], &[layer("a.zip"), layer("b.zip"), layer("a.zip")]);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].lint, Lint::TooManyLayers);
        assert!(twice[0].message.contains("`a.zip` is named twice"));
    }
}
