//! One run of the tool, and what can be said of it.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use fs_err::File;

use super::project::Project;
use super::report;
#[cfg(unix)]
use super::terminal::Terminal;

const TOOL: &str = env!("CARGO_BIN_EXE_cargo-lambda-zip");

#[cfg(unix)]
fn started(command: &mut Command) -> Child {
    command.spawn().unwrap()
}

/// Starts a command. A wine that is busy sometimes fails to start a program, which is then tried again.
#[cfg(not(unix))]
fn started(command: &mut Command) -> Child {
    const ERROR_INTERNAL_ERROR: i32 = 1359;
    for _ in 0..20 {
        match command.spawn() {
            Err(error) if error.raw_os_error() == Some(ERROR_INTERNAL_ERROR) => {
                sleep(Duration::from_millis(250));
            }
            started => return started.unwrap(),
        }
    }
    command.spawn().unwrap()
}

pub(crate) struct Run<'a> {
    project: &'a Project,
    args: Vec<String>,
    env: Vec<(String, String)>,
    folder: PathBuf,
    #[cfg(unix)]
    shell: Shell,
    input: Option<PathBuf>,
}

/// The arrangements of the shell from which the tool is started.
#[cfg(unix)]
struct Shell {
    umask: &'static str,
    /// The most blocks of 512 bytes that a file may have; empty for any number.
    largest_file: &'static str,
    /// Signals that the tool is started with ignored.
    ignored: &'static str,
    /// What starts the tool, if not the shell.
    starter: &'static [&'static str],
}

impl<'a> Run<'a> {
    pub(crate) fn new(project: &'a Project, args: &[&str]) -> Self {
        Self {
            project,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            env: Vec::new(),
            folder: project.path(""),
            #[cfg(unix)]
            shell: Shell {
                umask: "022",
                largest_file: "",
                ignored: "",
                starter: &[],
            },
            input: None,
        }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn from(mut self, folder: &str) -> Self {
        self.folder = self.project.path(folder);
        self
    }

    #[cfg(unix)]
    pub(crate) fn umask(mut self, umask: &'static str) -> Self {
        self.shell.umask = umask;
        self
    }

    /// Lets no file have more than so many blocks of 512 bytes, as on a full disk.
    #[cfg(unix)]
    pub(crate) fn largest_file(mut self, blocks: &'static str) -> Self {
        self.shell.largest_file = blocks;
        self
    }

    /// Starts the tool so that it ignores a signal.
    #[cfg(unix)]
    pub(crate) fn ignoring(mut self, signal: &'static str) -> Self {
        self.shell.ignored = signal;
        self
    }

    /// Lets permissions bind root, too, as they bind anybody else.
    #[cfg(unix)]
    pub(crate) fn bound_by_permissions(mut self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let read_only = std::os::unix::fs::PermissionsExt::from_mode(0o555);
        fs_err::set_permissions(folder.path(), read_only).unwrap();
        if File::create(folder.path().join("probe")).is_ok() {
            self.shell.starter = &["setpriv", "--bounding-set=-dac_override"];
        }
        self
    }

    /// Gives a file of the project to the tool's standard input.
    pub(crate) fn input(mut self, path: &str) -> Self {
        self.input = Some(self.project.path(path));
        self
    }

    pub(crate) fn run(self) -> Outcome {
        let command = format!(
            "{} cargo-lambda-zip {}",
            pairs(&self.env),
            self.args.join(" ")
        );
        let output = self.start().wait_with_output().unwrap();
        Outcome::new(command, output)
    }

    /// Starts the tool and leaves it running.
    pub(crate) fn start(&self) -> Child {
        self.start_with(Stdio::piped())
    }

    /// Starts the tool with this terminal as its standard error.
    #[cfg(unix)]
    pub(crate) fn start_on(&self, terminal: &Terminal) -> Child {
        self.start_with(terminal.stdio())
    }

    fn start_with(&self, stderr: Stdio) -> Child {
        let mut command = self.tool();
        self.project.stage().dress(&mut command);
        command
            .args(&self.args)
            .envs(self.env.iter().cloned())
            .current_dir(&self.folder)
            .stdin(self.stdin())
            .stdout(Stdio::piped())
            .stderr(stderr);
        started(&mut command)
    }

    #[cfg(unix)]
    fn tool(&self) -> Command {
        let Shell {
            umask,
            largest_file,
            ignored,
            starter,
        } = self.shell;
        // Only a shell can set the umask and the limits of one process and no other.
        let mut command = Command::new("/bin/sh");
        command
            .args([
                "-c",
                "umask \"$1\"; [ -z \"$2\" ] || ulimit -f \"$2\"; [ -z \"$3\" ] || trap '' \"$3\"; \
                 shift 3; exec \"$@\"",
                "sh",
            ])
            .args([umask, largest_file, ignored])
            .args(starter)
            .arg(TOOL);
        command
    }

    #[cfg(not(unix))]
    fn tool(&self) -> Command {
        Command::new(TOOL)
    }

    fn stdin(&self) -> Stdio {
        let Some(path) = &self.input else {
            return Stdio::null();
        };
        let (file, _) = File::open(path).unwrap().into_parts();
        file.into()
    }
}

fn pairs(env: &[(String, String)]) -> String {
    let pairs: Vec<String> = env
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join(" ")
}

/// How a run ended. Every promise that is broken shows the whole run.
pub(crate) struct Outcome {
    command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn new(command: String, output: Output) -> Self {
        Self {
            command,
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        self.promise(self.code == Some(code), &format!("exit code {code}"))
    }

    /// stderr contains `fragment`.
    #[track_caller]
    pub(crate) fn says(&self, fragment: &str) -> &Self {
        self.promise(
            contains(&self.stderr, fragment),
            &format!("{fragment:?} on stderr"),
        )
    }

    #[track_caller]
    pub(crate) fn never_says(&self, fragment: &str) -> &Self {
        self.promise(
            !contains(&self.stderr, fragment),
            &format!("no {fragment:?} on stderr"),
        )
    }

    /// stdout contains `fragment`.
    #[track_caller]
    pub(crate) fn prints(&self, fragment: &str) -> &Self {
        self.promise(
            contains(&self.stdout, fragment),
            &format!("{fragment:?} on stdout"),
        )
    }

    #[track_caller]
    pub(crate) fn prints_nothing(&self) -> &Self {
        self.promise(self.stdout.is_empty(), "an empty stdout")
    }

    #[track_caller]
    pub(crate) fn promise(&self, kept: bool, promise: &str) -> &Self {
        assert!(kept, "expected {promise}\n{self}");
        self
    }

    /// stdout as the one JSON document it has to be.
    /// The answer of a function, which is not a report.
    #[track_caller]
    pub(crate) fn answer(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        report::read(self.stdout.as_bytes())
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            command,
            code,
            stdout,
            stderr,
        } = self;
        writeln!(f, "$ {command}\nexit code: {code:?}")?;
        write!(f, "--- stdout\n{stdout}\n--- stderr\n{stderr}\n---")
    }
}

/// True if `fragment` is in the text, where paths have the separators of this system.
fn contains(text: &str, fragment: &str) -> bool {
    let slashes = |text: &str| text.replace(std::path::MAIN_SEPARATOR, "/");
    slashes(text).contains(&slashes(fragment))
}

#[track_caller]
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    // A busy machine takes its time.
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < deadline, "timed out waiting until {what}");
        sleep(Duration::from_millis(5));
    }
}
