//! Child processes: started without a shell, printed as one would type them.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::process::{Command, Output, Stdio};

use crate::error::{Error, Result};

/// A command line that can be run and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    program: OsString,
    arguments: Vec<OsString>,
}

impl Process {
    pub(crate) fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
        }
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

    /// The command for the standard library, with nothing to read from the terminal.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null());
        command
    }

    /// Runs it to its end and gives what it wrote.
    ///
    /// # Errors
    /// [`Error::Tool`] if it cannot be started, with `help` as the way out.
    pub(crate) fn output(&self, help: &str) -> Result<Output> {
        self.command()
            .output()
            .map_err(|source| self.not_started(source, help))
    }

    /// The error for a process that did not start.
    pub(crate) fn not_started(&self, source: std::io::Error, help: &str) -> Error {
        Error::Tool {
            command: self.to_string(),
            source,
            help: help.to_owned(),
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.program))?;
        for argument in &self.arguments {
            write!(f, " {}", quoted(argument))?;
        }
        Ok(())
    }
}

/// An argument as a POSIX shell would have to be given it.
fn quoted(argument: &OsStr) -> String {
    let text = argument.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "_-+=:,./@%^{}".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The Cargo to call: the one this tool was called by, if it was.
pub(crate) fn cargo() -> Process {
    // Set by Cargo for its subcommands; calling it directly also spares rustup's proxy.
    Process::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_shown_as_one_would_type_it() {
        let process = Process::new("cargo")
            .args(["build", "--config"])
            .arg("a.b=\"c d\"")
            .arg("it's")
            .arg("");
        assert_eq!(
            process.to_string(),
            r#"cargo build --config 'a.b="c d"' 'it'\''s' ''"#
        );
    }
}
