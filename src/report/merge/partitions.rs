//! Reports of the partitions of one run.

use super::document::Document;
use crate::error::{Error, Result};

/// The error that partitions are missing; `None` if all are there, or if there are none.
///
/// # Errors
/// [`Error::Usage`] for a partition that is there twice, and for partitions of different runs.
pub(super) fn missing(documents: &[Document]) -> Result<Option<Error>> {
    let partitions = documents
        .iter()
        .filter_map(|document| Some((document, document.partition?)));
    let partitions: Vec<_> = partitions.collect();
    let Some((first, (_, partition))) = partitions.first().map(|first| (first.0, first)) else {
        return Ok(None);
    };
    for (position, (document, other)) in partitions.iter().enumerate() {
        if other.of() != partition.of() {
            return Err(Error::usage(
                format!(
                    "`{}` is partition {partition} and `{}` is partition {other}: they are not \
                     of one run",
                    first.source, document.source
                ),
                "merge the reports of all partitions of one run",
            ));
        }
        let mut before = partitions[..position].iter();
        if let Some((same, _)) = before.find(|(_, before)| before == other) {
            return Err(Error::usage(
                format!(
                    "`{}` and `{}` are both partition {other}",
                    same.source, document.source
                ),
                "name one report of each partition",
            ));
        }
    }
    let missing = partition
        .all()
        .filter(|one| !partitions.iter().any(|(_, there)| there == one));
    let missing: Vec<String> = missing.map(|one| format!("`{one}`")).collect();
    let Some(example) = missing.first() else {
        return Ok(None);
    };
    let example = example.trim_matches('`');
    let (are, s) = if missing.len() == 1 {
        ("is", "")
    } else {
        ("are", "s")
    };
    Ok(Some(Error::Missing {
        message: format!(
            "{} of {} partitions {are} missing: no report is of partition{s} {}",
            missing.len(),
            partition.of(),
            missing.join(", ")
        ),
        help: vec![format!(
            "name the report of every partition; `cargo lambda-zip --partition {example} --report \
             FILE` writes one"
        )],
    }))
}

/// Refuses partitions whose programs were built with different profiles.
///
/// # Errors
/// [`Error::Usage`] with two of the reports.
pub(super) fn refuse_other_profiles(documents: &[Document]) -> Result<()> {
    let partitions = documents
        .iter()
        .filter(|document| document.partition.is_some());
    let profiles = partitions.filter_map(|document| {
        let mut archives = document.list("archives").iter();
        let profile = archives.find_map(|archive| archive["profile"].as_str())?;
        Some((document, profile))
    });
    let profiles: Vec<(&Document, &str)> = profiles.collect();
    let differ = profiles.windows(2).find(|pair| pair[0].1 != pair[1].1);
    let Some([(first, profile), (second, other)]) = differ else {
        return Ok(());
    };
    Err(Error::usage(
        format!(
            "`{}` was built with the profile `{profile}` and `{}` with `{other}`: they are not of \
             one run",
            first.source, second.source
        ),
        "run all partitions with the same options, and merge their reports",
    ))
}
