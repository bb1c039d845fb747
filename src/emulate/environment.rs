//! One execution environment, from its init to its end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::api::Api;
use super::extension::Event;
use super::failure::Failure;
use super::function::Function;
use super::log::Log;
use super::memory::Memory;
use super::monitor::Monitor;
use super::process::{self, Start};
use super::sandbox::Sandbox;
use super::server::Server;
use super::state::{Invocation, Posted, Process, State};
use super::{id, variables};
use crate::cargo::Interrupt;
use crate::error::{Error, Result};
use crate::lambda::MountPoint;
use crate::lambda::execution::{RUNTIME_SHUTDOWN, SHUTDOWN};
use crate::lambda::mount_point::BOOTSTRAPS;
use crate::lambda::quotas;
use crate::shell::Shell;

/// The time between two looks at signals and memory.
const SLICE: Duration = Duration::from_millis(20);

/// All that an execution environment is made of.
pub(crate) struct Setup<'a> {
    pub(crate) function: &'a Function<'a>,
    pub(crate) sandbox: &'a Sandbox<'a>,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) log: Arc<Log>,
    pub(crate) shell: &'a Shell,
}

/// The reason why a phase did not come to its end.
#[derive(Debug)]
pub(super) enum Stop {
    Failed(Failure),
    /// The time is over; who has not done what, if that is known.
    TimedOut(Option<String>),
}

/// The result of a phase.
type Phase<T> = Result<T, Stop>;

/// An execution environment. Its processes end when it is dropped.
pub(super) struct Environment<'a> {
    setup: &'a Setup<'a>,
    monitor: Arc<Monitor>,
    server: Server,
    /// The process of the runtime.
    runtime: Option<u32>,
    memory: Memory,
}

impl<'a> Environment<'a> {
    /// An environment in which nothing runs.
    ///
    /// # Errors
    /// [`Error::Io`] if the system has no port for it.
    pub(super) fn new(setup: &'a Setup<'a>) -> Result<Self> {
        let monitor = Arc::new(Monitor::default());
        let api = Api {
            monitor: monitor.clone(),
            name: setup.function.name.to_owned(),
        };
        let server = Server::start(api).map_err(Error::io("could not listen on 127.0.0.1"))?;
        Ok(Self {
            setup,
            monitor,
            server,
            runtime: None,
            memory: Memory::default(),
        })
    }

    /// The most memory that was in use at once so far, in bytes.
    pub(super) fn peak(&mut self) -> u64 {
        self.memory.look();
        self.memory.peak
    }

    /// The error of the init phase that the runtime has reported.
    pub(super) fn init_error(&self) -> Option<Posted> {
        self.monitor.change(|state| state.init_error.clone())
    }

    /// Starts the extensions and, when they have registered, the runtime, and waits until all ask
    /// for an event.
    pub(super) fn init(&mut self, deadline: Instant) -> Result<Phase<()>> {
        let Setup {
            function, sandbox, ..
        } = self.setup;
        let [task, opt] = MountPoint::ALL.map(|place| sandbox.folder(place));
        let runtime = variables::of_runtime(function, &task, &opt, self.server.address);
        let extension = variables::of_extension(&runtime);
        let found = sandbox.root().extensions();
        let found = found.map_err(Error::io("could not read the extensions"))?;
        for (nth, path) in found.iter().enumerate() {
            let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
            if nth == quotas::EXTENSIONS {
                // As AWS's emulator words it.
                let (kind, why) = ("Extension.LaunchError", "ErrTooManyExtensions");
                let failure = Failure::of_extension(kind, name, why);
                return Ok(Err(Stop::Failed(failure)));
            }
            self.monitor.change(|state| state.extensions.expect(name));
            self.start(&Process::Extension(name.to_owned()), path, &extension)?;
        }
        let are_registered = |state: &mut State| state.extensions.are_registered().then_some(());
        if let Err(stop) = self.wait(deadline, are_registered)? {
            return Ok(Err(self.explained(stop)));
        }
        let Some(bootstrap) = sandbox.root().bootstrap() else {
            let places = BOOTSTRAPS.join(" ");
            let why = format!("Couldn't find valid bootstrap(s): [{places}]");
            return Ok(Err(Stop::Failed(Failure::entrypoint(&why))));
        };
        self.runtime = self.start(&Process::Runtime, bootstrap, &runtime)?;
        self.settle(deadline)
    }

    fn start(
        &self,
        process: &Process,
        path: &str,
        variables: &BTreeMap<String, String>,
    ) -> Result<Option<u32>> {
        let start = Start {
            sandbox: self.setup.sandbox,
            interrupt: self.setup.interrupt,
            log: &self.setup.log,
            monitor: &self.monitor,
        };
        let started = start.run(process, path, variables);
        started.map_err(Error::io(format!("could not start `{path}`")))
    }

    /// Gives an event to the runtime, and waits until it has answered.
    pub(super) fn invoke(
        &mut self,
        id: &str,
        event: &[u8],
        deadline: Instant,
    ) -> Result<Phase<Posted>> {
        let invocation = Invocation {
            id: id.to_owned(),
            event: event.to_vec(),
            deadline: epoch_millis(deadline),
            trace: id::trace(),
        };
        self.monitor.change(|state| state.begin(invocation));
        self.wait(deadline, |state| state.answer.clone())
    }

    /// Waits until the runtime and the extensions ask for the next event.
    pub(super) fn settle(&mut self, deadline: Instant) -> Result<Phase<()>> {
        let phase = self.wait(deadline, |state| state.is_idle().then_some(()))?;
        Ok(phase.map_err(|stop| self.explained(stop)))
    }

    /// The same reason, with what was waited for.
    fn explained(&self, stop: Stop) -> Stop {
        match stop {
            Stop::TimedOut(_) => Stop::TimedOut(self.monitor.change(|state| state.awaited())),
            failed @ Stop::Failed(_) => failed,
        }
    }

    /// Waits until `ready` gives something, a process fails, or the deadline has passed.
    fn wait<T>(
        &mut self,
        deadline: Instant,
        ready: impl Fn(&mut State) -> Option<T>,
    ) -> Result<Phase<T>> {
        loop {
            self.setup.interrupt.check()?;
            self.memory.glance();
            let found = self.monitor.wait_for(deadline, SLICE, |state| {
                let failed = |state: &State| state.failure.clone().map(Stop::Failed);
                ready(state).map(Ok).or_else(|| failed(state).map(Err))
            });
            match found {
                Some(found) => return Ok(found),
                None if Instant::now() >= deadline => return Ok(Err(Stop::TimedOut(None))),
                None => {}
            }
        }
    }

    /// Ends the environment: with extensions, they are told why, and have time to end.
    pub(super) fn shut_down(mut self, reason: &'static str) -> Result<()> {
        self.memory.look();
        let has_extensions = |state: &mut State| state.extensions.all().next().is_some();
        if !self.monitor.change(has_extensions) {
            return Ok(());
        }
        let start = Instant::now();
        let has_ended = |state: &mut State| state.has_ended(&Process::Runtime).then_some(());
        if let Some(runtime) = self.runtime
            && self.monitor.change(|state| has_ended(state)).is_none()
        {
            process::terminate(runtime, self.setup.sandbox.is_closed());
            self.linger(start + RUNTIME_SHUTDOWN, has_ended)?;
        }
        let deadline = start + SHUTDOWN;
        let event = Event::Shutdown {
            reason,
            deadline: epoch_millis(deadline),
        };
        self.monitor.change(|state| state.shut_down(event));
        self.linger(deadline, |state| state.lingering().is_empty().then_some(()))?;
        for name in self.monitor.change(|state| state.lingering()) {
            self.setup.shell.warning(format_args!(
                "the extension `{name}` did not end within {} s of SHUTDOWN, and was killed",
                SHUTDOWN.as_secs()
            ));
        }
        Ok(())
    }

    /// Waits for the end of processes, at most until the deadline.
    fn linger(&self, deadline: Instant, until: impl Fn(&mut State) -> Option<()>) -> Result<()> {
        while self.monitor.wait_for(deadline, SLICE, &until).is_none() {
            self.setup.interrupt.check()?;
            if Instant::now() >= deadline {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Environment<'_> {
    fn drop(&mut self) {
        self.setup.interrupt.kill_all();
    }
}

/// Milliseconds since 1970 at an instant.
fn epoch_millis(instant: Instant) -> u128 {
    let left = instant.saturating_duration_since(Instant::now());
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    (now.unwrap_or_default() + left).as_millis()
}
