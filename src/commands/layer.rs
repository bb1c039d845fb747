//! `cargo lambda-zip layer`: layers of files, and of binaries of the workspace.

use camino::Utf8Path;

use super::session::{self, carry_out, current_folder};
use crate::cli::LayerOptions;
use crate::error::{Error, Result};
use crate::plan;
use crate::plan::LayerRequest;
use crate::report::{Report, ReportFile};
use crate::shell::Shell;

/// Makes the layers that the command line names. The report will be in `file`.
///
/// # Errors
/// As the main job; also [`Error::Usage`] if there is no such layer.
pub(crate) fn run(
    options: &LayerOptions,
    file: Option<&ReportFile>,
    shell: &mut Shell,
) -> Result<Report> {
    let folder = current_folder()?;
    if options.bin.is_empty() && !is_project(options, &folder) {
        return without_project(options, &folder, file, shell);
    }
    let request = LayerRequest {
        name: options.name.as_ref(),
        bins: &options.bin,
        has_contents: !options.bin.is_empty() || !options.build.flags.settings.include.is_empty(),
        is_for_functions: false,
        is_beside_builds: false,
    };
    session::run(&options.build, shell, |session, shell| {
        let project = session.project(shell);
        let plan = plan::layers(&project, &request, &session.sources)?;
        session.package(plan, &project, file, shell)
    })
}

/// True if Cargo would find a manifest.
fn is_project(options: &LayerOptions, folder: &Utf8Path) -> bool {
    let mut folders = folder.ancestors();
    options.build.cargo.manifest.manifest_path.is_some()
        || folders.any(|folder| folder.join("Cargo.toml").is_file())
}

/// Makes a layer of files outside of any Cargo project.
fn without_project(
    options: &LayerOptions,
    folder: &Utf8Path,
    file: Option<&ReportFile>,
    shell: &Shell,
) -> Result<Report> {
    let Some(name) = &options.name else {
        return Err(Error::usage(
            "the current folder is not in a Cargo project, so no layer is configured",
            "name a layer and its contents: `cargo lambda-zip layer NAME --include PATH`",
        ));
    };
    if let Some(option) = &options.of_project.0 {
        return Err(Error::usage(
            format!("`{option}` has no effect here: the current folder is not in a Cargo project"),
            "leave it out, or name the project with `--manifest-path`",
        ));
    }
    let run = options.build.flags.run()?;
    let sources = options.build.flags.sources(folder)?;
    let plan = plan::layer_of_files(name, &sources, folder, run.partition)?;
    carry_out(plan, None, &run, file, shell)
}
