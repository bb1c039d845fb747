//! The permission to start a file.

use crate::inspect::Executable;
use crate::lint::{Diagnostic, File, Lint, List};
use crate::text::quoted_name;

/// Checks that Lambda's user may start the file, called `name`.
pub(crate) fn not_executable(name: &str, file: &File) -> Option<Diagnostic> {
    const EXECUTE: u32 = 0o1;
    const READ: u32 = 0o4;
    let name = quoted_name(name);
    let Some(mode) = file.permissions else {
        return Some(Diagnostic {
            lint: Lint::NoUnixMode,
            message: format!(
                "{name} has no Unix permissions in the zip (its entry is marked as made on another \
                 system): Lambda would fail with `permission denied`"
            ),
            help: "pack it with a tool that stores Unix permissions: `cargo lambda-zip pack`, Info-ZIP's \
                   `zip` on Linux or macOS, or Python's zipfile with `create_system = 3`"
                .to_owned(),
            names: List::default(),
        });
    };
    let is_script = file
        .contents
        .as_ref()
        .is_some_and(|contents| matches!(contents.executable, Ok(Executable::Script(_))));
    let what = if !file.allows_others(EXECUTE) {
        "may not execute it"
    } else if is_script && !file.allows_others(READ) {
        "may not read the script"
    } else {
        return None;
    };
    Some(Diagnostic {
        lint: Lint::NotExecutable,
        message: format!(
            "{name} has mode {mode:04o}: Lambda's user {what}, and it would fail with `permission \
             denied`"
        ),
        help: "set its mode to 0755 before zipping (`chmod 755`)".to_owned(),
        names: List::default(),
    })
}
