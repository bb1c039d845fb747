//! cargo-zigbuild and zig, where they are installed.

use std::path::{Path, PathBuf};

use cargo_metadata::semver::Version;

use super::missing_tool::{MissingTool, OLDEST_ZIG};
use crate::cargo::environment::Environment;
use crate::cargo::process::Process;

/// cargo-zigbuild, and a zig that it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zigbuild {
    /// The path of `cargo-zigbuild`.
    pub(crate) program: PathBuf,
    /// The Python that has the `ziglang` module, if cargo-zigbuild would ask another.
    pub(crate) python: Option<PathBuf>,
}

/// Looks for cargo-zigbuild and zig where they are usually installed.
pub(crate) fn zigbuild(environment: &Environment) -> Result<Zigbuild, MissingTool> {
    let program = environment.cargo_tool("cargo-zigbuild");
    let program = program.ok_or(MissingTool::Zigbuild)?;
    let mut failure = MissingTool::Zig;
    for candidate in candidates(&program, environment) {
        let zig = candidate.process.to_string();
        match candidate.version() {
            Ok(version) if version >= OLDEST_ZIG => {
                let python = candidate.python;
                return Ok(Zigbuild { program, python });
            }
            Ok(version) => failure = MissingTool::NewZig { zig, version },
            Err(None) => {}
            Err(Some(reason)) => failure = MissingTool::WorkingZig { zig, reason },
        }
    }
    Err(failure)
}

struct Candidate {
    process: Process,
    python: Option<PathBuf>,
    /// The environment variable that names it.
    named_by: Option<&'static str>,
}

/// In the order in which cargo-zigbuild looks: its own variables, `python3 -m ziglang`, `zig`. The
/// Python that cargo-zigbuild was installed beside comes last.
fn candidates(zigbuild: &Path, environment: &Environment) -> Vec<Candidate> {
    let named = |variable: &'static str, usual: &str| match environment.get(variable) {
        Some(path) => Some((PathBuf::from(path), Some(variable))),
        None => environment.which(usual).map(|path| (path, None)),
    };
    let module = |python: &Path| Process::new(python).args(["-m", "ziglang"]);
    let python = named("CARGO_ZIGBUILD_PYTHON_PATH", "python3");
    let zig = named("CARGO_ZIGBUILD_ZIG_PATH", "zig");
    let mut siblings = ["python3", "python"]
        .map(|name| zigbuild.with_file_name(name))
        .into_iter();
    let sibling = siblings.find(|path| path.is_file());
    let python = python.map(|(path, named_by)| (module(&path), None, named_by));
    let zig = zig.map(|(path, named_by)| (Process::new(path), None, named_by));
    let sibling = sibling.map(|path| (module(&path), Some(path), None));
    [python, zig, sibling]
        .into_iter()
        .flatten()
        .map(|(process, python, named_by)| Candidate {
            process,
            python,
            named_by,
        })
        .collect()
}

impl Candidate {
    /// The version of zig. `Err(None)` if there is no zig, and no variable says that there is one.
    fn version(&self) -> Result<Version, Option<String>> {
        let process = self.process.clone().arg("version");
        let output = match process.command().output() {
            Ok(output) => output,
            Err(error) => {
                let named =
                    |variable| format!("{variable} names it, but it does not start: {error}");
                return Err(self.named_by.map(named));
            }
        };
        let stdout = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            return Version::parse(stdout.trim())
                .map_err(|error| Some(format!("`{process}` says `{}`: {error}", stdout.trim())));
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        if stderr.contains("No module named") {
            return Err(None);
        }
        Err(Some(format!("`{process}` failed: {}", stderr.trim())))
    }
}
