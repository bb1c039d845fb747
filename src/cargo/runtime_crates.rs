//! The crates of AWS for Lambda that a package depends on: they tell what kind of program it is.

use std::collections::BTreeSet;

use camino::Utf8Path;
use cargo_metadata::{Dependency, DependencyKind, Package};

use super::candidate::{Candidate, is_example};
use super::lockfile::Lockfile;
use super::workspace::Workspace;

/// The crates that functions are made with, which ask the Runtime API for invocations.
const OF_FUNCTIONS: [&str; 2] = ["lambda_runtime", "lambda_http"];
/// The crate that extensions are made with. A function may have an internal extension.
const OF_EXTENSIONS: [&str; 1] = ["lambda-extension"];

/// The kind of program that the dependencies of a binary are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MadeFor {
    /// It depends on `lambda_runtime` or `lambda_http`, and not on `lambda-extension`.
    Functions,
    /// It depends on `lambda-extension`, and not on `lambda_runtime` or `lambda_http`.
    Extensions,
}

/// The kind of program that a binary is, by its dependencies; `None` if they do not tell.
///
/// A dependency that a feature turns on counts against a statement, and not for one. Cargo.lock is
/// read only before a statement: another crate may bring what the manifests do not name.
pub(crate) fn made_for(candidate: &Candidate<'_>, workspace: &Workspace) -> Option<MadeFor> {
    let members = &workspace.metadata.packages;
    let has = |crates: &[&str], optional| depends_on(candidate, members, crates, optional);
    let (kind, others, through) = if has(&OF_EXTENSIONS, false) && !has(&OF_FUNCTIONS, true) {
        (MadeFor::Extensions, &OF_FUNCTIONS[..], &[][..])
    } else if has(&OF_FUNCTIONS, false) && !has(&OF_EXTENSIONS, true) {
        // A feature of `lambda_runtime` uses an internal extension.
        (MadeFor::Functions, &OF_EXTENSIONS[..], &OF_FUNCTIONS[..])
    } else {
        return None;
    };
    let lockfile = Lockfile::read(&workspace.metadata.workspace_root);
    let brings = lockfile
        .is_some_and(|lockfile| lockfile.reaches(candidate.package.name.as_str(), others, through));
    (!brings).then_some(kind)
}

/// True if the binary depends on one of `crates`, itself or through packages of the workspace.
fn depends_on(
    candidate: &Candidate<'_>,
    members: &[Package],
    crates: &[&str],
    optional: bool,
) -> bool {
    let counts = |dependency: &&Dependency, of: &Package| {
        let is_of_example = is_example(candidate.target) && of.id == candidate.package.id;
        let is_compiled = match dependency.kind {
            DependencyKind::Normal => true,
            DependencyKind::Development => is_of_example,
            _ => false,
        };
        is_compiled && (optional || !dependency.optional)
    };
    let mut seen = BTreeSet::from([&candidate.package.id]);
    let mut queue = vec![candidate.package];
    while let Some(package) = queue.pop() {
        let dependencies = package.dependencies.iter();
        for dependency in dependencies.filter(|dependency| counts(dependency, package)) {
            if crates.contains(&dependency.name.as_str()) {
                return true;
            }
            let folder = dependency.path.as_deref();
            let member = members.iter().find(|member| {
                folder.is_some() && member.manifest_path.parent().map(Utf8Path::new) == folder
            });
            queue.extend(member.filter(|member| seen.insert(&member.id)));
        }
    }
    false
}
