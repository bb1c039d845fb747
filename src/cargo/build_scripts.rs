//! Build scripts: the packages that have one, and the files that they may make.

use camino::Utf8Path;
use cargo_metadata::{Package, Target};

use super::candidate::is_example;
use super::workspace::Workspace;

/// True if a package has a build script.
fn has_build_script(package: &Package) -> bool {
    package.targets.iter().any(Target::is_custom_build)
}

/// True if a package has a build script and a library: it runs if the library is built.
pub(crate) fn has_build_script_of_library(package: &Package) -> bool {
    let is_library = |target: &Target| {
        let is_other = is_example(target) || target.is_test() || target.is_bench();
        !is_other && !target.is_bin() && !target.is_custom_build()
    };
    has_build_script(package) && package.targets.iter().any(is_library)
}

impl Workspace {
    /// True if a build of the workspace may make the file or folder at `path`: it is in a package with
    /// a build script; or it is in no package, or in the target folder, and any package has one.
    pub(crate) fn may_make(&self, path: &Utf8Path) -> bool {
        let members = self.metadata.workspace_packages();
        let is_above = |member: &&Package| {
            let folder = member.manifest_path.parent();
            folder.is_some_and(|folder| path.starts_with(folder))
        };
        let owners = members.iter().copied().filter(is_above);
        let owner = owners.max_by_key(|member| member.manifest_path.as_str().len());
        match owner {
            Some(owner) if !path.starts_with(&self.target_folder) => has_build_script(owner),
            _ => {
                let folders = [&self.target_folder, &self.metadata.workspace_root];
                folders.iter().any(|folder| path.starts_with(folder))
                    && members.iter().any(|member| has_build_script(member))
            }
        }
    }
}
