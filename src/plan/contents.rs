//! The files of a package.

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::include::{self, IncludedFiles};
use crate::paths::Taken;
use crate::text;

/// The files that go into a zip beside `programs`.
///
/// # Errors
/// The reason why a file cannot be packed.
pub(crate) fn files<'a>(
    settings: &Settings,
    programs: impl IntoIterator<Item = &'a str>,
) -> Result<IncludedFiles> {
    let included = include::collect(&settings.include, &settings.exclude, settings.symlinks)?;
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
