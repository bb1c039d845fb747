//! The state of an execution environment: what the runtime and each extension may do next.
//!
//! The states, the transitions and the words of refusals are those of AWS's Runtime Interface
//! Emulator (`internal/lambda/core`).

use super::extension::{Event, Extension, Extensions};
use super::failure::Failure;
use super::refusal::Refusal;

/// The state of the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Runtime {
    /// It has not asked for an event.
    #[default]
    Started,
    /// It has reported that its init failed.
    InitError,
    /// It waits for an event.
    Ready,
    /// It has an event, and has not answered.
    Running,
    /// It has answered, and has not asked for the next event.
    Answered,
}

impl Runtime {
    /// The name in AWS's messages.
    fn name(self) -> &'static str {
        match self {
            Self::Started => "Started",
            Self::InitError => "InitError",
            Self::Ready => "Ready",
            Self::Running => "Running",
            Self::Answered => "ResponseSent",
        }
    }
}

/// An invocation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Invocation {
    pub(super) id: String,
    pub(super) event: Vec<u8>,
    /// Milliseconds since 1970.
    pub(super) deadline: u128,
    pub(super) trace: String,
}

/// An answer or an error that the runtime has posted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Posted {
    pub(super) body: Vec<u8>,
    /// The type of an error.
    pub(super) error_type: Option<String>,
}

/// A process of the execution environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Process {
    Runtime,
    /// An extension, by its name.
    Extension(String),
}

/// The state of an execution environment.
#[derive(Debug, Default)]
pub(super) struct State {
    runtime: Runtime,
    pub(super) extensions: Extensions,
    invocation: Option<Invocation>,
    /// The answer to the invocation.
    pub(super) answer: Option<Posted>,
    /// The error of the init phase that the runtime has reported.
    pub(super) init_error: Option<Posted>,
    /// The first failure of a process.
    pub(super) failure: Option<Failure>,
    /// The type of the error that an extension has reported.
    reported: Option<&'static str>,
    /// The processes that have ended.
    ended: Vec<Process>,
    /// The event that ends extensions.
    shutdown: Option<Event>,
    /// True if the environment is gone.
    pub(super) is_closed: bool,
}

impl State {
    /// The runtime asks for an event.
    pub(super) fn next(&mut self) -> Result<(), Refusal> {
        match self.runtime {
            Runtime::InitError => return Err(self.refusal("Ready")),
            // It gets the event once more.
            Runtime::Running => {}
            Runtime::Started | Runtime::Ready | Runtime::Answered => self.runtime = Runtime::Ready,
        }
        Ok(())
    }

    /// The event for the runtime, if there is one.
    pub(super) fn event(&self) -> Option<&Invocation> {
        (self.runtime == Runtime::Running)
            .then_some(self.invocation.as_ref())
            .flatten()
    }

    /// The runtime answers the invocation `id`.
    pub(super) fn answer(&mut self, id: &str, posted: Posted) -> Result<(), Refusal> {
        let is_current = (self.invocation.as_ref()).is_some_and(|invocation| invocation.id == id);
        if !is_current {
            return Err(Refusal {
                status: 400,
                error_type: "InvalidRequestID",
                message: "Invalid request ID".to_owned(),
            });
        }
        if self.runtime != Runtime::Running {
            return Err(self.refusal(match posted.error_type {
                None => "InvocationResponse",
                Some(_) => "InvocationErrorResponse",
            }));
        }
        self.runtime = Runtime::Answered;
        self.answer = Some(posted);
        Ok(())
    }

    /// The runtime reports that its init failed.
    pub(super) fn init_error(&mut self, posted: Posted) -> Result<(), Refusal> {
        if self.runtime != Runtime::Started {
            return Err(self.refusal("InitError"));
        }
        self.runtime = Runtime::InitError;
        self.init_error = Some(posted);
        Ok(())
    }

    fn refusal(&self, to: &str) -> Refusal {
        Refusal::forbidden(
            "InvalidStateTransition",
            format!(
                "State transition from {} to {to} failed for runtime. Error: State transition is \
                 not allowed",
                self.runtime.name()
            ),
        )
    }

    /// An extension reports an error of a type. What is reported first counts, once a process ends.
    pub(super) fn report(&mut self, error_type: &'static str) {
        self.reported.get_or_insert(error_type);
    }

    /// A process has ended; `why` is `None` if it succeeded.
    pub(super) fn end(&mut self, process: Process, why: Option<&str>) {
        if self.shutdown.is_none() && self.failure.is_none() {
            self.failure = Some(match &process {
                Process::Runtime => Failure::exit(why),
                Process::Extension(name) => {
                    let error_type = self.reported.unwrap_or("Extension.Crash");
                    Failure::of_extension(error_type, name, why.unwrap_or("exit code 0"))
                }
            });
        }
        self.ended.push(process);
    }

    /// A process could not be executed.
    pub(super) fn launch_failed(&mut self, process: Process, why: &str) {
        self.failure.get_or_insert_with(|| match &process {
            Process::Runtime => Failure::entrypoint(why),
            Process::Extension(name) => Failure::of_extension("Extension.LaunchError", name, why),
        });
        self.ended.push(process);
    }

    /// True if a process has ended.
    pub(super) fn has_ended(&self, process: &Process) -> bool {
        self.ended.contains(process)
    }

    /// True if the runtime and all extensions wait for an event. No extension can register then.
    pub(super) fn is_idle(&mut self) -> bool {
        let is_idle = self.runtime == Runtime::Ready && self.extensions.are_ready();
        if is_idle {
            self.extensions.close();
        }
        is_idle
    }

    /// The extensions that are waited for, and what each has not done, as clauses. If there are none,
    /// the same for the runtime.
    pub(super) fn awaited(&self) -> Option<String> {
        let lacks = self.extensions.all().filter_map(|extension| {
            let step = extension.missing_step()?;
            Some(format!("the extension `{}` {step}", extension.name()))
        });
        let lacks: Vec<String> = lacks.collect();
        if !lacks.is_empty() {
            return Some(lacks.join(", "));
        }
        let step = match self.runtime {
            Runtime::Started => "did not ask for an event",
            Runtime::Answered => "did not ask for the next event",
            Runtime::InitError | Runtime::Ready | Runtime::Running => return None,
        };
        Some(format!("the program {step}"))
    }

    /// Gives an event to the runtime, and to the extensions that want to know of it.
    pub(super) fn begin(&mut self, invocation: Invocation) {
        let event = Event::Invoke {
            id: invocation.id.clone(),
            deadline: invocation.deadline,
            trace: invocation.trace.clone(),
        };
        self.extensions.send(&event);
        self.runtime = Runtime::Running;
        self.answer = None;
        self.invocation = Some(invocation);
    }

    /// Tells the extensions that want to know of it that the environment ends. Failures of
    /// processes do not matter from now on.
    pub(super) fn shut_down(&mut self, event: Event) {
        self.extensions.send(&event);
        self.shutdown = Some(event);
    }

    /// The extensions that were told, and whose processes have not ended.
    pub(super) fn lingering(&self) -> Vec<String> {
        let told = self.extensions.all().filter(|one| one.wants_shutdown());
        let told = told.filter(|one| one.is_external).map(Extension::name);
        told.filter(|name| !self.has_ended(&Process::Extension((*name).to_owned())))
            .map(str::to_owned)
            .collect()
    }
}
