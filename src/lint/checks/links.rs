//! Links that lead to nothing, or out of the package.

use super::names::{is_possible, leaves};
use crate::lint::fs::{Found, RuntimeFs, components, fits};
use crate::lint::{Diagnostic, File, FileKind, Lint, Package};
use crate::text::{list, quoted_name};

/// Judges the links of a package.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    let found = [
        unsafe_link(package, fs),
        dangling(package, fs),
        // Whether the walk was given up is known when all have been followed.
        unfollowed(package, fs),
    ];
    found.into_iter().flatten().collect()
}

/// The links whose names can be, and where they lead.
fn links<'a>(package: &Package<'a>) -> impl Iterator<Item = (&'a File, &'a str)> {
    let files = package.files.iter();
    let links = files.filter_map(|file| match &file.kind {
        FileKind::Link(target) => Some((file, target.as_str())),
        _ => None,
    });
    links.filter(|(file, _)| !leaves(&file.name) && is_possible(&file.name))
}

/// Where a link is: whatever a slash at its end makes of it, it is a link.
fn path(file: &File, package: &Package<'_>) -> String {
    let path = format!("{}/{}", package.mount_point.path(), file.name);
    path.trim_end_matches('/').to_owned()
}

fn arrow((file, target): (&File, &str)) -> String {
    format!("{} → {}", quoted_name(&file.name), quoted_name(target))
}

/// Finds links that lead out of the package, be it through others of its links.
///
/// Source: SAM refuses to unpack such links, for whoever unpacks them elsewhere would follow them
/// there.
fn unsafe_link(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    // Of what leads on from where nothing is, its words alone tell.
    let astray = links(package)
        .filter(|(file, target)| escapes(&file.name, target) || fs.leads_out(&path(file, package)));
    let found = list(astray.map(arrow))?;
    Some(Diagnostic {
        lint: Lint::UnsafePath,
        message: format!(
            "{found} would lead out of the package: whoever unpacks it refuses it, or writes where \
             it should not"
        ),
        help: "use links relative to where they are, without `..` that leads out of the package, \
               be it through other links"
            .to_owned(),
    })
}

fn dangling(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    let dangling = links(package).filter(|(file, target)| {
        fits(target)
            && fs.find(&path(file, package)) == Found::Nothing
            && !fs.has_unknown_layers
            // Where the walk was given up, nobody knows.
            && !fs.is_exhausted()
    });
    let found = list(dangling.map(arrow))?;
    Some(Diagnostic {
        lint: Lint::DanglingSymlink,
        message: format!(
            "{found} {} to nothing: opening it would fail",
            found.either("leads", "lead")
        ),
        help: "add what it leads to, or leave the link out".to_owned(),
    })
}

/// Finds links that nobody could follow in a bearable time: they may lead anywhere.
fn unfollowed(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Option<Diagnostic> {
    let unfollowed = links(package)
        .filter(|(file, _)| fs.is_exhausted() && fs.find(&path(file, package)) == Found::Nothing);
    let found = list(unfollowed.map(arrow))?;
    Some(Diagnostic {
        lint: Lint::UnsafePath,
        message: format!(
            "{found} could not be followed: the package's links lead through more folders than \
             can be walked in a bearable time"
        ),
        help: "use fewer links, or let them lead where they end".to_owned(),
    })
}

/// Whether a link is absolute or climbs out of the package, by its words.
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
    use super::*;
    use crate::lambda::MountPoint;

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
    fn links_that_lead_out_through_others_are_unsafe() {
        let through = |target| [File::link("s", "."), File::link("t", target)];
        for target in ["s/s/../../etc/passwd", "s/../task/s"] {
            assert_eq!(lints(&through(target)), [Lint::UnsafePath], "{target}");
        }
        assert_eq!(lints(&through("s/s")), []);
    }

    #[test]
    fn links_that_nobody_walks_to_the_end_are_unsafe() {
        let long = format!("{}b", "a/../".repeat(800));
        let mut files: Vec<File> = (0..3000)
            .map(|nth| File::link(&format!("l{nth}"), &long))
            .collect();
        files.extend([File::empty("a/", FileKind::Folder), File::regular("b")]);
        assert_eq!(lints(&files), [Lint::UnsafePath]);
    }
}
