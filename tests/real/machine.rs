//! A user's machine: what is installed on it, and nothing else.
//!
//! This machine has every part at once. What a test does not put on the machine is
//! not on the PATH of what runs there.

use std::env;
use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::parts::{part, program};

/// What compiles for the machine itself, as Rust wants of every machine.
const OWN_COMPILER: [&str; 8] = ["cc", "gcc", "as", "ld", "ar", "nm", "ranlib", "sh"];

/// How the variables begin that would bring in tools, flags or settings from where
/// the tests run, or that Cargo has set for the tests alone: ring's build script, for
/// one, runs again whenever they differ.
const FOREIGN: [&str; 14] = [
    "AR_",
    "CARGO_BUILD_",
    "CARGO_ENCODED_",
    "CARGO_LAMBDA_ZIP_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_TARGET_",
    "CARGO_ZIGBUILD_",
    "CC",
    "CFLAGS",
    "CROSS_",
    "RUSTC",
    "RUSTFLAGS",
    "TARGET_",
];

pub(crate) struct Machine {
    /// The programs, most of them links.
    programs: TempDir,
    /// The parts that bring a folder of programs.
    folders: Vec<PathBuf>,
    variables: Vec<(&'static str, OsString)>,
    /// Whether the toolchain is the one that the tests are run with.
    own_toolchain: bool,
}

impl Machine {
    /// A machine with Rust from rustup, and no more.
    pub(crate) fn with_rustup() -> Self {
        let mut machine = Self::new();
        // It goes by the name that it is called by.
        let rustup = program("rustup");
        for name in ["rustup", "cargo", "rustc", "rustdoc"] {
            machine.link(name, &rustup);
        }
        machine.own_toolchain = true;
        machine
    }

    /// A machine with Debian's Rust, and no more.
    pub(crate) fn with_debian_rust() -> Self {
        let mut machine = Self::new();
        for name in ["cargo", "rustc", "rustdoc"] {
            let path = Path::new("/usr/bin").join(name);
            assert!(
                path.is_file(),
                "{} is missing, run tests/run to install it",
                path.display()
            );
            machine.link(name, &path);
        }
        machine
    }

    fn new() -> Self {
        let mut machine = Self {
            programs: tempfile::tempdir().unwrap(),
            folders: Vec::new(),
            variables: Vec::new(),
            own_toolchain: false,
        };
        for name in OWN_COMPILER {
            machine.link(name, &program(name));
        }
        machine
    }

    /// Adds zig and cargo-zigbuild.
    pub(crate) fn zig(mut self) -> Self {
        self.folders.push(part("zig").join("bin"));
        self
    }

    /// Adds cross, and podman with the image for the musl targets.
    pub(crate) fn cross(mut self) -> Self {
        // As tests/parts/cross/cross.sh names it.
        const IMAGE: &str = "localhost/cargo-lambda-zip-tests/musl:1";

        self.folders.push(part("cross").join("bin"));
        self.link("podman", &program("podman"));
        for name in [
            "CROSS_TARGET_X86_64_UNKNOWN_LINUX_MUSL_IMAGE",
            "CROSS_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_IMAGE",
        ] {
            self.variables.push((name, IMAGE.into()));
        }
        self.variables
            .push(("CONTAINERS_CONF", part("containers.conf").into()));
        self.guard_rustup();
        self
    }

    /// Has rustup refuse to change anything: cross, left alone, updates the very
    /// toolchain that it is run with.
    fn guard_rustup(&self) {
        let path = self.programs.path().join("rustup");
        let script = format!(
            "#!/bin/sh\n\
             case \" $* \" in *' add '* | *' install '* | *' update '*)\n\
             \techo \"a test would have changed this machine: rustup $*\" >&2\n\
             \texit 1\n\
             esac\n\
             exec '{}' \"$@\"\n",
            program("rustup").display()
        );
        fs_err::remove_file(&path).unwrap();
        fs_err::write(&path, script).unwrap();
        fs_err::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }

    /// Takes away what this machine's user has installed with Cargo, and leaves
    /// what has been downloaded.
    pub(crate) fn without_installed_programs(mut self) -> Self {
        let home = self.programs.path().join("cargo-home");
        fs_err::create_dir(&home).unwrap();
        symlink(cargo_home().join("registry"), home.join("registry")).unwrap();
        self.variables.push(("CARGO_HOME", home.into()));
        self
    }

    /// A command that finds what is on this machine.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            let cargos = ["CARGO", "RUSTUP_TOOLCHAIN"].contains(&&*text);
            if (cargos && !self.own_toolchain) || FOREIGN.iter().any(|f| text.starts_with(f)) {
                command.env_remove(name);
            }
        }
        let folders = self.folders.iter().map(PathBuf::as_path);
        let path = env::join_paths(folders.chain([self.programs.path()])).unwrap();
        command.env("PATH", path);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    fn link(&mut self, name: &str, program: &Path) {
        symlink(program, self.programs.path().join(name)).unwrap();
    }
}

/// Where Cargo keeps its downloads.
pub(crate) fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map_or_else(
        || env::home_dir().expect("a user has a home").join(".cargo"),
        PathBuf::from,
    )
}
