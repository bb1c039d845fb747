//! What is installed: zig, cargo-zigbuild, cross, container engines, C compilers.

use std::env;
use std::path::{Path, PathBuf};

use cargo_metadata::semver::Version;

use crate::process::Process;
use crate::target::{Architecture, Libc, Target};

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

/// The oldest zig that cargo-zigbuild takes. It compiles simple C; aws-lc needs 0.10 or newer.
pub(crate) const OLDEST_ZIG: Version = Version::new(0, 9, 0);

/// Looks for cargo-zigbuild and zig where they are usually installed.
pub(crate) fn zigbuild() -> Result<Zigbuild, ZigbuildLacks> {
    let program = cargo_tool("cargo-zigbuild").ok_or(ZigbuildLacks::Program)?;
    let mut failure = ZigbuildLacks::Zig;
    for candidate in zig_candidates(&program) {
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
}

/// In the order in which cargo-zigbuild looks: `python -m ziglang`, then a program; before them
/// what its own variables say, after them the interpreter it was installed beside.
fn zig_candidates(program: &Path) -> Vec<ZigCandidate> {
    let python = |python: PathBuf, tell: bool| ZigCandidate {
        process: Process::new(&python).args(["-m", "ziglang"]),
        python: tell.then_some(python),
    };
    let binary = |path: PathBuf| ZigCandidate {
        process: Process::new(path),
        python: None,
    };
    let mut candidates = Vec::new();
    let pythons = env::var_os("CARGO_ZIGBUILD_PYTHON_PATH").map(PathBuf::from);
    candidates.extend(
        pythons
            .or_else(|| which("python3"))
            .map(|p| python(p, false)),
    );
    let zigs = env::var_os("CARGO_ZIGBUILD_ZIG_PATH").map(PathBuf::from);
    candidates.extend(zigs.or_else(|| which("zig")).map(binary));
    let sibling = ["python3", "python"].map(|name| program.with_file_name(name));
    candidates.extend(
        sibling
            .into_iter()
            .find(|p| p.is_file())
            .map(|p| python(p, true)),
    );
    candidates
}

impl ZigCandidate {
    /// Its version; `Err(None)` if it is not there.
    fn version(&self) -> Result<Version, Option<String>> {
        let process = self.process.clone().arg("version");
        let Ok(output) = process.command().output() else {
            return Err(None);
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
    /// The engine does not answer.
    Daemon { engine: PathBuf, reason: String },
}

/// Looks for cross and a container engine that answers.
pub(crate) fn cross() -> Result<Cross, CrossLacks> {
    let program = cargo_tool("cross").ok_or(CrossLacks::Program)?;
    let engine = match env::var_os("CROSS_CONTAINER_ENGINE") {
        Some(engine) => which::which(engine).ok(),
        None => which("docker").or_else(|| which("podman")),
    };
    let engine = engine.ok_or(CrossLacks::Engine)?;
    // `ps` needs the daemon where there is one, and is quick with either engine.
    let output = Process::new(&engine)
        .args(["ps", "--quiet"])
        .command()
        .output();
    let reason = match output {
        Ok(output) if output.status.success() => return Ok(Cross { program, engine }),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(CrossLacks::Daemon { engine, reason })
}

/// Whether the user has set cross up for this build.
pub(crate) fn cross_is_configured(workspace_root: &Path) -> bool {
    /// What cross reads; others, such as `CROSS_COMPILE`, are not its own.
    const PREFIXES: [&str; 4] = [
        "CROSS_BUILD_",
        "CROSS_CONFIG",
        "CROSS_CONTAINER_",
        "CROSS_TARGET_",
    ];
    let is_its_own = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    env::vars_os().any(|(name, _)| is_its_own(&name.to_string_lossy()))
        || workspace_root.join("Cross.toml").is_file()
}

/// The C compiler for `target` that build scripts will find without any help of ours: by the
/// variables of the `cc` crate, or by its conventional name.
pub(crate) fn c_compiler(target: Target) -> Option<String> {
    let triple = target.triple();
    let variables = [
        format!("CC_{triple}"),
        format!("CC_{}", triple.replace('-', "_")),
        "TARGET_CC".to_owned(),
    ];
    let configured = variables
        .into_iter()
        .find(|name| env::var_os(name).is_some());
    configured.or_else(|| {
        let conventional = conventional_c_compilers(target).into_iter();
        conventional
            .flatten()
            .find(|name| which(name).is_some())
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

fn which(name: &str) -> Option<PathBuf> {
    which::which(name).ok()
}

/// A program on the PATH, or where `cargo install` puts it.
fn cargo_tool(name: &str) -> Option<PathBuf> {
    which(name).or_else(|| {
        let cargo_home = env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(env::home_dir()?.join(".cargo")))?;
        which::which_in(name, Some(cargo_home.join("bin")), "/").ok()
    })
}
