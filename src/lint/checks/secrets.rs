//! What should not travel in a package: secrets, and leftovers of tools.

use std::collections::BTreeSet;

use crate::lint::fs::components;
use crate::lint::{Diagnostic, File, FileKind, Lint, Named, Package, list};

/// Finds secrets and strays.
pub(crate) fn check(package: &Package<'_>) -> Vec<Diagnostic> {
    let found = [secret_file(package.files), stray_file(package.files)];
    found.into_iter().flatten().collect()
}

fn secret_file(files: &[File]) -> Option<Diagnostic> {
    let secrets = files.iter().filter_map(|file| {
        let secret = file.contents.as_ref()?.secret.as_ref()?;
        Some(Named::with(&file.name, format!("({secret})")))
    });
    let found = list(secrets)?;
    Some(Diagnostic {
        lint: Lint::SecretFile,
        message: format!(
            "{found} {} secret: everyone who may read the function's code \
             (`lambda:GetFunction`) can read it",
            found.either("looks", "look")
        ),
        help: "leave it out of the zip, and fetch it at run time from AWS Secrets Manager or \
               Parameter Store; the function's role replaces credentials of AWS"
            .to_owned(),
        names: found,
    })
}

fn stray_file(files: &[File]) -> Option<Diagnostic> {
    // A folder is named once, however much is in it.
    let strays: BTreeSet<String> = files
        .iter()
        .filter_map(|file| match file.kind {
            // Empty, of a folder nothing but its own name tells.
            FileKind::Folder => stray_folder(&components(&file.name).collect::<Vec<_>>()),
            _ => stray(&file.name),
        })
        .collect();
    let found = list(strays)?;
    Some(Diagnostic {
        lint: Lint::StrayFile,
        message: format!(
            "{found} {} space and may reveal private data",
            found.either(
                "is a leftover of a tool. It takes",
                "are leftovers of tools. They take"
            )
        ),
        help: "leave it out of the zip".to_owned(),
        names: found,
    })
}

/// The folder in the path of a folder that is a leftover, if there is one.
fn stray_folder(folders: &[&str]) -> Option<String> {
    /// Of version control, editors, systems and tools. Not `__pycache__`: who compiles Python
    /// beforehand, which shortens a cold start, wants it there.
    const FOLDERS: [&str; 26] = [
        ".git",
        ".svn",
        ".hg",
        ".jj",
        ".bzr",
        ".idea",
        ".vscode",
        ".vs",
        ".fleet",
        ".zed",
        "__MACOSX",
        "$RECYCLE.BIN",
        ".Trashes",
        ".Spotlight-V100",
        ".fseventsd",
        ".AppleDouble",
        ".terraform",
        ".aws-sam",
        ".serverless",
        "cdk.out",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".ipynb_checkpoints",
        // Its interpreter is a link out of the package, and Lambda looks for nothing there.
        ".venv",
        ".tox",
    ];
    let nth = folders.iter().position(|folder| FOLDERS.contains(folder))?;
    Some(format!("{}/", folders[..=nth].join("/")))
}

/// The file or folder that is a leftover, if `name` is or is in one.
fn stray(name: &str) -> Option<String> {
    /// `.git` is a file in a worktree and a submodule.
    const FILES: [&str; 8] = [
        ".git",
        ".DS_Store",
        ".bash_history",
        // Eclipse's
        ".project",
        ".classpath",
        "desktop.ini",
        ".directory",
        "npm-debug.log",
    ];
    const ENDS: [&str; 11] = [
        "~",
        ".swp",
        ".swo",
        ".swn",
        ".kate-swp",
        ".orig",
        ".rej",
        ".bak",
        ".sublime-workspace",
        ".code-workspace",
        ".iml",
    ];
    /// By these a folder `target` is known to be Cargo's.
    const CARGO: [&str; 5] = [
        "CACHEDIR.TAG",
        ".rustc_info.json",
        "debug",
        "release",
        "lambda",
    ];

    let parts: Vec<&str> = components(name).collect();
    let (file_name, folders) = parts.split_last()?;
    let up_to = |nth: usize| format!("{}/", parts[..=nth].join("/"));
    if let Some(folder) = stray_folder(folders) {
        return Some(folder);
    }
    // Others may have folders of these names; by these files they are those of CVS and Eclipse.
    let is_of_tool = match folders.last() {
        Some(&"CVS") => ["Entries", "Repository", "Root"].contains(file_name),
        Some(&".settings") => file_name.starts_with("org.eclipse."),
        _ => false,
    };
    if is_of_tool {
        return Some(up_to(folders.len() - 1));
    }
    // With `--target`, the folder of the profile is in one of the target.
    let is_cargos = |at: usize| {
        let is_profile = |nth: usize| parts.get(nth).is_some_and(|part| CARGO.contains(part));
        let is_triple = parts.get(at + 1).is_some_and(|part| is_triple(part));
        parts[at] == "target" && (is_profile(at + 1) || (is_triple && is_profile(at + 2)))
    };
    if let Some(nth) = (0..parts.len()).find(|at| is_cargos(*at)) {
        return Some(up_to(nth));
    }
    let is_stray = FILES.contains(file_name)
        || ENDS.iter().any(|end| file_name.ends_with(end))
        || is_of_emacs(file_name)
        || file_name.eq_ignore_ascii_case("thumbs.db")
        || is_of_nfs(file_name)
        || file_name.starts_with("._");
    is_stray.then(|| name.to_owned())
}

/// `x86_64-unknown-linux-musl`.
fn is_triple(folder: &str) -> bool {
    folder.split('-').count() >= 3
}

/// `#a#`, what has not been saved, and `.#a`, which says who is at it.
fn is_of_emacs(name: &str) -> bool {
    let is_unsaved = name.len() > 2 && name.starts_with('#') && name.ends_with('#');
    is_unsaved || name.starts_with(".#")
}

/// `.nfs000000000a1b2c3d`, what was removed while it was open.
fn is_of_nfs(name: &str) -> bool {
    let number = name.strip_prefix(".nfs");
    number.is_some_and(|number| number.len() >= 8 && number.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_known_and_folders_named_once() {
        let stray = |name: &str| stray(name).unwrap_or_default();
        assert_eq!(stray("a/.git/objects/ab/cd"), "a/.git/");
        assert_eq!(stray("target/debug/orders"), "target/");
        assert_eq!(stray("conf/.DS_Store"), "conf/.DS_Store");
        assert_eq!(
            stray("a/target/x86_64-unknown-linux-musl/release/a"),
            "a/target/"
        );
        assert_eq!(stray("__MACOSX/._a"), "__MACOSX/");
        for name in [
            "main.rs~",
            "a/.git",
            "#a.rs#",
            ".#a.rs",
            ".a.rs.swn",
            ".a.swo",
            ".a.swp",
            ".a.kate-swp",
            "a.orig",
            "a.rej",
            "a.rs.bak",
            "a.sublime-workspace",
            "Thumbs.db",
            "thumbs.db",
            "a/._b",
            ".bash_history",
            ".project",
            "a.iml",
            "a.code-workspace",
            ".nfs000000000a1b2c3d",
        ] {
            assert_eq!(stray(name), name);
        }
        for (name, folder) in [
            (".vs/x/y", ".vs/"),
            (".vscode/a", ".vscode/"),
            (".idea/a", ".idea/"),
            ("a/CVS/Entries", "a/CVS/"),
            (".settings/org.eclipse.core.prefs", ".settings/"),
            ("cdk.out/a.json", "cdk.out/"),
        ] {
            assert_eq!(stray(name), folder);
        }
        for name in [
            "target/rules.json",
            "target/a-b-c/rules.json",
            "target/x86_64-unknown-linux-musl.json",
            ".gitignore",
            "__pycache__/a.cpython-312.pyc",
            "#a",
            ".bakery",
            "origin",
            "node_modules/a.js",
            "a.swap",
            "CVS/stores.json",
            ".settings/app.json",
            ".nfs",
        ] {
            assert_eq!(stray(name), "", "{name}");
        }
    }

    #[test]
    fn a_folder_alone_is_a_leftover_too() {
        let found = |name: &str| stray_file(&[File::empty(name, FileKind::Folder)]);
        assert!(found(".git/").is_some());
        assert!(found("a/.idea/b/").is_some());
        assert!(found("lib/").is_none() && found("target/").is_none());
    }
}
