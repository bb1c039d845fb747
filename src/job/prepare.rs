//! What has to be there before anything compiles: found or made, or the run ends.

use camino::Utf8Path;
use fs_err as fs;

use super::Job;
use crate::build::{self, Missing};
use crate::error::{Error, Result};
use crate::plan::{Choice, Plan};

/// Everything that compiling needs and that is not yet there.
pub(super) fn toolchain(job: &Job<'_>, plan: &Plan, choices: &[Choice<'_>]) -> Result<()> {
    for choice in choices {
        for cpu in choice
            .settings
            .targets
            .iter()
            .filter_map(|t| choice.rustc_cpu(*t))
        {
            build::write_cpu_file(cpu, &job.workspace.own_folder())?;
        }
    }
    if job.cli.packaging.build_std {
        return build::ensure_std_source();
    }
    let builds_std = |flag: &String| flag.starts_with("build-std");
    if job.cli.cargo.compilation.unstable.iter().any(builds_std) {
        return Ok(());
    }
    let missing = if job.cli.cargo.manifest.is_offline() {
        Missing::Offline
    } else if job.cli.packaging.no_install {
        Missing::NoInstall
    } else {
        Missing::Install
    };
    build::ensure_targets(&plan.local_targets(), missing, job.shell)
}

/// Makes the folders of all zips and tries to write to each, so that a full disk or a wrong path
/// is found before the build, not after.
pub(super) fn outputs(plan: &Plan) -> Result<()> {
    let mut folders: Vec<&Utf8Path> = Vec::new();
    for (_, _, path) in plan.outputs() {
        if path.is_dir() {
            return Err(Error::usage(
                format!("the output `{path}` is a folder"),
                "name a file, for instance `--output 'dist/{arch}/{bin}.zip'`",
            ));
        }
        folders.extend(path.parent());
    }
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let writable = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        writable.map_err(Error::io(format!(
            "could not write to the output folder `{folder}`"
        )))?;
    }
    Ok(())
}
