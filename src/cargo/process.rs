//! Child processes: started without a shell, and printed as a user would type them.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use shared_child::SharedChild;

use super::environment::Environment;
use super::refusal;
use crate::error::{Error, Result};
use crate::text::quoted;

/// The help if Cargo or rustc is not found.
pub(crate) const INSTALL_RUST: &str = "install Rust from https://rustup.rs";

/// A command line that can be run and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<Variable>,
    folder: Option<Utf8PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Variable {
    name: OsString,
    value: OsString,
    /// The value in messages; `None` for variables of the user, which may be secrets.
    shown: Option<String>,
}

impl Process {
    pub(crate) fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            folder: None,
        }
    }

    /// Sets an environment variable.
    pub(crate) fn env(self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        let value = value.into();
        let shown = Some(quoted(&value));
        self.variable(name.into(), value, shown)
    }

    /// Sets an environment variable that messages do not show.
    pub(crate) fn hidden_env(self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variable(name.into(), value.into(), None)
    }

    /// Sets the variable `PATH` to `path`, which is the user's with `folder` before it.
    pub(crate) fn env_path(self, folder: &Utf8Path, path: OsString) -> Self {
        let shown = Some(format!("{}:\"$PATH\"", quoted(folder)));
        self.variable("PATH".into(), path, shown)
    }

    /// Sets the variables of `--env-file` and `--env`.
    pub(crate) fn with_given(self, environment: &Environment) -> Self {
        let given = environment.given().iter();
        given.fold(self, |process, (name, value)| {
            process.hidden_env(name, value)
        })
    }

    fn variable(mut self, name: OsString, value: OsString, shown: Option<String>) -> Self {
        self.environment.push(Variable { name, value, shown });
        self
    }

    /// Runs it in `folder`.
    pub(crate) fn current_folder(mut self, folder: &Utf8Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    pub(crate) fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub(crate) fn args<A: Into<OsString>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// The program's name, without its folder.
    pub(crate) fn name(&self) -> String {
        let path = std::path::Path::new(&self.program);
        let name = path.file_stem().unwrap_or(&self.program);
        name.to_string_lossy().into_owned()
    }

    /// The command for the standard library. Its standard input is empty.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null());
        command.envs(self.environment.iter().map(|v| (&v.name, &v.value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// Runs it to its end and returns its output.
    ///
    /// # Errors
    /// [`Error::Tool`] with `help` if it does not start.
    pub(crate) fn output(&self, help: &str) -> Result<Output> {
        self.command()
            .output()
            .map_err(|source| self.not_started(source, help))
    }

    /// The standard output of a Cargo command that does not build.
    ///
    /// # Errors
    /// [`Error::Metadata`] if it fails.
    pub(crate) fn stdout(&self) -> Result<String> {
        let output = self.output(INSTALL_RUST)?;
        if !output.status.success() {
            return Err(refusal::error_of(&output));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it to its end, or kills it after `patience`. Its output must fit into a pipe.
    ///
    /// # Errors
    /// If it does not start, or takes longer.
    pub(crate) fn output_within(&self, patience: Duration) -> io::Result<Output> {
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = SharedChild::spawn(&mut command)?;
        let Some(status) = child.wait_timeout(patience)? else {
            child.kill()?;
            child.wait()?;
            let message = format!("no answer within {} s", patience.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        };
        let mut output = Output {
            status,
            stdout: Vec::new(),
            stderr: Vec::new(),
        };
        if let Some(mut stdout) = child.take_stdout() {
            stdout.read_to_end(&mut output.stdout)?;
        }
        if let Some(mut stderr) = child.take_stderr() {
            stderr.read_to_end(&mut output.stderr)?;
        }
        Ok(output)
    }

    /// The error for a process that did not start.
    pub(crate) fn not_started(&self, source: io::Error, help: &str) -> Error {
        Error::Tool {
            command: self.to_string(),
            source,
            help: help.to_owned(),
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(folder) = &self.folder {
            write!(f, "cd {} && ", quoted(folder))?;
        }
        for variable in &self.environment {
            if let Some(shown) = &variable.shown {
                write!(f, "{}={shown} ", variable.name.to_string_lossy())?;
            }
        }
        f.write_str(&quoted(&self.program))?;
        for argument in &self.arguments {
            write!(f, " {}", quoted(argument))?;
        }
        Ok(())
    }
}

/// The Cargo to call: the one that started this tool, if one did.
pub(crate) fn cargo() -> Process {
    // Cargo sets the variable for its subcommands. The path also avoids rustup's proxy.
    Process::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_shown_as_a_user_would_type_it() {
        let process = Process::new("cargo")
            .args(["build", "--config"])
            .arg("a.b=\"c d\"")
            .arg("it's")
            .arg("")
            .env("A", "x y")
            .env("B", "x\u{1f}y'")
            .hidden_env("TOKEN", "secret")
            .current_folder(Utf8Path::new("/shop"));
        assert_eq!(
            process.to_string(),
            r#"cd /shop && A='x y' B=$'x\x1fy\'' cargo build --config 'a.b="c d"' 'it'\''s' ''"#
        );
    }
}
