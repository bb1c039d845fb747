//! Build folders that several workspaces share.
//!
//! Cargo tells packages in folders by their name, their version and their path within the
//! workspace. Two workspaces, such as two worktrees of one repository, may have a package that is
//! the same in all of these. In one build folder, Cargo then takes what the one has compiled for
//! what the other would compile, unless the sources of the other are newer.

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::Target;
use fs_err as fs;

use super::candidate::{is_example, is_executable};
use super::config::CargoConfig;
use super::profile;
use super::workspace::Workspace;

/// The variables that may name one folder for all workspaces.
const VARIABLES: [&str; 3] = [
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_BUILD_BUILD_DIR",
];

/// The part of `build.build-dir` that Cargo replaces by a hash of the path of the workspace.
const OWN_TEMPLATE: &str = "{workspace-path-hash}";

/// True if another workspace may compile, or has compiled, into `build_folder`.
pub(super) fn may_be_shared(
    build_folder: &Utf8Path,
    workspace: &Workspace,
    config: &CargoConfig,
    profile: &str,
) -> bool {
    let template = config.setting(&["build", "build-dir"]);
    let template = template.as_ref().and_then(toml::Value::as_str);
    if template.is_some_and(|template| template.contains(OWN_TEMPLATE)) {
        return false;
    }
    let is_for_all = |name: &str| {
        let folder = config.environment.text(name);
        folder.is_some_and(|folder| Utf8Path::new(&folder).is_absolute())
    };
    let root = real(&workspace.metadata.workspace_root);
    !real(build_folder).starts_with(root)
        || VARIABLES.iter().any(|name| is_for_all(name))
        || has_foreign_programs(workspace, profile)
}

/// A name for the workspace at `root` that no other workspace of this machine has.
pub(super) fn name(root: &Utf8Path) -> String {
    let hash = blake3::hash(real(root).as_str().as_bytes()).to_hex();
    hash[..16].to_owned()
}

/// The path without links, as far as it exists.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    let mut folders = path.ancestors();
    let found = folders.find_map(|folder| Some((folder, folder.canonicalize_utf8().ok()?)));
    found.map_or_else(
        || path.to_owned(),
        |(folder, real)| real.join(path.strip_prefix(folder).unwrap_or(Utf8Path::new(""))),
    )
}

/// True if a program in the target folder has the name of one of this workspace, and was compiled
/// from other sources. Cargo writes the paths of all sources into a file beside each program.
fn has_foreign_programs(workspace: &Workspace, profile: &str) -> bool {
    let metadata = &workspace.metadata;
    let targets = metadata
        .packages
        .iter()
        .flat_map(|package| &package.targets);
    let programs: Vec<&Target> = targets.filter(|target| is_executable(target)).collect();
    let entries = workspace.target_folder.read_dir_utf8();
    let triples = entries.into_iter().flatten().flatten();
    let folders = triples.map(|entry| entry.path().join(profile::folder(profile)));
    let mut folders = folders.filter(|folder| folder.is_dir());
    folders.any(|folder| {
        programs
            .iter()
            .any(|program| is_foreign(program, &folder, &programs))
    })
}

/// True if the program of this name in `folder` was compiled from the sources of none of `programs`
/// of the same name.
fn is_foreign(program: &Target, folder: &Utf8Path, programs: &[&Target]) -> bool {
    let mut file = folder.to_owned();
    if is_example(program) {
        file.push("examples");
    }
    file.push(format!("{}.d", program.name));
    let Ok(sources) = fs::read_to_string(file) else {
        return false;
    };
    let namesakes = programs.iter().filter(|other| other.name == program.name);
    let mut paths = namesakes.map(|other| other.src_path.as_str().replace(' ', "\\ "));
    !paths.any(|path| sources.contains(&path))
}
