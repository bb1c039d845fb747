//! The bytes of some work: how many are done, and what is being worked on. Progress bars show it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The bytes of some work, which many threads count.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    expected: AtomicU64,
    done: AtomicU64,
    under_way: Mutex<UnderWay>,
}

/// The names of what is being worked on, in the order in which it was begun.
#[derive(Debug, Default)]
struct UnderWay {
    names: BTreeMap<u64, String>,
    begun: u64,
}

impl Meter {
    /// Expects that so many more bytes are to be done.
    pub(crate) fn expect(&self, bytes: u64) {
        self.expected.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The bytes that are done, of those that are expected.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (load(&self.done), load(&self.expected))
    }

    /// The name of what was begun first of all that is being worked on.
    pub(crate) fn name(&self) -> Option<String> {
        let under_way = self.under_way();
        under_way
            .names
            .first_key_value()
            .map(|(_, name)| name.clone())
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A part of the work. When it is dropped, all of it counts as done.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    whole: Whole<'a>,
    bytes: u64,
    done: AtomicU64,
    /// The number of its name in the meter; `None` if it is not shown.
    number: Option<u64>,
}

/// The work that a task is a part of.
#[derive(Debug)]
enum Whole<'a> {
    Meter(Arc<Meter>),
    Task(&'a Task<'a>),
}

impl Task<'static> {
    /// A task of `bytes`, which the `meter` expects.
    pub(crate) fn of(meter: &Arc<Meter>, bytes: u64) -> Self {
        Self {
            whole: Whole::Meter(Arc::clone(meter)),
            bytes,
            done: AtomicU64::new(0),
            number: None,
        }
    }
}

impl Task<'_> {
    /// Shows the task by its `name` while it lasts.
    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        let mut under_way = self.meter().under_way();
        let number = under_way.begun;
        under_way.begun += 1;
        under_way.names.insert(number, name.into());
        drop(under_way);
        self.number = Some(number);
        self
    }

    /// A part of the task of so many `bytes`.
    pub(crate) fn part(&self, bytes: u64) -> Task<'_> {
        Task {
            whole: Whole::Task(self),
            bytes,
            done: AtomicU64::new(0),
            number: None,
        }
    }

    /// Counts bytes as done. Those that are more than the task has are not counted.
    pub(crate) fn add(&self, bytes: u64) {
        let before = self.done.fetch_add(bytes, Ordering::Relaxed);
        let counted = bytes.min(self.bytes.saturating_sub(before));
        match &self.whole {
            Whole::Meter(meter) => {
                meter.done.fetch_add(counted, Ordering::Relaxed);
            }
            Whole::Task(task) => task.add(counted),
        }
    }

    fn meter(&self) -> &Meter {
        match &self.whole {
            Whole::Meter(meter) => meter,
            Whole::Task(task) => task.meter(),
        }
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        self.add(self.bytes);
        if let Some(number) = self.number {
            self.meter().under_way().names.remove(&number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_counts_as_done_when_it_ends_and_never_as_more() {
        let meter = Arc::new(Meter::default());
        meter.expect(100);
        let task = Task::of(&meter, 100);
        let part = task.part(60);
        part.add(10);
        assert_eq!(meter.bytes(), (10, 100));
        part.add(90);
        assert_eq!(meter.bytes(), (60, 100));
        drop(part);
        assert_eq!(meter.bytes(), (60, 100));
        drop(task.part(70));
        assert_eq!(meter.bytes(), (100, 100));
        drop(task);
        assert_eq!(meter.bytes(), (100, 100));
    }

    #[test]
    fn the_name_is_that_of_the_first_that_is_not_done() {
        let meter = Arc::new(Meter::default());
        let task = Task::of(&meter, 2);
        assert_eq!(meter.name(), None);
        let first = task.part(1).named("first");
        let second = task.part(1).named("second");
        assert_eq!(meter.name().as_deref(), Some("first"));
        drop(first);
        assert_eq!(meter.name().as_deref(), Some("second"));
        drop(second);
        assert_eq!(meter.name(), None);
    }
}
