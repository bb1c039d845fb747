//! The way programs are started: in a root of their own by bubblewrap, or directly.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use fs_err as fs;

use super::gate::{BWRAP, Gate};
use super::program::{OWN, Program};
use super::root::Root;
use crate::cargo::Process;
use crate::error::{Error, Result};
use crate::inspect::{Executable, inspect};
use crate::lambda::execution::{GROUP, USER};
use crate::lambda::{Architecture, MountPoint};

/// Files that Lambda has too: names of hosts and users, certificates, time zones.
const SYSTEM_FILES: [&str; 11] = [
    "/etc/group",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/pki",
    "/etc/resolv.conf",
    "/etc/ssl",
    "/usr/lib/locale",
    "/usr/share/ca-certificates",
    "/usr/share/zoneinfo",
];

/// Files and folders that scripts and dynamically linked programs need beside these.
const SYSTEM: [&str; 9] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
];

/// The way programs of a function are started.
#[derive(Debug)]
pub(crate) struct Sandbox<'a> {
    root: &'a Root,
    architecture: Architecture,
    /// bubblewrap, if it works here.
    bwrap: Option<PathBuf>,
    /// QEMU, if the function is for another architecture.
    qemu: Option<PathBuf>,
    /// True if the programs see the system of this machine.
    has_system: bool,
    /// The differences from Lambda, a sentence each.
    pub(crate) notes: Vec<String>,
}

impl<'a> Sandbox<'a> {
    /// Finds out how to start what was unpacked, for an architecture.
    ///
    /// # Errors
    /// [`Error::Missing`] if it takes QEMU, and there is none.
    pub(crate) fn new(root: &'a Root, architecture: Architecture) -> Result<Self> {
        let mut sandbox = Self {
            root,
            architecture,
            bwrap: which::which(BWRAP).ok().filter(|bwrap| works(bwrap)),
            qemu: None,
            has_system: false,
            notes: Vec::new(),
        };
        let extensions = root.extensions().unwrap_or_default();
        let paths = root
            .bootstrap()
            .map(str::to_owned)
            .into_iter()
            .chain(extensions);
        let programs: Vec<Program> = paths
            .filter_map(|path| sandbox.program(&path).ok())
            .collect();
        sandbox.has_system = programs.iter().any(|program| program.needs_system);
        let mut foreign = programs
            .iter()
            .filter(|program| program.is_foreign)
            .peekable();
        if foreign.peek().is_some() {
            let loaders = foreign.filter_map(|program| program.loader.as_deref());
            sandbox.check_loaders(loaders)?;
            let qemu = qemu(architecture)?;
            sandbox.has_system |= is_dynamic(&qemu);
            sandbox.qemu = Some(qemu);
        }
        sandbox.notes = sandbox.differences();
        Ok(sandbox)
    }

    /// Refuses foreign programs whose loaders are neither in the package nor on this machine.
    fn check_loaders<'l>(&self, mut loaders: impl Iterator<Item = &'l str>) -> Result<()> {
        let is_there =
            |loader: &str| self.root.find(loader).is_some() || Path::new(loader).exists();
        let Some(missing) = loaders.find(|loader| !is_there(loader)) else {
            return Ok(());
        };
        let architecture = self.architecture;
        Err(Error::Missing {
            message: format!(
                "a program is linked dynamically for {architecture}, and this machine has no \
                 `{missing}`"
            ),
            help: vec![
                format!(
                    "build it for {}-unknown-linux-musl",
                    architecture.rust_name()
                ),
                format!("install the C library for {architecture}"),
            ],
        })
    }

    fn differences(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.bwrap.is_none() {
            notes.push(format!(
                "the package runs in {} and not in /var/task and /opt, has the files of this \
                 machine, and may write: `bwrap` is not there or does not work (install bubblewrap \
                 to have it as on Lambda)",
                self.root.of(MountPoint::Task).display()
            ));
        } else if self.has_system {
            notes.push(
                "a script or a dynamically linked program runs with the interpreters and \
                 libraries of this machine, and not with those of the runtime"
                    .to_owned(),
            );
        }
        if self.qemu.is_some() {
            notes.push(format!(
                "QEMU runs the programs for {}: times and memory are not those of Lambda",
                self.architecture
            ));
        }
        notes
    }

    /// The program that the function sees at `path`.
    ///
    /// # Errors
    /// The reason why it cannot be executed.
    pub(super) fn program(&self, path: &str) -> Result<Program, &'static str> {
        Program::find(self.root, path, self.architecture)
    }

    /// The files of the function.
    pub(super) fn root(&self) -> &Root {
        self.root
    }

    /// True if the programs are started by bubblewrap.
    pub(super) fn is_closed(&self) -> bool {
        self.bwrap.is_some()
    }

    /// The path of a folder, as the function sees it.
    pub(super) fn folder(&self, place: MountPoint) -> String {
        match self.bwrap {
            Some(_) => place.path().to_owned(),
            None => self.root.of(place).display().to_string(),
        }
    }

    /// The gate of the next program that is started by bubblewrap; `None` without bubblewrap.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(super) fn gate(&self) -> io::Result<Option<Gate>> {
        let gate = self.bwrap.as_ref().map(|_| Gate::new(self.root.gate()));
        gate.transpose()
    }

    /// The command that starts the program that is at `path` on Lambda, with these variables only.
    pub(super) fn command(
        &self,
        program: &Program,
        path: &str,
        variables: &BTreeMap<String, String>,
        gate: Option<&Gate>,
    ) -> Command {
        let qemu = self.qemu.as_ref().filter(|_| program.is_foreign);
        let (Some(bwrap), Some(gate)) = (&self.bwrap, gate) else {
            let own = self.own_path(path);
            let mut command = match qemu {
                Some(qemu) => Command::new(qemu),
                None => Command::new(&own),
            };
            command.args(qemu.map(|_| own));
            command.current_dir(self.root.of(MountPoint::Task));
            command.env_clear().envs(variables);
            return command;
        };
        let mut command = Command::new(bwrap);
        command
            .args(NAMESPACES)
            .args(["--die-with-parent", "--clearenv"]);
        if self.has_system {
            for path in SYSTEM {
                bind_system(&mut command, path);
            }
        }
        for path in SYSTEM_FILES
            .into_iter()
            .filter(|path| is_extra(path, self.has_system))
        {
            command.args(["--ro-bind-try", path, path]);
        }
        command.args(["--proc", "/proc", "--dev", "/dev", "--dir", "/var/runtime"]);
        for place in MountPoint::ALL {
            command
                .arg("--ro-bind")
                .arg(self.root.of(place))
                .arg(place.path());
        }
        command.arg("--bind").arg(self.root.tmp()).arg("/tmp");
        if let Some(qemu) = qemu {
            command.arg("--ro-bind").arg(qemu).arg(QEMU);
        }
        command.arg("--ro-bind").arg(gate.path()).arg(GATE);
        command.args(["--lock-file", GATE]);
        for (name, value) in variables {
            command.args(["--setenv", name, value]);
        }
        command.args([
            "--remount-ro",
            "/",
            "--chdir",
            MountPoint::Task.path(),
            "--",
        ]);
        command.args(qemu.map(|_| QEMU)).arg(path);
        // What bubblewrap itself needs.
        command.env_clear();
        command
    }

    /// The path on this machine of what is at `path` on Lambda.
    fn own_path(&self, path: &str) -> PathBuf {
        let below = |place: &MountPoint| path.strip_prefix(place.path()).map(|rest| (*place, rest));
        match MountPoint::ALL.iter().find_map(below) {
            Some((place, rest)) => self.root.of(place).join(rest.trim_start_matches('/')),
            None => path.into(),
        }
    }
}

/// The path of the gate in a root of its own.
const GATE: &str = "/gate";

/// The path of QEMU in a root of its own.
const QEMU: &str = "/qemu";

/// Own processes, an own user, and no terminal. The network is that of this machine.
const NAMESPACES: [&str; 9] = [
    "--unshare-user",
    "--uid",
    USER,
    "--gid",
    GROUP,
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--new-session",
];

/// True if bubblewrap may do here what is asked of it. In many containers it may not.
fn works(bwrap: &Path) -> bool {
    const PATIENCE: Duration = Duration::from_secs(10);
    let Ok(own) = env::current_exe() else {
        return false;
    };
    let probe = Process::new(bwrap)
        .args(NAMESPACES)
        .args([
            "--ro-bind",
            "/",
            "/",
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            "--",
        ])
        .arg(own)
        .arg("--version");
    let output = probe.output_within(PATIENCE);
    output.is_ok_and(|output| output.status.success())
}

/// Binds a folder of the system, or makes the link that it is: `/bin` is often one into `/usr`.
fn bind_system(command: &mut Command, path: &str) {
    match fs::read_link(path) {
        Ok(target) => command.arg("--symlink").arg(target).arg(path),
        Err(_) => command.args(["--ro-bind-try", path, path]),
    };
}

/// True if a file is not in what is bound anyway.
fn is_extra(path: &str, has_system: bool) -> bool {
    !has_system || !path.starts_with("/usr/")
}

/// QEMU for an architecture.
///
/// # Errors
/// [`Error::Missing`] with the package to install.
fn qemu(architecture: Architecture) -> Result<PathBuf> {
    let name = format!("qemu-{}", architecture.rust_name());
    let names = [format!("{name}-static"), name];
    let found = names.iter().find_map(|name| which::which(name).ok());
    found.ok_or_else(|| Error::Missing {
        message: format!(
            "the function is for {architecture}, and this machine is {OWN}: `{}` is needed to run \
             it",
            names[1]
        ),
        help: vec![
            "install QEMU's user mode: `apt install qemu-user-static`, `dnf install \
             qemu-user-static` or `pacman -S qemu-user-static`"
                .to_owned(),
            format!("run `cargo lambda-zip invoke` on a machine that is {architecture}"),
        ],
    })
}

fn is_dynamic(program: &Path) -> bool {
    let bytes = fs::read(program).unwrap_or_default();
    match inspect(bytes.as_slice()) {
        Ok(Executable::Binary(facts)) => facts.interpreter.is_some(),
        Ok(Executable::Script(_)) | Err(_) => true,
    }
}
