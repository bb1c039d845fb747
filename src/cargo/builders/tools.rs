//! What is installed: zig, cargo-zigbuild, cross, container engines, C compilers.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use camino::Utf8Path;
use cargo_metadata::semver::Version;

use crate::cargo::config::CargoConfig;
use crate::cargo::{Environment, Process};
use crate::lambda::{Architecture, Libc, Target};

/// cargo-zigbuild and a zig that it will use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zigbuild {
    /// The path of `cargo-zigbuild`.
    pub(crate) program: PathBuf,
    /// The interpreter that has the `ziglang` module, where zig comes from PyPI and the
    /// interpreter is not the one that cargo-zigbuild would ask.
    pub(crate) python: Option<PathBuf>,
    /// How zig is started, for messages.
    pub(crate) zig: String,
    pub(crate) version: Version,
}

/// What cargo-zigbuild lacks to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ZigbuildLacks {
    /// cargo-zigbuild is not installed.
    Program,
    /// It is, but zig is not.
    Zig,
    /// zig is too old.
    NewZig { zig: String, version: Version },
    /// zig does not even say its version.
    WorkingZig { zig: String, reason: String },
}

/// The oldest zig that is taken: 0.9 does not compile aws-lc, which the AWS SDK is made of.
pub(crate) const OLDEST_ZIG: Version = Version::new(0, 10, 0);

/// Looks for cargo-zigbuild and zig where they are usually installed.
pub(crate) fn zigbuild(environment: &Environment) -> Result<Zigbuild, ZigbuildLacks> {
    let program = cargo_tool("cargo-zigbuild", environment).ok_or(ZigbuildLacks::Program)?;
    let mut failure = ZigbuildLacks::Zig;
    for candidate in zig_candidates(&program, environment) {
        match candidate.version() {
            Ok(version) if version >= OLDEST_ZIG => {
                return Ok(Zigbuild {
                    program,
                    python: candidate.python,
                    zig: candidate.process.to_string(),
                    version,
                });
            }
            Ok(version) => {
                let zig = candidate.process.to_string();
                failure = ZigbuildLacks::NewZig { zig, version };
            }
            Err(None) => {}
            Err(Some(reason)) => {
                let zig = candidate.process.to_string();
                failure = ZigbuildLacks::WorkingZig { zig, reason };
            }
        }
    }
    Err(failure)
}

struct ZigCandidate {
    process: Process,
    python: Option<PathBuf>,
    /// The variable that names it, if one does.
    named_by: Option<&'static str>,
}

/// In the order in which cargo-zigbuild looks: `python -m ziglang`, then a program; before them
/// what its own variables say, after them the interpreter it was installed beside.
fn zig_candidates(program: &Path, environment: &Environment) -> Vec<ZigCandidate> {
    let named = |variable: &'static str, usual: &str| match environment.get(variable) {
        Some(path) => Some((PathBuf::from(path), Some(variable))),
        None => environment.which(usual).map(|path| (path, None)),
    };
    let module = |python: &Path| Process::new(python).args(["-m", "ziglang"]);
    let mut candidates = Vec::new();
    candidates.extend(
        named("CARGO_ZIGBUILD_PYTHON_PATH", "python3").map(|(path, named_by)| ZigCandidate {
            process: module(&path),
            python: None,
            named_by,
        }),
    );
    candidates.extend(
        named("CARGO_ZIGBUILD_ZIG_PATH", "zig").map(|(path, named_by)| ZigCandidate {
            process: Process::new(path),
            python: None,
            named_by,
        }),
    );
    let siblings = ["python3", "python"].map(|name| program.with_file_name(name));
    candidates.extend(
        siblings
            .into_iter()
            .find(|path| path.is_file())
            .map(|path| ZigCandidate {
                process: module(&path),
                python: Some(path),
                named_by: None,
            }),
    );
    candidates
}

impl ZigCandidate {
    /// Its version; `Err(None)` if it is not there, and nobody said it would be.
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

/// cross and the container engine it will use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cross {
    pub(crate) program: PathBuf,
    pub(crate) engine: PathBuf,
}

/// What cross lacks to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CrossLacks {
    /// cross is not installed.
    Program,
    /// It is, but neither docker nor podman.
    Engine,
    /// What CROSS_CONTAINER_ENGINE names is not there.
    NamedEngine(OsString),
    /// No engine answers; why the first does not.
    Daemon { engine: PathBuf, reason: String },
}

/// How long a container engine has to answer: its daemon may be another machine's, and away.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks for cross and a container engine that answers.
pub(crate) fn cross(environment: &Environment) -> Result<Cross, CrossLacks> {
    let program = cargo_tool("cross", environment).ok_or(CrossLacks::Program)?;
    let engines: Vec<PathBuf> = match environment.get("CROSS_CONTAINER_ENGINE") {
        Some(name) => match environment.which(&name) {
            Some(engine) => vec![engine],
            None => return Err(CrossLacks::NamedEngine(name)),
        },
        None => ["docker", "podman"]
            .iter()
            .filter_map(|name| environment.which(name))
            .collect(),
    };
    let mut failure = CrossLacks::Engine;
    for engine in engines {
        match silence_of(&engine) {
            None => return Ok(Cross { program, engine }),
            Some(reason) if failure == CrossLacks::Engine => {
                failure = CrossLacks::Daemon { engine, reason };
            }
            Some(_) => {}
        }
    }
    Err(failure)
}

/// Why a container engine does not answer, if it does not.
fn silence_of(engine: &Path) -> Option<String> {
    // `ps` needs the daemon where there is one, and is quick with either engine.
    let process = Process::new(engine).args(["ps", "--quiet"]);
    match process.output_within(PATIENCE) {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

/// Whether the user has set cross up for this build.
pub(crate) fn cross_is_configured(workspace_root: &Utf8Path, environment: &Environment) -> bool {
    /// What cross reads; others, such as `CROSS_COMPILE`, are not its own.
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

/// The C compiler for `target` that build scripts will find without any help of ours: by the
/// variables of the `cc` crate, or by its conventional name. `CC` alone is not among them: it
/// names this machine's.
pub(crate) fn c_compiler(target: Target, config: &CargoConfig) -> Option<String> {
    let triple = target.triple();
    let variables = [
        format!("CC_{triple}"),
        format!("CC_{}", triple.replace('-', "_")),
        "TARGET_CC".to_owned(),
    ];
    let configured = variables.into_iter().find(|name| {
        let value = config.build_script_variable(name);
        value.is_some_and(|value| !value.is_empty())
    });
    configured.or_else(|| {
        let conventional = conventional_c_compilers(target).into_iter();
        conventional
            .flatten()
            .find(|name| config.environment.which(name).is_some())
            .map(str::to_owned)
    })
}

/// The names that the `cc` crate tries on Linux.
fn conventional_c_compilers(target: Target) -> [Option<&'static str>; 2] {
    let native = cfg!(target_os = "linux") && target.architecture.rust_name() == env::consts::ARCH;
    match (target.architecture, target.libc) {
        (Architecture::X86_64, Libc::Musl) => {
            [Some("x86_64-linux-musl-gcc"), native.then_some("musl-gcc")]
        }
        (Architecture::Arm64, Libc::Musl) => [Some("aarch64-linux-musl-gcc"), None],
        (Architecture::X86_64, Libc::Gnu) => [Some("x86_64-linux-gnu-gcc"), native.then_some("cc")],
        (Architecture::Arm64, Libc::Gnu) => [Some("aarch64-linux-gnu-gcc"), native.then_some("cc")],
    }
}

/// A program on the PATH, or where `cargo install` puts it.
fn cargo_tool(name: &str, environment: &Environment) -> Option<PathBuf> {
    environment.which(name).or_else(|| {
        let cargo_home = home::cargo_home().ok()?;
        which::which_in(name, Some(cargo_home.join("bin")), "/").ok()
    })
}
