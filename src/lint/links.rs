//! Links that lead to nothing.

use super::list::{list, shown};
use super::names::{is_possible, leaves};
use super::package::{FileKind, Package};
use super::tree::{Found, Tree, fits};
use super::{Lint, Observation};

/// Judges the links of a package.
pub(super) fn judge(package: &Package<'_>, tree: &Tree<'_>) -> Option<Observation> {
    let dangling = package
        .files
        .iter()
        .filter_map(|file| match &file.kind {
            FileKind::Link(target) if fits(target) => Some((file, target)),
            _ => None,
        })
        .filter(|(file, _)| !leaves(&file.name) && is_possible(&file.name))
        .filter(|(file, _)| {
            // Whatever a slash at its end makes of it, it is a link.
            let path = format!("{}/{}", package.root.path(), file.name);
            tree.find(path.trim_end_matches('/')) == Found::Nothing && !tree.has_unknown_layers
        })
        .map(|(file, target)| format!("{} → {}", shown(&file.name), shown(target)));
    let found = list(dangling)?;
    Some(Observation {
        lint: Lint::DanglingSymlink,
        message: format!("{found} leads to nothing: opening it would fail"),
        help: "add what it leads to, or leave the link out".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::package::{File, Root};
    use super::*;

    fn is_dangling(files: &[File]) -> bool {
        let package = Package::of(Root::Task, files, &[]);
        judge(&package, &Tree::of(&package)).is_some()
    }

    #[test]
    fn links_to_nothing_are_found() {
        assert!(is_dangling(&[File::link("a", "b")]));
        assert!(is_dangling(&[File::link("a", "a")]));
        assert!(is_dangling(&[File::link("a", "")]));
        assert!(!is_dangling(&[File::link("a", "b"), File::regular("b")]));
        assert!(!is_dangling(&[File::link("a/", "b"), File::regular("b")]));
        assert!(is_dangling(&[File::link("a", "b/"), File::regular("b")]));
    }
}
