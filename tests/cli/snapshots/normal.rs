//! What differs from run to run and from machine to machine, by one name.

use std::sync::LazyLock;

use regex::Regex;

use crate::support::project::Project;

/// The folder that a workspace is compiled in, whose name is a digest of its path.
static WORKSPACE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("/workspaces/[0-9a-f]{16}").unwrap());

/// `[STAGE]` is the folder around the project, `[WORKSPACE]` the name of the folder that it is
/// compiled in, `[HOST]` the machine's own target, and `[TIME]` how long Cargo took.
pub(super) fn text(text: &str, project: &Project) -> String {
    let mut text = text.replace(project.stage().path("").to_str().unwrap(), "[STAGE]/");
    text = (WORKSPACE.replace_all(&text, "/workspaces/[WORKSPACE]")).into_owned();
    for machine in ["x86_64", "aarch64"] {
        let host = format!("rustlib/{machine}-unknown-linux-gnu/bin");
        text = text.replace(&host, "rustlib/[HOST]/bin");
    }
    let mut lines: Vec<String> = text.split_inclusive('\n').map(without_time).collect();
    // Which of several packages Cargo begins with is its own affair.
    for packages in lines.chunk_by_mut(|a, b| is_compiling(a) && is_compiling(b)) {
        packages.sort();
    }
    lines.concat()
}

fn without_time(line: &str) -> String {
    match line.rsplit_once(" in ") {
        Some((before, _)) if line.trim_start().starts_with("Finished ") => {
            format!("{before} in [TIME]\n")
        }
        _ => line.to_owned(),
    }
}

fn is_compiling(line: &str) -> bool {
    line.trim_start().starts_with("Compiling ")
}
