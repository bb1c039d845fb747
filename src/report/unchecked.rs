//! The parts of templates that are not checked.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::cloudformation::Unchecked;
use crate::paths::relative_to_current;
use crate::shell::Shell;
use crate::text::printable;

/// A part of a template that is not checked.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct UncheckedReport {
    /// The path of the template.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) template: Utf8PathBuf,
    /// From 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(crate) line: usize,
    /// The logical ID; `None` for the template as a whole.
    resource: Option<String>,
    /// The reason, as a clause.
    reason: String,
}

impl UncheckedReport {
    /// The report for a template at the absolute path `template`.
    pub(crate) fn new(template: &Utf8Path, unchecked: Unchecked) -> Self {
        Self {
            template: template.to_owned(),
            line: unchecked.line,
            resource: unchecked.resource,
            reason: unchecked.reason,
        }
    }

    pub(super) fn show(&self, shell: &Shell) {
        let path = printable(relative_to_current(&self.template).as_str());
        let resource = self.resource.as_deref();
        let resource = resource.map_or_else(String::new, |id| format!("{} in ", printable(id)));
        let place = format!("{resource}{path}:{}", self.line);
        shell.status("Not checked", format_args!("{place}: {}", self.reason));
    }
}
