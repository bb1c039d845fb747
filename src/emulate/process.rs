//! Processes of an execution environment: started, logged and watched.

use std::collections::BTreeMap;
use std::io;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use rustix::process::{Pid, Signal, kill_process};

use super::gate::{BWRAP, Gate};
use super::log::Log;
use super::monitor::Monitor;
use super::sandbox::Sandbox;
use super::state::Process;
use super::status;
use crate::cargo::{Interrupt, descendants};

/// The surroundings of a process that is started.
pub(super) struct Start<'a> {
    pub(super) sandbox: &'a Sandbox<'a>,
    pub(super) interrupt: &'a Interrupt,
    pub(super) log: &'a Arc<Log>,
    pub(super) monitor: &'a Arc<Monitor>,
}

impl Start<'_> {
    /// Starts the program that is at `path` on Lambda, and returns its process. That it cannot be
    /// executed is noted in the state.
    ///
    /// # Errors
    /// If the system has no pipe or thread for it.
    pub(super) fn run(
        &self,
        process: &Process,
        path: &str,
        variables: &BTreeMap<String, String>,
    ) -> io::Result<Option<u32>> {
        let failed = |why: &str| {
            let why = format!("fork/exec {path}: {why}");
            self.monitor
                .change(|state| state.launch_failed(process.clone(), &why));
            Ok(None)
        };
        let program = match self.sandbox.program(path) {
            Ok(program) => program,
            Err(why) => return failed(why),
        };
        let (reader, writer) = io::pipe()?;
        let gate = self.sandbox.gate()?;
        let mut command = (self.sandbox).command(&program, path, variables, gate.as_ref());
        command.stdin(Stdio::null());
        command.stdout(writer.try_clone()?).stderr(writer);
        match self.spawn(process.clone(), path, gate, command, reader) {
            Ok(id) => Ok(Some(id)),
            Err(error) => failed(&words(&error)),
        }
    }

    fn spawn(
        &self,
        process: Process,
        path: &str,
        gate: Option<Gate>,
        mut command: Command,
        reader: io::PipeReader,
    ) -> io::Result<u32> {
        let child = self.interrupt.spawn(&mut command)?;
        // The pipe ends with the last process that has it.
        drop(command);
        let id = child.id();
        let is_closed = gate.is_some();
        // bubblewrap says so if it could not execute the program.
        let mark = is_closed.then(|| format!("{BWRAP}: execvp {path}: "));
        let (log, monitor) = (self.log.clone(), self.monitor.clone());
        let copy = thread::Builder::new().spawn(move || log.copy(reader, mark.as_deref()))?;
        let path = path.to_owned();
        thread::Builder::new().spawn(move || {
            let status = match gate {
                Some(gate) => gate.wait(&child),
                None => child.wait(),
            };
            // In a sandbox, nothing is left that could hold the pipe.
            let not_executed = is_closed.then(|| copy.join().ok().flatten()).flatten();
            monitor.change(|state| match (not_executed, status) {
                (Some(why), _) => {
                    let why = format!("fork/exec {path}: {}", why.to_lowercase());
                    state.launch_failed(process, &why);
                }
                (None, Ok(status)) => {
                    let why = status::reason(status);
                    state.end(process, why.as_deref());
                }
                (None, Err(error)) => state.end(process, Some(&error.to_string())),
            });
        })?;
        Ok(id)
    }
}

/// The system's words for an error, as Lambda has them.
fn words(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    let (words, _) = text.split_once(" (os error").unwrap_or((&text, ""));
    words.to_owned()
}

/// Asks a program that was started as the process `id` to end.
pub(super) fn terminate(id: u32, is_closed: bool) {
    // bubblewrap has a child, the first process of the sandbox, and the program is the child of that.
    let only_child = |id: u32| descendants::children(id).first().copied();
    let program = if is_closed {
        only_child(id).and_then(only_child)
    } else {
        Some(id)
    };
    let pid = program.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(pid) = pid {
        // It may have ended by itself.
        let _ = kill_process(pid, Signal::TERM);
    }
}
