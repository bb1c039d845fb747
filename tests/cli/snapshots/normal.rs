//! What differs from run to run and from machine to machine, by one name.

use crate::support::project::Project;

/// `[STAGE]` is the folder around the project, `[HOST]` the machine's own target, and `[TIME]` how
/// long Cargo took.
pub(super) fn text(text: &str, project: &Project) -> String {
    let mut text = text.replace(project.stage().path("").to_str().unwrap(), "[STAGE]/");
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
