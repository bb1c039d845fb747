//! Who may start a file.

use crate::inspect::Executable;
use crate::lint::{Diagnostic, File, Lint};
use crate::text::quoted_name;

/// Judges whether the user that Lambda starts functions as may start a file, called `name`.
pub(crate) fn not_executable(name: &str, file: &File) -> Option<Diagnostic> {
    const EXECUTE: u32 = 0o1;
    const READ: u32 = 0o4;
    let name = quoted_name(name);
    let Some(mode) = file.permissions else {
        return Some(Diagnostic {
            lint: Lint::NoUnixMode,
            message: format!(
                "{name} was packed by a tool that stores no Unix permissions (its entry is \
                 not of Unix): Lambda ignores what is there, and would fail with `permission denied`"
            ),
            help: "pack it with a tool that does (`cargo lambda-zip pack`, Info-ZIP's `zip` on \
                   Linux or macOS, or Python's zipfile with `create_system = 3`)"
                .to_owned(),
        });
    };
    let is_script = file
        .contents
        .as_ref()
        .is_some_and(|contents| matches!(contents.executable, Ok(Executable::Script(_))));
    let what = if !file.allows_others(EXECUTE) {
        "may not be executed"
    } else if is_script && !file.allows_others(READ) {
        "is a script that may not be read"
    } else {
        return None;
    };
    Some(Diagnostic {
        lint: Lint::NotExecutable,
        message: format!(
            "{name} has mode {mode:04o}: it {what} by the user that Lambda starts functions as, \
             and would fail with `permission denied`"
        ),
        help: "give it mode 0755 (`chmod 755`) before it is zipped".to_owned(),
    })
}
