//! What goes into each zip beside the executable.

use crate::build::Driver;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::include::{self, IncludedFile};
use crate::kind::Kind;
use crate::plan::Choice;
use crate::unpacked::Depth;
use crate::workspace::Candidate;

/// Completes the choice of a binary: its files are found, its layers measured.
pub(super) fn choice(
    candidate: Candidate<'_>,
    settings: Settings,
    driver: Driver,
) -> Result<Choice<'_>> {
    // What is not expected may be built all the same: Cargo has the last word on features.
    let (files, layers) = if settings.kind == Kind::Skip {
        (Vec::new(), Vec::new())
    } else {
        let files = include::collect(&settings.include, &settings.exclude, settings.symlinks)?;
        check_against(&settings.kind.entry_name(&candidate.target.name), &files)?;
        let layers = settings
            .layers
            .iter()
            .map(|layer| layer.facts(Depth::Names));
        (files, layers.collect::<Result<_>>()?)
    };
    Ok(Choice {
        candidate,
        settings,
        driver,
        files,
        layers,
    })
}

/// Refuses a file that would take the place of the executable.
pub(crate) fn check_against(executable: &str, files: &[IncludedFile]) -> Result<()> {
    let below = format!("{executable}/");
    let clash = files
        .iter()
        .find(|file| file.name == executable || file.name.starts_with(&below));
    clash.map_or(Ok(()), |file| {
        Err(Error::usage(
            format!(
                "`{}` would be `{}` in the package, where `{executable}` is the program that was \
                 built",
                file.path, file.name
            ),
            "rename it with FROM=TO, or leave it out with `exclude`",
        ))
    })
}
