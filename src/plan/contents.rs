//! The files of a package.

use camino::Utf8Path;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::include::{self, IncludedFiles};
use crate::paths::Taken;
use crate::text;

/// The files that go into a zip beside `programs`. Paths that `may_come` need not exist yet.
///
/// # Errors
/// The reason why a file cannot be packed.
pub(crate) fn files<'a>(
    settings: &Settings,
    programs: impl IntoIterator<Item = &'a str>,
    may_come: &dyn Fn(&Utf8Path) -> bool,
) -> Result<IncludedFiles> {
    let Settings {
        include, exclude, ..
    } = settings;
    let included = include::collect(include, exclude, settings.symlinks, may_come)?;
    let mut taken = Taken::default();
    for file in &included.files {
        taken.take(file.name.clone(), file);
    }
    for program in programs {
        if let Some(what) = include::portability_problem(program) {
            let message = format!("`{}` has {what}", text::printable(program));
            return Err(Error::usage(message, "give it another name"));
        }
        // A file that would take the place of the executable.
        if let Some((name, file)) = taken.in_the_way(program) {
            return Err(Error::usage(
                format!(
                    "`{}` would be `{name}` in the package, in the way of the program `{program}`",
                    text::printable(file.path.as_str())
                ),
                "rename it with FROM=TO, or leave it out with `exclude`",
            ));
        }
    }
    Ok(included)
}
