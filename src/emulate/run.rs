//! A function from its init to its end, with all events in turn.

use std::time::{Duration, Instant};

use super::environment::{Environment, Setup, Stop};
use super::failure::Failure;
use super::id;
use super::outcome::{Invocation, Millis};
use super::state::Posted;
use crate::cargo::descendants;
use crate::error::{Error, Result};
use crate::lambda::execution::INIT;

/// A function that takes events.
struct Run<'a> {
    setup: &'a Setup<'a>,
    /// The environment, if it is ready for an event.
    environment: Option<Environment<'a>>,
    /// The duration of the init phase, until an invocation tells it.
    init: Option<Duration>,
    peak: u64,
}

/// Starts a function as Lambda does, gives it the events, and ends it. Calls `each` with the outcome
/// of each invocation.
///
/// # Errors
/// If the system refuses, the run is interrupted, or `each` fails. A function that fails is an
/// outcome.
pub(crate) fn run(
    setup: &Setup<'_>,
    events: &[Vec<u8>],
    mut each: impl FnMut(&Invocation) -> Result<()>,
) -> Result<Vec<Invocation>> {
    descendants::adopt_orphans().map_err(Error::io("could not keep hold of processes"))?;
    let mut run = Run {
        setup,
        environment: None,
        init: None,
        peak: 0,
    };
    if let Err((stop, _)) = run.start(Instant::now() + INIT)? {
        run.tell(&stop);
    }
    let mut invocations = Vec::new();
    for event in events {
        let invocation = run.invoke(event)?;
        // An interruption ends the program too, which is no outcome of it.
        setup.interrupt.check()?;
        each(&invocation)?;
        invocations.push(invocation);
    }
    if let Some(environment) = run.environment {
        environment.shut_down("spindown")?;
    }
    Ok(invocations)
}

impl<'a> Run<'a> {
    /// The init phase. If it fails, its environment ends; what the runtime has reported comes with
    /// the reason.
    fn start(&mut self, deadline: Instant) -> Result<Result<(), (Stop, Option<Posted>)>> {
        let start = Instant::now();
        let mut environment = Environment::new(self.setup)?;
        let result = environment.init(deadline)?;
        self.init = Some(start.elapsed());
        match result {
            Ok(()) => {
                self.environment = Some(environment);
                Ok(Ok(()))
            }
            Err(stop) => {
                let reported = environment.init_error();
                self.end(environment, &stop)?;
                Ok(Err((stop, reported)))
            }
        }
    }

    /// Says that the function is started once more.
    fn tell(&self, stop: &Stop) {
        let why = match stop {
            Stop::Failed(failure) if !failure.may_pass() => return,
            Stop::Failed(failure) => failure.message.clone(),
            Stop::TimedOut(None) => format!("it took longer than {} s", INIT.as_secs()),
            Stop::TimedOut(Some(who)) => {
                format!("it took longer than {} s: {who}", INIT.as_secs())
            }
        };
        self.setup.shell.warning(format_args!(
            "the init phase failed ({why}); as Lambda does, it is done again for the invocation"
        ));
    }

    /// An invocation. If no environment is ready, a new one is started under the same timeout.
    fn invoke(&mut self, event: &[u8]) -> Result<Invocation> {
        let id = id::uuid();
        let start = Instant::now();
        let timeout = self.setup.function.timeout;
        let deadline = start + timeout;
        if self.environment.is_none()
            && let Err((stop, reported)) = self.start(deadline)?
        {
            let failure = self.failure(stop);
            return Ok(self.outcome(id, reported, Some(&failure), start.elapsed()));
        }
        let Some(mut environment) = self.environment.take() else {
            // The init phase has just succeeded.
            return Ok(self.outcome(id, None, None, start.elapsed()));
        };
        let answered = environment.invoke(&id, event, deadline)?;
        let duration = start.elapsed();
        let (posted, stop) = match answered {
            Ok(posted) => (Some(posted), environment.settle(deadline)?.err()),
            Err(stop) => (None, Some(stop)),
        };
        self.peak = self.peak.max(environment.peak());
        let failure = match stop {
            None => {
                self.environment = Some(environment);
                None
            }
            Some(stop) => {
                self.end(environment, &stop)?;
                Some(self.failure(stop))
            }
        };
        Ok(self.outcome(id, posted, failure.as_ref(), duration))
    }

    fn failure(&self, stop: Stop) -> Failure {
        match stop {
            Stop::Failed(failure) => failure,
            Stop::TimedOut(culprit) => Failure::timeout(self.setup.function.timeout, culprit),
        }
    }

    /// Ends an environment that cannot take events any more.
    fn end(&mut self, mut environment: Environment<'a>, stop: &Stop) -> Result<()> {
        self.peak = self.peak.max(environment.peak());
        environment.shut_down(match stop {
            Stop::Failed(_) => "failure",
            Stop::TimedOut(_) => "timeout",
        })
    }

    fn outcome(
        &mut self,
        id: String,
        posted: Option<Posted>,
        failure: Option<&Failure>,
        duration: Duration,
    ) -> Invocation {
        let mut invocation = Invocation::new(id, posted, failure);
        invocation.init = self.init.take().map(Millis);
        invocation.duration = Millis(duration);
        invocation.max_memory_bytes = Some(self.peak).filter(|bytes| *bytes > 0);
        if let Some(culprit) = failure.and_then(|failure| failure.culprit.as_ref()) {
            self.setup.shell.warning(culprit);
        }
        invocation
    }
}
