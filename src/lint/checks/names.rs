//! The names of entries.

use crate::lint::fs::fits;
use crate::lint::{Diagnostic, File, FileKind, Lint, Named, Package, list};
use crate::text::{self, quoted_name};

/// Checks the names of a package.
pub(crate) fn check(package: &Package<'_>) -> Vec<Diagnostic> {
    let files = package.files;
    [
        climbing_name(files),
        special_file(files),
        impossible_path(files),
        odd_name(files),
        ambiguous_name(package),
        doubtful_folder(package),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Finds names that are absolute or have `..` in them.
fn climbing_name(files: &[File]) -> Option<Diagnostic> {
    let climbing = files.iter().filter(|file| leaves(&file.name));
    let found = list(climbing.map(|file| &file.name))?;
    Some(Diagnostic {
        lint: Lint::UnsafePath,
        message: format!(
            "{found}: a path that is absolute or has `..` in it; unzip tools refuse it, or may write \
             outside of their folder"
        ),
        help: "use names relative to the root of the package, without `..`".to_owned(),
        names: found,
    })
}

fn special_file(files: &[File]) -> Option<Diagnostic> {
    let special = files.iter().filter(|file| file.kind == FileKind::Special);
    let special = special.filter(|file| !leaves(&file.name));
    let found = list(special.map(|file| &file.name))?;
    Some(Diagnostic {
        lint: Lint::UnsafePath,
        message: format!(
            "{found}: a device, a pipe or a socket; unzip tools refuse it, leave it out or make a \
             file of it"
        ),
        help: "leave it out of the zip".to_owned(),
        names: found,
    })
}

/// Finds names that are empty, or longer than Linux allows.
fn impossible_path(files: &[File]) -> Option<Diagnostic> {
    let impossible = files.iter().filter_map(|file| match &file.kind {
        _ if !is_possible(&file.name) => Some(Named::from(&file.name)),
        FileKind::Link(target) if !fits(target) => Some(Named::with(
            &file.name,
            format!("→ {}", quoted_name(target)),
        )),
        _ => None,
    });
    let found = list(impossible)?;
    Some(Diagnostic {
        lint: Lint::UnsafePath,
        message: format!(
            "{found} {} empty, or longer than Linux allows (255 bytes for a name, 4095 for a \
             path): unzip tools fail, or leave it out",
            found.either("is", "are")
        ),
        help: "give it a shorter name, or leave it out".to_owned(),
        names: found,
    })
}

/// `true` if Linux can have a file of this name.
pub(crate) fn is_possible(name: &str) -> bool {
    !name.is_empty() && fits(name)
}

/// `true` if a name is absolute on any system, or has `..` in it.
pub(crate) fn leaves(name: &str) -> bool {
    let is_at_drive = has_drive(name) && name[2..].starts_with(['/', '\\']);
    name.starts_with(['/', '\\']) || is_at_drive || name.split(['/', '\\']).any(|part| part == "..")
}

/// `true` if a name begins with a drive of Windows.
fn has_drive(name: &str) -> bool {
    matches!(name.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic())
}

fn odd_name(files: &[File]) -> Option<Diagnostic> {
    let odd = |name: &&str| {
        let name = name.strip_suffix('/').unwrap_or(name);
        name.contains('\\')
            || name.contains(text::is_unseen)
            || name.contains(char::REPLACEMENT_CHARACTER)
            || name.split('/').any(|part| part.is_empty() || part == ".")
            || has_drive(name)
    };
    let names = files.iter().map(|file| &*file.name);
    // Absolute and empty names have diagnostics of their own.
    let odd = names.filter(|n| !leaves(n) && is_possible(n)).filter(odd);
    let found = list(odd)?;
    Some(Diagnostic {
        lint: Lint::OddName,
        message: format!(
            "{found} {} parts that unzip tools treat in different ways: `.`, an empty part, a \
             backslash, an invisible character, a drive of Windows, or bytes that are not UTF-8",
            found.either("has", "have")
        ),
        help: "use plain names in UTF-8, such as `bootstrap` and `lib/libfoo.so`".to_owned(),
        names: found,
    })
}

/// Finds names that readers decode in different ways, and entries with two names.
fn ambiguous_name(package: &Package<'_>) -> Option<Diagnostic> {
    let names = package.anomalies.ambiguous.iter();
    // A name that is not UTF-8 has a diagnostic already.
    let ambiguous = names.filter(|name| !name.contains(char::REPLACEMENT_CHARACTER));
    let found = list(ambiguous)?;
    Some(Diagnostic {
        lint: Lint::OddName,
        message: format!(
            "{found} {} in an extra field: some unzip tools, such as SAM's, read another name",
            found.either(
                "is not marked as UTF-8, or has a second name",
                "are not marked as UTF-8, or have second names"
            )
        ),
        help: "write the zip with a tool that marks names as UTF-8 (7-Zip, bsdtar, Python's \
               zipfile, but not `zip`), or use ASCII alone"
            .to_owned(),
        names: found,
    })
}

/// Finds links whose names end in a slash, and folders whose names do not.
fn doubtful_folder(package: &Package<'_>) -> Option<Diagnostic> {
    let is_link = |file: &&File| matches!(file.kind, FileKind::Link(_));
    let links = package.files.iter().filter(is_link).map(|file| &*file.name);
    let doubtful = links.filter(|name| name.ends_with('/')).chain(
        package
            .anomalies
            .doubtful_folders
            .iter()
            .map(String::as_str),
    );
    let found = list(doubtful)?;
    Some(Diagnostic {
        lint: Lint::OddName,
        message: format!(
            "{found} {}: unzip tools unpack it in different ways",
            found.either(
                "is a folder by its name or by its type, but not by both",
                "are folders by their names or by their types, but not by both"
            )
        ),
        help: "end the names of folders in a slash, and no other names".to_owned(),
        names: found,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::MountPoint;

    fn lints(files: &[File]) -> Vec<Lint> {
        let package = Package::of(MountPoint::Task, files, &[]);
        let found = check(&package).into_iter();
        found.map(|diagnostic| diagnostic.lint).collect()
    }

    #[test]
    fn names_that_lead_out_are_unsafe() {
        for name in ["/a", "../a", "a/../../b", "C:/a", "\\a", "a\\..\\b"] {
            assert!(
                lints(&[File::regular(name)]).contains(&Lint::UnsafePath),
                "{name}"
            );
        }
        assert_eq!(
            lints(&[File::empty("a", FileKind::Special)]),
            [Lint::UnsafePath]
        );
    }

    #[test]
    fn what_is_said_of_a_path_is_so() {
        let message = |file| {
            let files = [file];
            let package = Package::of(MountPoint::Task, &files, &[]);
            let found = check(&package);
            found
                .first()
                .map(|found| found.message.clone())
                .unwrap_or_default()
        };
        let climbing = message(File::regular("a/../b"));
        assert!(!climbing.contains("lead out") && climbing.contains("has `..` in it"));
        let pipe = message(File::empty("bootstrap", FileKind::Special));
        assert!(!pipe.contains("lead out") && pipe.contains("a pipe"));
    }

    #[test]
    fn names_that_unzip_tools_change_are_odd() {
        for name in [
            "./a",
            "a//b",
            "a\\b",
            "a\nb",
            "a/./b",
            "a\u{fffd}",
            "a\u{202e}b",
            "c:x",
        ] {
            assert_eq!(lints(&[File::regular(name)]), [Lint::OddName], "{name}");
        }
        assert_eq!(
            lints(&[
                File::regular("Größe 1/a-b_c.d"),
                File::empty("x/", FileKind::Folder)
            ]),
            []
        );
    }

    #[test]
    fn what_is_a_link_for_some_and_a_folder_for_others_is_odd() {
        assert_eq!(
            lints(&[File::link("x/", "y"), File::regular("y")]),
            [Lint::OddName]
        );
    }

    #[test]
    fn names_that_linux_has_no_room_for_are_found() {
        for name in ["", &"a".repeat(256), &"a/".repeat(3000)] {
            assert_eq!(lints(&[File::regular(name)]), [Lint::UnsafePath], "{name}");
        }
        let target = "a/".repeat(3000);
        assert_eq!(lints(&[File::link("a", &target)]), [Lint::UnsafePath]);
        assert_eq!(lints(&[File::regular(&"a".repeat(255))]), []);
    }
}
