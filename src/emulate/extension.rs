//! The extensions of an execution environment: their registrations, states and events.

use super::id;
use super::refusal::Refusal;
use crate::lambda::quotas;

/// An event for extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    Invoke {
        id: String,
        /// Milliseconds since 1970.
        deadline: u128,
        trace: String,
    },
    Shutdown {
        reason: &'static str,
        /// Milliseconds since 1970.
        deadline: u128,
    },
}

/// The state of an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Its process runs, and it has not registered.
    Started,
    /// It has registered, and has not asked for an event.
    Registered,
    /// It waits for an event.
    Ready,
    /// It has an event.
    Running,
}

impl Phase {
    /// The name in AWS's messages.
    fn name(self) -> &'static str {
        match self {
            Self::Started => "Started",
            Self::Registered => "Registered",
            Self::Ready => "Ready",
            Self::Running => "Running",
        }
    }
}

/// An extension.
#[derive(Debug)]
pub(super) struct Extension {
    id: String,
    name: String,
    /// True for a process of its own, false for a part of the runtime.
    pub(super) is_external: bool,
    wants_invoke: bool,
    wants_shutdown: bool,
    phase: Phase,
    event: Option<Event>,
}

impl Extension {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The step that it has not taken, if others wait for it.
    pub(super) fn missing_step(&self) -> Option<&'static str> {
        match self.phase {
            Phase::Started => Some("did not register"),
            Phase::Registered => Some("did not ask for an event"),
            Phase::Running => Some("did not ask for the next event"),
            Phase::Ready => None,
        }
    }

    pub(super) fn wants_shutdown(&self) -> bool {
        self.wants_shutdown
    }

    fn wants(&self, event: &Event) -> bool {
        match event {
            Event::Invoke { .. } => self.wants_invoke,
            Event::Shutdown { .. } => self.wants_shutdown,
        }
    }
}

/// The extensions of an execution environment.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    all: Vec<Extension>,
    is_closed: bool,
}

impl Extensions {
    /// An external extension was started.
    pub(super) fn expect(&mut self, name: &str) {
        self.add(name, true);
    }

    fn add(&mut self, name: &str, is_external: bool) -> &mut Extension {
        let index = self.all.len();
        self.all.push(Extension {
            id: id::uuid(),
            name: name.to_owned(),
            is_external,
            wants_invoke: false,
            wants_shutdown: false,
            phase: Phase::Started,
            event: None,
        });
        &mut self.all[index]
    }

    /// Registers an extension for events, and returns its identifier.
    pub(super) fn register(&mut self, name: &str, events: &[&str]) -> Result<String, Refusal> {
        let position = self.all.iter().position(|one| one.name == name);
        let is_external = position.is_some_and(|at| self.all[at].is_external);
        for event in events {
            // The runtime ends by a signal.
            if *event != "INVOKE" && !(*event == "SHUTDOWN" && is_external) {
                let message = format!("{event}: event not supported for this extension");
                return Err(Refusal::forbidden("Extension.InvalidEventType", message));
            }
        }
        let extension = match position {
            Some(at) => {
                let extension = &mut self.all[at];
                if !extension.is_external {
                    let message = "Extension with this name already registered";
                    return Err(Refusal::forbidden(
                        "Extension.InvalidExtensionState",
                        message,
                    ));
                }
                if extension.phase != Phase::Started {
                    return Err(refusal(extension, "Registered"));
                }
                extension
            }
            None if self.is_closed => {
                let message = "Extension registration closed already";
                return Err(Refusal::forbidden("Extension.RegistrationClosed", message));
            }
            None if self.all.len() >= quotas::EXTENSIONS => {
                let message = format!("Extension limit ({}) reached", quotas::EXTENSIONS);
                return Err(Refusal::forbidden("Extension.TooManyExtensions", message));
            }
            None => self.add(name, false),
        };
        extension.phase = Phase::Registered;
        extension.wants_invoke = events.contains(&"INVOKE");
        extension.wants_shutdown = events.contains(&"SHUTDOWN");
        Ok(extension.id.clone())
    }

    /// An extension asks for an event.
    pub(super) fn next(&mut self, id: &str) -> Result<(), Refusal> {
        let extension = self.find(id)?;
        if extension.phase == Phase::Started {
            return Err(refusal(extension, "Ready"));
        }
        // A told extension has its last event until it ends.
        if !matches!(extension.event, Some(Event::Shutdown { .. })) {
            extension.phase = Phase::Ready;
            extension.event = None;
        }
        Ok(())
    }

    /// The event of an extension, if there is one.
    pub(super) fn event(&self, id: &str) -> Option<Event> {
        let extension = self.all.iter().find(|one| one.id == id)?;
        extension.event.clone()
    }

    /// The extension with an identifier.
    pub(super) fn find(&mut self, id: &str) -> Result<&mut Extension, Refusal> {
        let found = self.all.iter_mut().find(|one| one.id == id);
        found.ok_or_else(|| {
            let message = format!("Unknown extension {id}");
            Refusal::forbidden("Extension.UnknownExtensionIdentifier", message)
        })
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Extension> {
        self.all.iter()
    }

    /// True if all processes of extensions have registered.
    pub(super) fn are_registered(&self) -> bool {
        self.all.iter().all(|one| one.phase != Phase::Started)
    }

    /// True if all of them wait for an event.
    pub(super) fn are_ready(&self) -> bool {
        self.all.iter().all(|one| one.phase == Phase::Ready)
    }

    /// No extension can register any more.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
    }

    /// Gives an event to the extensions that have registered for it.
    pub(super) fn send(&mut self, event: &Event) {
        for extension in self.all.iter_mut().filter(|one| one.wants(event)) {
            extension.phase = Phase::Running;
            extension.event = Some(event.clone());
        }
    }
}

fn refusal(extension: &Extension, to: &str) -> Refusal {
    Refusal::forbidden(
        "Extension.InvalidExtensionState",
        format!(
            "State transition from {} to {to} failed for extension {}. Error: State transition is \
             not allowed",
            extension.phase.name(),
            extension.name
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoke() -> Event {
        Event::Invoke {
            id: "a".to_owned(),
            deadline: 0,
            trace: String::new(),
        }
    }

    #[test]
    fn each_gets_the_events_that_it_has_registered_for() {
        let mut extensions = Extensions::default();
        extensions.expect("quiet");
        assert!(!extensions.are_registered());
        let quiet = extensions.register("quiet", &["SHUTDOWN"]).unwrap();
        let inner = extensions.register("inner", &["INVOKE"]).unwrap();
        assert!(extensions.are_registered() && !extensions.are_ready());
        for id in [&quiet, &inner] {
            extensions.next(id).unwrap();
        }
        assert!(extensions.are_ready());
        extensions.send(&invoke());
        assert_eq!(extensions.event(&quiet), None);
        assert_eq!(extensions.event(&inner), Some(invoke()));
        let reason = "spindown";
        extensions.send(&Event::Shutdown {
            reason,
            deadline: 1,
        });
        extensions.next(&quiet).unwrap();
        assert!(matches!(
            extensions.event(&quiet),
            Some(Event::Shutdown { .. })
        ));
    }

    #[test]
    fn wrong_registrations_are_refused_in_lambdas_words() {
        let mut extensions = Extensions::default();
        extensions.expect("outer");
        let mut refused = |name: &str, events: &[&str]| {
            let refusal = extensions.register(name, events).unwrap_err();
            assert_eq!(refusal.status, 403);
            refusal.error_type
        };
        assert_eq!(refused("outer", &["START"]), "Extension.InvalidEventType");
        assert_eq!(
            refused("inner", &["SHUTDOWN"]),
            "Extension.InvalidEventType"
        );
        extensions.register("outer", &[]).unwrap();
        extensions.register("inner", &[]).unwrap();
        for name in ["outer", "inner"] {
            let refusal = extensions.register(name, &[]).unwrap_err();
            assert_eq!(refusal.error_type, "Extension.InvalidExtensionState");
        }
        for nth in 2..10 {
            extensions.register(&format!("inner-{nth}"), &[]).unwrap();
        }
        let refusal = extensions.register("eleventh", &[]).unwrap_err();
        assert_eq!(refusal.error_type, "Extension.TooManyExtensions");
        extensions.close();
        let refusal = extensions.register("late", &[]).unwrap_err();
        assert_eq!(refusal.error_type, "Extension.RegistrationClosed");
        let refusal = extensions.next("nobody").unwrap_err();
        assert_eq!(refusal.error_type, "Extension.UnknownExtensionIdentifier");
    }
}
