//! Everything that can go wrong, with what to do about it and the exit code it ends in.

use std::fmt;
use std::io;
use std::ops::Range;
use std::process::{ExitCode, ExitStatus, Output};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use camino::Utf8PathBuf;

/// The result of everything fallible here.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The arguments do not fit the workspace or each other.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// The ways out, one a line.
        help: Vec<String>,
    },

    /// A configuration table says something that cannot be.
    #[error("{0}")]
    Manifest(Box<ManifestError>),

    /// Cargo could not read the workspace; its own words say why.
    #[error("could not read the workspace\n{stderr}")]
    Metadata {
        /// What Cargo wrote.
        stderr: String,
    },

    /// A Cargo configuration file could not be read.
    #[error("could not read Cargo's configuration: {0}")]
    CargoConfig(String),

    /// A program that is needed is not there or does not start.
    #[error("could not run `{command}`: {source}")]
    Tool {
        /// The command line.
        command: String,
        /// Why it did not start.
        source: io::Error,
        /// What to install.
        help: String,
    },

    /// A tool or a target that the build needs is not installed.
    #[error("{message}")]
    Missing {
        /// What is missing, and for what.
        message: String,
        /// The ways to get it, one a line.
        help: Vec<String>,
    },

    /// Something that was to be included cannot be.
    #[error("cannot include `{rule}`: {why}")]
    Include {
        /// The include as it was written.
        rule: String,
        /// Why not.
        why: String,
    },

    /// A file that was promised is not there.
    #[error("{what} `{path}` does not exist")]
    MissingFile {
        /// What the file was to be.
        what: &'static str,
        /// Where it was looked for.
        path: String,
    },

    /// Input or output failed; the source names the file.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done: "could not write the zip of `orders`".
        doing: String,
        /// The failure.
        source: io::Error,
    },

    /// Standard output was closed by whoever reads it.
    #[error("nobody reads what is written to standard output")]
    BrokenPipe,

    /// The build failed, and the builder has said why.
    #[error("the build failed, so no zip was written ({builder}: {status})")]
    Build {
        /// The builder.
        builder: String,
        /// How it ended.
        status: ExitStatus,
    },

    /// Lints rejected packages; the findings have been reported.
    #[error("{rejected} of {of} packages rejected")]
    Rejected {
        /// How many.
        rejected: usize,
        /// Out of how many.
        of: usize,
    },

    /// Ctrl-C, or a request to terminate.
    #[error("interrupted; nothing was changed")]
    Interrupted,
}

impl Error {
    /// A usage error with at most one way out.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<Option<&'static str>>) -> Self {
        Self::Usage {
            message: message.into(),
            help: help.into().into_iter().map(str::to_owned).collect(),
        }
    }

    /// A Cargo command that reads the workspace, and failed with `output`.
    pub(crate) fn metadata(output: &Output) -> Self {
        let stderr = String::from_utf8_lossy(&output.stderr);
        Self::Metadata {
            stderr: stderr.trim_end().to_owned(),
        }
    }

    /// Completes an I/O error with what was being done.
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing: doing.into(),
            source,
        }
    }

    /// What keeps the result from being written to standard output.
    pub(crate) fn output(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::io("could not write to standard output")(source),
        }
    }

    /// The exit code as documented in the README.
    #[must_use]
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    /// The same as a number.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Rejected { .. } => 1,
            Self::Usage { .. }
            | Self::Include { .. }
            | Self::Manifest(_)
            | Self::Metadata { .. }
            | Self::CargoConfig(_) => 2,
            Self::Tool { .. } | Self::Missing { .. } | Self::MissingFile { .. } => 3,
            Self::Io { .. } => 4,
            Self::Build { .. } => 101,
            // As a shell reports a process that SIGINT ended, or SIGPIPE.
            Self::Interrupted => 130,
            Self::BrokenPipe => 141,
        }
    }

    /// The ways out.
    #[must_use]
    pub(crate) fn help(&self) -> Vec<&str> {
        match self {
            Self::Usage { help, .. } | Self::Missing { help, .. } => {
                help.iter().map(String::as_str).collect()
            }
            Self::Tool { help, .. } => vec![help],
            Self::Manifest(_)
            | Self::Include { .. }
            | Self::Metadata { .. }
            | Self::CargoConfig(_)
            | Self::MissingFile { .. }
            | Self::Io { .. }
            | Self::Build { .. }
            | Self::Rejected { .. }
            | Self::Interrupted
            | Self::BrokenPipe => Vec::new(),
        }
    }
}

impl From<ManifestError> for Error {
    fn from(error: ManifestError) -> Self {
        Self::Manifest(Box::new(error))
    }
}

/// Something wrong in a manifest, with its place.
#[derive(Debug)]
pub(crate) struct ManifestError {
    pub(crate) path: Utf8PathBuf,
    pub(crate) text: String,
    /// In bytes of the text.
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    /// Beside the caret.
    pub(crate) label: String,
}

impl std::error::Error for ManifestError {}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl ManifestError {
    /// The error in rustc's look, with the line it is about and a caret below.
    pub(crate) fn render(&self, colored: bool) -> String {
        let snippet = Snippet::source(self.text.as_str())
            .path(self.path.as_str())
            .annotation(
                AnnotationKind::Primary
                    .span(self.span.clone())
                    .label(self.label.as_str()),
            );
        let report: &[Group<'_>] = &[Level::ERROR
            .primary_title(self.message.as_str())
            .element(snippet)];
        let renderer = if colored {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(report)
    }
}
