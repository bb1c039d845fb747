//! What is wrong in a manifest, shown where it is.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use camino::Utf8PathBuf;

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
