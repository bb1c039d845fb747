//! The errors of the tool, with their help and exit codes.

use std::fmt;
use std::io;
use std::ops::Range;
use std::process::{ExitCode, ExitStatus};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use camino::{Utf8Path, Utf8PathBuf};

/// The result of a fallible function.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// An error that ends the run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The arguments do not fit the workspace or each other.
    #[error("{message}")]
    Usage {
        /// The reason.
        message: String,
        /// The ways out, one a line.
        help: Vec<String>,
    },

    /// The report cannot be at the place that the user names, and nothing is written there.
    #[error("{message}")]
    ReportPlace {
        /// The reason.
        message: String,
        /// The way out.
        help: &'static str,
        path: Utf8PathBuf,
    },

    /// A configuration table has an invalid value.
    #[error("{0}")]
    Manifest(Box<ManifestError>),

    /// Cargo could not read the workspace, and has said why.
    #[error("could not read the workspace{reason}")]
    Metadata {
        /// The output of Cargo, after `: ` or on a line of its own.
        reason: String,
        /// The manifest that Cargo names, and the line in it.
        manifest: Option<(Utf8PathBuf, Option<usize>)>,
    },

    /// A Cargo configuration file could not be read.
    #[error("could not read Cargo's configuration: {0}")]
    CargoConfig(String),

    /// A program that is needed does not exist or does not start.
    #[error("could not run `{command}`: {source}")]
    Tool {
        /// The command line.
        command: String,
        /// The reason.
        source: io::Error,
        /// A way to install it.
        help: String,
    },

    /// A tool or a target that the build needs is not installed.
    #[error("{message}")]
    Missing {
        /// The tool or target, and the reason why it is needed.
        message: String,
        /// The commands that install it, one a line.
        help: Vec<String>,
    },

    /// A file cannot be included.
    #[error("cannot include `{rule}`: {why}")]
    Include {
        /// The include in the user's own words.
        rule: String,
        /// The reason.
        why: String,
    },

    /// A file or folder to include does not exist.
    #[error("cannot include `{rule}`: `{path}` does not exist")]
    MissingInclude {
        /// The include in the user's own words.
        rule: String,
        path: String,
        help: &'static str,
    },

    /// A file that the user named does not exist.
    #[error("{what} `{path}` does not exist")]
    MissingFile {
        /// A noun for the file, such as "the layer".
        what: &'static str,
        path: String,
    },

    /// Any other error, about the file or folder at `path`.
    #[error("{error}")]
    About {
        path: Utf8PathBuf,
        error: Box<Error>,
    },

    /// Input or output failed; the source names the file.
    #[error("{doing}: {source}")]
    Io {
        /// The failed action: "could not write the zip of `orders`".
        doing: String,
        /// The reason.
        source: io::Error,
    },

    /// The reader of standard output has closed it.
    #[error("standard output was closed by its reader")]
    BrokenPipe,

    /// The build failed, and the builder has said why.
    #[error("the build failed, so no zip was written ({builder}: {status})")]
    Build {
        /// The builder.
        builder: String,
        /// Its exit status.
        status: ExitStatus,
        /// The causes in the setup of the user, with the ways out, one a line.
        help: Vec<String>,
    },

    /// Lints rejected packages. Their findings have been reported.
    #[error("{rejected} of {of} packages rejected")]
    Rejected {
        /// The number of rejected packages.
        rejected: usize,
        /// The number of all packages.
        of: usize,
    },

    /// A zip that Lambda could not unpack.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "an error of `invoke`")
    )]
    #[error("Lambda cannot unpack `{path}`: {why}")]
    NotUnpacked {
        path: Utf8PathBuf,
        /// The reason.
        why: String,
    },

    /// Invocations failed. Their answers have been printed.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "an error of `invoke`")
    )]
    #[error("{failed} of {of} invocations failed")]
    Invocation {
        /// The number of failed invocations.
        failed: usize,
        /// The number of all invocations.
        of: usize,
    },

    /// An error of a run whose report was merged. The merged report has been written.
    #[error("{message}")]
    Merged {
        /// The exit code of that run.
        code: u8,
        /// The problem.
        message: String,
        /// The ways out, one a line.
        help: Vec<String>,
    },

    /// Zips grew by more than the user allows. Which ones has been told.
    #[error("{grown} of {of} zips grew by more than `--max-growth` allows")]
    Grown {
        /// The number of zips that grew too much.
        grown: usize,
        /// The number of all zips that were measured.
        of: usize,
    },

    /// An error of a command whose document has been written.
    #[error(transparent)]
    Told(Box<Error>),

    /// A finding about the run is at `deny`. It has been reported.
    #[error("a finding about the run is denied")]
    Denied,

    /// The workspace is no longer as this run has read it; the run starts over.
    #[error("the workspace changed while it was read; run the command again")]
    Outdated,

    /// The user pressed Ctrl-C, or the system asked the process to terminate.
    #[error("interrupted; nothing was changed")]
    Interrupted {
        /// The number of the signal.
        signal: u8,
    },
}

impl Error {
    /// A usage error with at most one way out.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<Option<&'static str>>) -> Self {
        Self::Usage {
            message: message.into(),
            help: help.into().into_iter().map(str::to_owned).collect(),
        }
    }

    /// The error of an include before the build.
    pub(crate) fn missing_include(rule: String, path: String) -> Self {
        Self::MissingInclude {
            rule,
            path,
            // Included files are read before the build, so that a typing error does not cost one.
            help: "correct the path; if a build script makes the file, run `cargo build` once before",
        }
    }

    /// The same error after the build.
    pub(crate) fn after_build(self) -> Self {
        match self {
            Self::MissingInclude { rule, path, .. } => Self::MissingInclude {
                rule,
                path,
                help: "correct the path: no build script of this run has made the file",
            },
            other => other,
        }
    }

    /// The same error, about the file or folder at `path`.
    pub(crate) fn about(self, path: &Utf8Path) -> Self {
        Self::About {
            path: path.to_owned(),
            error: Box::new(self),
        }
    }

    /// Adds the failed action to an I/O error about `path`.
    pub(crate) fn io_at(
        path: &Utf8Path,
        doing: impl Into<String>,
    ) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::io(doing)(source).about(path)
    }

    /// Adds the failed action to an I/O error.
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing: doing.into(),
            source,
        }
    }

    /// The error of a failed write to standard output.
    pub(crate) fn output(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::io("could not write to standard output")(source),
        }
    }

    /// The documented exit code.
    #[must_use]
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    /// The exit code as a number.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Told(error) | Self::About { error, .. } => error.code(),
            Self::Rejected { .. }
            | Self::Denied
            | Self::NotUnpacked { .. }
            | Self::Grown { .. }
            | Self::Invocation { .. } => 1,
            Self::Usage { .. }
            | Self::ReportPlace { .. }
            | Self::Include { .. }
            | Self::Manifest(_)
            | Self::Metadata { .. }
            | Self::CargoConfig(_)
            | Self::Outdated => 2,
            Self::Tool { .. }
            | Self::Missing { .. }
            | Self::MissingInclude { .. }
            | Self::MissingFile { .. } => 3,
            Self::Io { .. } => 4,
            Self::Build { .. } => 101,
            // As a shell reports a process that SIGINT ended, or SIGPIPE.
            Self::Interrupted { signal } => 128 + signal,
            Self::Merged { code, .. } => *code,
            Self::BrokenPipe => 141,
        }
    }

    /// The file that the error is about, if it is about one.
    pub(crate) fn path(&self) -> Option<&Utf8Path> {
        match self {
            Self::Manifest(error) => Some(&error.path),
            Self::About { path, .. }
            | Self::ReportPlace { path, .. }
            | Self::Metadata {
                manifest: Some((path, _)),
                ..
            } => Some(path),
            Self::MissingFile { path, .. } | Self::MissingInclude { path, .. } => {
                Some(Utf8Path::new(path))
            }
            _ => None,
        }
    }

    /// The line of that file, from 1, if it is known.
    pub(crate) fn line(&self) -> Option<usize> {
        match self {
            Self::Manifest(error) => Some(error.line()),
            Self::About { error, .. } => error.line(),
            Self::Metadata {
                manifest: Some((_, line)),
                ..
            } => *line,
            _ => None,
        }
    }

    /// The ways out.
    #[must_use]
    pub(crate) fn help(&self) -> Vec<&str> {
        match self {
            Self::Usage { help, .. }
            | Self::Missing { help, .. }
            | Self::Build { help, .. }
            | Self::Merged { help, .. } => help.iter().map(String::as_str).collect(),
            Self::Told(error) | Self::About { error, .. } => error.help(),
            Self::Tool { help, .. } => vec![help],
            Self::ReportPlace { help, .. } | Self::MissingInclude { help, .. } => vec![help],
            Self::Manifest(_)
            | Self::Include { .. }
            | Self::Metadata { .. }
            | Self::CargoConfig(_)
            | Self::MissingFile { .. }
            | Self::Io { .. }
            | Self::Rejected { .. }
            | Self::NotUnpacked { .. }
            | Self::Invocation { .. }
            | Self::Grown { .. }
            | Self::Denied
            | Self::Interrupted { .. }
            | Self::Outdated
            | Self::BrokenPipe => Vec::new(),
        }
    }
}

impl From<ManifestError> for Error {
    fn from(error: ManifestError) -> Self {
        Self::Manifest(Box::new(error))
    }
}

/// An invalid value in a manifest, with its position.
#[derive(Debug)]
pub(crate) struct ManifestError {
    pub(crate) path: Utf8PathBuf,
    /// The contents of the manifest.
    pub(crate) text: String,
    /// The range of bytes in `text`.
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    /// The text beside the caret.
    pub(crate) label: String,
}

impl std::error::Error for ManifestError {}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl ManifestError {
    /// The line of the first character, from 1.
    fn line(&self) -> usize {
        let before = self.text.get(..self.span.start).unwrap_or(&self.text);
        before.matches('\n').count() + 1
    }

    /// The error in the style of rustc: the line of the manifest, and carets below.
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
