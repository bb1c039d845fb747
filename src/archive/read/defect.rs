//! Reasons why a zip cannot be read.

use std::fmt;
use std::io;

/// A contradiction or damage in a zip; completes "the zip is broken: …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Defect {
    /// The name of the entry, or `None` if the zip as a whole is damaged.
    pub(crate) entry: Option<String>,
    /// The reason: a predicate of the entry ("is cut off"), or else a whole clause.
    pub(crate) why: String,
}

impl Defect {
    pub(super) fn zip(why: impl Into<String>) -> Self {
        let why = why.into();
        Self { entry: None, why }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entry, why } = self;
        match entry {
            Some(entry) => write!(f, "the entry {entry:?} {why}"),
            None => f.write_str(why),
        }
    }
}

/// A failure to read a zip.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The zip is damaged.
    Defect(Defect),
    /// The system could not read the file.
    Io(io::Error),
}

impl Fault {
    /// Tells apart what is wrong with a zip and what is wrong with the system.
    ///
    /// # Errors
    /// If the system could not read the file.
    pub(crate) fn defect<T>(result: Result<T, Self>) -> io::Result<Result<T, Defect>> {
        match result {
            Ok(value) => Ok(Ok(value)),
            Err(Self::Defect(defect)) => Ok(Err(defect)),
            Err(Self::Io(error)) => Err(error),
        }
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Io(error) => error,
            Fault::Defect(defect) => Self::new(io::ErrorKind::InvalidData, defect.to_string()),
        }
    }
}

impl From<Defect> for Fault {
    fn from(defect: Defect) -> Self {
        Self::Defect(defect)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
