//! cross and its container engine, where they are installed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use camino::Utf8Path;

use super::missing_tool::MissingTool;
use crate::cargo::environment::Environment;
use crate::cargo::process::Process;

/// cross, and the container engine that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cross {
    pub(crate) program: PathBuf,
    pub(crate) engine: PathBuf,
}

/// The time that a container engine has to answer: its daemon may be on another machine that is
/// down.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks for cross and a container engine that answers.
pub(crate) fn cross(environment: &Environment) -> Result<Cross, MissingTool> {
    let program = environment.cargo_tool("cross").ok_or(MissingTool::Cross)?;
    let engines: Vec<PathBuf> = match environment.get("CROSS_CONTAINER_ENGINE") {
        Some(name) => match environment.which(&name) {
            Some(engine) => vec![engine],
            None => return Err(MissingTool::NamedEngine(name)),
        },
        None => ["docker", "podman"]
            .iter()
            .filter_map(|name| environment.which(name))
            .collect(),
    };
    let mut failure = MissingTool::Engine;
    for engine in engines {
        match silence_of(&engine) {
            None => return Ok(Cross { program, engine }),
            Some(reason) if failure == MissingTool::Engine => {
                failure = MissingTool::Daemon { engine, reason };
            }
            Some(_) => {}
        }
    }
    Err(failure)
}

/// The reason why a container engine does not answer; `None` if it does.
fn silence_of(engine: &Path) -> Option<String> {
    // `ps` needs the daemon, if the engine has one, and is quick with either engine.
    let process = Process::new(engine).args(["ps", "--quiet"]);
    match process.output_within(PATIENCE) {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

/// True if the user has set cross up for this workspace.
pub(crate) fn is_configured(workspace_root: &Utf8Path, environment: &Environment) -> bool {
    /// The variables of cross. Others, such as `CROSS_COMPILE`, belong to other tools.
    const PREFIXES: [&str; 4] = [
        "CROSS_BUILD_",
        "CROSS_CONFIG",
        "CROSS_CONTAINER_",
        "CROSS_TARGET_",
    ];
    let is_its_own = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let mut variables = environment.iter();
    variables.any(|(name, _)| is_its_own(&name.to_string_lossy()))
        || workspace_root.join("Cross.toml").is_file()
}
