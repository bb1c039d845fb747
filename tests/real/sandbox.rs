//! A root of a package's own, with nothing of this machine's: what a program
//! does not find in its package, it would not find here by luck.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use walkdir::WalkDir;

use crate::architecture::Architecture;
use crate::parts::program;
use crate::unpack::Unpack;

/// Lambda's own user.
const USER: &str = "993";
const GROUP: &str = "990";

/// Lambda sees to it that folders can be entered, if not to anything else.
const FOLDER: u32 = 0o755;

/// The root folder of a sandbox, laid out as on Lambda.
pub(crate) struct Sandbox {
    root: TempDir,
    architecture: Architecture,
    mounts: Vec<(PathBuf, String)>,
    variables: Vec<(&'static str, String)>,
}

impl Sandbox {
    pub(crate) fn new(architecture: Architecture) -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["var/task", "opt", "foreign"] {
            fs_err::create_dir_all(root.path().join(folder)).unwrap();
        }
        Self {
            root,
            architecture,
            mounts: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// Sets an environment variable of what runs in it.
    pub(crate) fn set(&mut self, name: &'static str, value: String) {
        self.variables.push((name, value));
    }

    /// Puts a file of this machine at `place`, where Lambda has one like it.
    pub(crate) fn mount(&mut self, file: &Path, place: &str) {
        self.mounts.push((file.to_owned(), place.to_owned()));
    }

    /// Unpacks `zip` at `folder`, which is `var/task` or `opt`. Whatever permissions it
    /// came with, the function has those of another user.
    pub(crate) fn unpack(&self, unpack: Unpack, zip: &Path, folder: &str) {
        let folder = self.root.path().join(folder);
        unpack(zip, &folder)
            .unwrap_or_else(|error| panic!("failed to unpack {}: {error}", zip.display()));
        for entry in WalkDir::new(folder).contents_first(true) {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            let mode = match entry.file_type() {
                kind if kind.is_symlink() => continue,
                kind if kind.is_dir() => FOLDER,
                _ => as_another_user(mode),
            };
            fs_err::set_permissions(entry.path(), Permissions::from_mode(mode)).unwrap();
        }
    }

    /// Sees to it that whatever Lambda would start does here what it would do
    /// there, although this may not be the machine that it is for.
    pub(crate) fn adapt_programs(&self) {
        self.adapt("var/task/bootstrap");
        self.adapt("opt/bootstrap");
        let extensions = self.root.path().join("opt/extensions");
        for extension in fs_err::read_dir(extensions).into_iter().flatten() {
            let name = extension.unwrap().file_name();
            self.adapt(&format!("opt/extensions/{}", name.display()));
        }
    }

    /// A program for the other machine becomes unrunnable: this kernel may well
    /// run it, by itself or through QEMU, while Lambda's has an "exec format
    /// error" for it.
    ///
    /// A program for the right machine runs under QEMU if that is not this one.
    /// It moves out of the way, and a script with its permissions takes its
    /// place: whoever starts it finds it where Lambda would, and is denied where
    /// Lambda would be. All that the program can notice is one more argument.
    fn adapt(&self, program: &str) {
        const MACHINE: std::ops::Range<usize> = 18..20;

        let path = self.root.path().join(program);
        let Ok(mut bytes) = fs_err::read(&path) else {
            return;
        };
        if !bytes.starts_with(b"\x7fELF") || bytes.len() < MACHINE.end {
            return;
        }
        let permissions = fs_err::metadata(&path).unwrap().permissions();
        if bytes[MACHINE] != self.architecture.elf_machine() {
            bytes[MACHINE].fill(0);
        } else if self.architecture.qemu().is_some() {
            let hidden = self.root.path().join("foreign").join(program);
            fs_err::create_dir_all(hidden.parent().unwrap()).unwrap();
            fs_err::write(&hidden, &bytes).unwrap();
            // QEMU insists on it, and whether Lambda would has been asked of the
            // script before.
            fs_err::set_permissions(hidden, Permissions::from_mode(0o755)).unwrap();
            bytes = format!("#!/qemu /foreign/{program}\n").into_bytes();
        } else {
            return;
        }
        // A file that may not be written can still be replaced.
        fs_err::remove_file(&path).unwrap();
        fs_err::write(&path, bytes).unwrap();
        fs_err::set_permissions(path, permissions).unwrap();
    }

    /// Starts `program` in the sandbox. The network is this machine's, or nobody
    /// could reach what runs there.
    pub(crate) fn command(&self, program_outside: &Path) -> Command {
        let mut command = Command::new(program("bwrap"));
        command
            .args(["--unshare-user", "--uid", USER, "--gid", GROUP])
            .args(["--unshare-pid", "--unshare-ipc", "--unshare-uts"])
            .args(["--die-with-parent", "--new-session", "--clearenv"])
            .args(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
        for folder in ["var/task", "opt", "foreign"] {
            bind(&mut command, &self.root.path().join(folder), folder);
        }
        if let Some(qemu) = self.architecture.qemu() {
            bind(&mut command, &qemu, "qemu");
        }
        for (file, place) in &self.mounts {
            bind(&mut command, file, place);
        }
        bind(&mut command, program_outside, "program");
        command
            .args(["--remount-ro", "/", "--chdir", "/var/task"])
            .args(["--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin"])
            .args([
                "--setenv",
                "LD_LIBRARY_PATH",
                "/lib64:/usr/lib64:/var/task:/var/task/lib:/opt/lib",
            ])
            .args(["--setenv", "LAMBDA_TASK_ROOT", "/var/task"]);
        for (name, value) in &self.variables {
            command.args(["--setenv", name, value]);
        }
        command.args(["--", "/program"]);
        command
    }

    /// Where what happens in the sandbox is written down.
    pub(crate) fn log(&self) -> PathBuf {
        self.root.path().join("log")
    }
}

/// What `mode` allows to a user who neither owns the file nor is in its group.
///
/// Such a user runs the function on Lambda. Here it is run by the files' owner,
/// as only root can do otherwise; so the owner gets no more than anyone else.
fn as_another_user(mode: u32) -> u32 {
    (mode & 0o007) * 0o111
}

fn bind(command: &mut Command, from: &Path, to: &str) {
    command.arg("--ro-bind").arg(from).arg(format!("/{to}"));
}
