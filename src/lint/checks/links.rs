//! Symbolic links that are dangling, or lead out of the package.

use super::names::{is_possible, leaves};
use crate::lambda::MountPoint;
use crate::lint::fs::{Found, RuntimeFs, components, fits};
use crate::lint::{Diagnostic, File, FileKind, Lint, Named, Package, list};
use crate::text::quoted_name;

/// Checks the links of a package.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    let found = [
        unsafe_link(package, fs),
        external(package, fs),
        dangling(package, fs),
        // The last check: all links have to be followed before the limit is known to be exceeded.
        unfollowed(package, fs),
    ];
    found.into_iter().flatten().collect()
}

/// The links with possible names, and their targets.
fn links<'a>(package: &Package<'a>) -> impl Iterator<Item = (&'a File, &'a str)> {
    let files = package.files.iter();
    let links = files.filter_map(|file| match &file.kind {
        FileKind::Link(target) => Some((file, target.as_str())),
        _ => None,
    });
    links.filter(|(file, _)| !leaves(&file.name) && is_possible(&file.name))
}

/// The path of a link, without a slash at the end.
fn path(file: &File, package: &Package<'_>) -> String {
    let path = format!("{}/{}", package.mount_point.path(), file.name);
    path.trim_end_matches('/').to_owned()
}

fn arrow((file, target): (&File, &str)) -> Named {
    Named::with(&file.name, format!("→ {}", quoted_name(target)))
}

/// Finds links that lead out of the package, directly or through other links.
///
/// Source: SAM refuses to unpack such links, because files could be written through them.
fn unsafe_link(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    // The walk stops where no file is: the text of the target tells.
    let astray = links(package)
        .filter(|(file, target)| escapes(&file.name, target) || fs.leads_out(&path(file, package)))
        .filter(|(file, target)| !is_external(file, target, package, fs));
    let found = list(astray.map(arrow))?;
    Some(Diagnostic {
        lint: Lint::UnsafePath,
        message: format!(
            "{found} would lead out of the package: unzip tools refuse it, or write outside of their \
             folder"
        ),
        help: "use relative links that stay in the package, also through other links".to_owned(),
        names: found,
    })
}

/// `true` if a link leads into another folder that Lambda fills, or by its absolute path into the
/// package itself.
fn is_external(file: &File, target: &str, package: &Package<'_>, fs: &RuntimeFs<'_>) -> bool {
    let own = package.mount_point.path();
    if is_at(target, own) && !target.split('/').any(|part| part == "..") {
        return true;
    }
    let at = fs.destination(&path(file, package));
    let others = MountPoint::ALL.iter().map(|root| root.path());
    let mut others = others.filter(|root| *root != own).chain(["/tmp"]);
    others.any(|root| is_at(&at, root))
}

/// `true` if `path` is the folder, or in it.
fn is_at(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `true` if a link leads into the layers, and their files are known.
fn is_in_known_layers(file: &File, package: &Package<'_>, fs: &RuntimeFs<'_>) -> bool {
    let is_known = !package.layers.is_empty() && !fs.has_unknown_layers;
    let opt = MountPoint::Opt.path();
    let is_layer = package.mount_point == MountPoint::Opt;
    is_known && !is_layer && is_at(&fs.destination(&path(file, package)), opt)
}

/// Finds links into other folders of Lambda. Those into layers that are given are there, or dangling.
fn external(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    let external = links(package).filter(|(file, target)| {
        is_external(file, target, package, fs) && !is_in_known_layers(file, package, fs)
    });
    let found = list(external.map(arrow))?;
    Some(Diagnostic {
        lint: Lint::ExternalSymlink,
        message: format!(
            "{found} {} on Lambda if the target exists there, but unzip tools such as SAM's refuse it",
            found.either("works", "work")
        ),
        help: "pass the layer that has the target (`--layer ZIP`), or use a relative link to a file of \
               the package"
            .to_owned(),
        names: found,
    })
}

fn dangling(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    let dangling = links(package).filter(|(file, target)| {
        fits(target)
            && fs.find(&path(file, package)) == Found::Nothing
            && (!is_at(&fs.destination(&path(file, package)), MountPoint::Opt.path())
                || package.mount_point == MountPoint::Opt
                || is_in_known_layers(file, package, fs))
            && !fs.has_unknown_layers
            // The result is unknown if the limit is exceeded.
            && !fs.is_exhausted()
    });
    let found = list(dangling.map(arrow))?;
    Some(Diagnostic {
        lint: Lint::DanglingSymlink,
        message: format!(
            "{found} {} to no file: opening it would fail",
            found.either("leads", "lead")
        ),
        help: "add the target, or leave the link out".to_owned(),
        names: found,
    })
}

/// Finds links that cannot be followed within the limit: they may lead anywhere.
fn unfollowed(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    let unfollowed = links(package)
        .filter(|(file, _)| fs.is_exhausted() && fs.find(&path(file, package)) == Found::Nothing);
    let found = list(unfollowed.map(arrow))?;
    Some(Diagnostic {
        lint: Lint::UnsafePath,
        message: format!(
            "{found} could not be followed: the package's links lead through millions of folders"
        ),
        help: "use fewer links, and link to the final targets".to_owned(),
        names: found,
    })
}

/// `true` if the text of a link is absolute, or leads out of the package with `..`.
fn escapes(name: &str, target: &str) -> bool {
    let mut depth = components(name).count().saturating_sub(1);
    target.starts_with('/')
        || components(target).any(|component| {
            let climbs_out = component == ".." && depth == 0;
            if component == ".." {
                depth = depth.saturating_sub(1);
            } else {
                depth += 1;
            }
            climbs_out
        })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lint::LayerFacts;

    fn lints(files: &[File]) -> Vec<Lint> {
        let package = Package::of(MountPoint::Task, files, &[]);
        let found = check(&package, &RuntimeFs::of(&package)).into_iter();
        found.map(|diagnostic| diagnostic.lint).collect()
    }

    #[test]
    fn links_to_nothing_are_found() {
        let is_dangling = |files: &[File]| lints(files) == [Lint::DanglingSymlink];
        assert!(is_dangling(&[File::link("a", "b")]));
        assert!(is_dangling(&[File::link("a", "a")]));
        assert!(is_dangling(&[File::link("a", "")]));
        assert!(!is_dangling(&[File::link("a", "b"), File::regular("b")]));
        assert!(!is_dangling(&[File::link("a/", "b"), File::regular("b")]));
        assert!(is_dangling(&[File::link("a", "b/"), File::regular("b")]));
    }

    #[test]
    fn links_that_lead_out_are_unsafe() {
        for target in ["/etc/passwd", "../..", "b/../../../c"] {
            let found = lints(&[File::link("a/l", target), File::regular("c")]);
            assert!(found.contains(&Lint::UnsafePath), "{target}");
        }
        for target in ["..", "../b/c"] {
            assert_eq!(
                lints(&[File::link("a/l", target), File::regular("b/c")]),
                []
            );
        }
    }

    #[test]
    fn links_into_lambdas_own_folders_are_a_lint_of_their_own() {
        for target in [
            "/opt/lib/a",
            "../../opt/lib/a",
            "/tmp",
            "/tmp/cache",
            "/var/task/b",
        ] {
            let files = [File::link("l", target), File::regular("b")];
            assert_eq!(lints(&files), [Lint::ExternalSymlink], "{target}");
        }
        for target in [
            "/optional/a",
            "/tmpfs",
            "/opt/../etc/passwd",
            "/var/task/../a",
        ] {
            assert!(
                lints(&[File::link("l", target)]).contains(&Lint::UnsafePath),
                "{target}"
            );
        }
        let with = |layer: LayerFacts| {
            let files = [File::link("l", "/opt/lib/a")];
            let layers = [Arc::new(layer)];
            let package = Package::of(MountPoint::Task, &files, &layers);
            let found = check(&package, &RuntimeFs::of(&package)).into_iter();
            found.map(|diagnostic| diagnostic.lint).collect::<Vec<_>>()
        };
        let of = |name: &str| LayerFacts {
            files: Some(vec![File::regular(name)]),
            ..LayerFacts::default()
        };
        assert_eq!(with(of("lib/a")), []);
        assert_eq!(with(of("lib/b")), [Lint::DanglingSymlink]);
        assert_eq!(with(LayerFacts::of_size(1)), [Lint::ExternalSymlink]);
    }

    #[test]
    fn links_that_lead_out_through_others_are_unsafe() {
        let through = |target| [File::link("s", "."), File::link("t", target)];
        for target in ["s/s/../../etc/passwd", "s/../task/s"] {
            assert_eq!(lints(&through(target)), [Lint::UnsafePath], "{target}");
        }
        assert_eq!(lints(&through("s/s")), []);
    }

    #[test]
    fn links_that_cannot_be_followed_to_the_end_are_unsafe() {
        let long = format!("{}b", "a/../".repeat(800));
        let mut files: Vec<File> = (0..3000)
            .map(|nth| File::link(&format!("l{nth}"), &long))
            .collect();
        files.extend([File::empty("a/", FileKind::Folder), File::regular("b")]);
        assert_eq!(lints(&files), [Lint::UnsafePath]);
    }
}
