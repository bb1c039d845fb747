//! What should not travel in a package: secrets, and leftovers of tools.

use std::collections::BTreeSet;

use super::list::{list, shown};
use super::package::{File, FileKind, Package};
use super::tree::components;
use super::{Lint, Observation};

/// Finds secrets and strays.
pub(super) fn judge(package: &Package<'_>) -> Vec<Observation> {
    let found = [secret_file(package.files), stray_file(package.files)];
    found.into_iter().flatten().collect()
}

fn secret_file(files: &[File]) -> Option<Observation> {
    let secrets: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let secret = file.contents.as_ref()?.secret?;
            Some(format!("{} ({secret})", shown(&file.name)))
        })
        .collect();
    let found = list(&secrets)?;
    Some(Observation {
        lint: Lint::SecretFile,
        message: format!(
            "{found} looks secret: whoever may read the function's code (`lambda:GetFunction`) can \
             read it"
        ),
        help: "leave it out (`exclude`), and fetch it at run time from AWS Secrets Manager or \
               Parameter Store; the function's role replaces credentials of AWS"
            .to_owned(),
    })
}

fn stray_file(files: &[File]) -> Option<Observation> {
    // A folder is named once, however much is in it.
    let strays: BTreeSet<String> = files
        .iter()
        .filter(|file| file.kind != FileKind::Folder)
        .filter_map(|file| stray(&file.name))
        .collect();
    let strays: Vec<String> = strays.iter().map(|name| shown(name)).collect();
    let found = list(&strays)?;
    Some(Observation {
        lint: Lint::StrayFile,
        message: format!(
            "{found} is a leftover of some tool: it takes room, and may tell more than it should"
        ),
        help: "leave it out (`exclude`)".to_owned(),
    })
}

/// The file or folder that is a leftover, if `name` is or is in one.
fn stray(name: &str) -> Option<String> {
    const FOLDERS: [&str; 9] = [
        ".git",
        ".svn",
        ".hg",
        ".idea",
        ".vscode",
        "__MACOSX",
        ".terraform",
        ".aws-sam",
        ".serverless",
    ];
    const FILES: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];
    const ENDS: [&str; 3] = ["~", ".swp", ".swo"];
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
    if let Some(nth) = folders.iter().position(|folder| FOLDERS.contains(folder)) {
        return Some(up_to(nth));
    }
    let is_cargos = |pair: &[&str]| pair[0] == "target" && CARGO.contains(&pair[1]);
    if let Some(nth) = parts.windows(2).position(is_cargos) {
        return Some(up_to(nth));
    }
    let is_stray = FILES.contains(file_name) || ENDS.iter().any(|end| file_name.ends_with(end));
    is_stray.then(|| name.to_owned())
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
        assert_eq!(stray("main.rs~"), "main.rs~");
        for name in [
            "target/rules.json",
            ".gitignore",
            "node_modules/a.js",
            "a.swap",
        ] {
            assert_eq!(stray(name), "", "{name}");
        }
    }
}
