//! The files of a package.

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::include::{self, IncludedFile, Pattern};
use crate::paths::Taken;
use crate::text;

/// The files that go into a zip beside `programs`.
///
/// # Errors
/// The reason why a file cannot be packed.
pub(crate) fn files<'a>(
    settings: &Settings,
    programs: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<IncludedFile>> {
    let files = include::collect(&settings.include, &settings.exclude, settings.symlinks)?;
    let mut taken = Taken::default();
    for file in &files {
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
                    "`{}` would be `{name}` in the package, where `{program}` is the program",
                    text::printable(file.path.as_str())
                ),
                "rename it with FROM=TO, or leave it out with `exclude`",
            ));
        }
    }
    Ok(files)
}

/// Refuses an exclude that leaves nothing out of any package: a typo would ship the file.
///
/// # Errors
/// [`Error::Usage`] for the first such exclude.
pub(crate) fn check_exclusions<'a>(packages: impl Iterator<Item = &'a Settings>) -> Result<()> {
    let mut unused: Option<Vec<Pattern>> = None;
    for settings in packages {
        let here =
            include::unused_excludes(&settings.include, &settings.exclude, settings.symlinks)?;
        unused = Some(match unused {
            Some(unused) => unused.into_iter().filter(|p| here.contains(p)).collect(),
            None => here,
        });
    }
    let unused = unused.unwrap_or_default();
    unused
        .first()
        .map_or(Ok(()), |pattern| Err(include::unused_exclude(pattern)))
}
