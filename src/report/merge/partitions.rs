//! Reports of the partitions of one run.

use camino::Utf8Path;

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

/// Refuses reports of different versions of the tool, and partitions of different runs.
///
/// # Errors
/// [`Error::Usage`] with two of the reports.
pub(super) fn refuse_other_runs(documents: &[Document]) -> Result<()> {
    let tool = |document| text(document, "tool_version");
    if let Some([(first, one), (second, other)]) = differing(documents, tool) {
        return Err(Error::usage(
            format!(
                "`{first}` is of version {one} of the tool and `{second}` is of version {other}"
            ),
            "make all reports with the same version of the tool",
        ));
    }
    let help = "run all partitions with the same options, and merge their reports";
    let partitions = documents.iter();
    let partitions = partitions.filter(|document| document.partition.is_some());
    let profile = |document| {
        let mut archives = Document::list(document, "archives").iter();
        archives.find_map(|archive| archive["profile"].as_str())
    };
    if let Some([(first, one), (second, other)]) = differing(partitions.clone(), profile) {
        return Err(Error::usage(
            format!(
                "`{first}` was built with the profile `{one}` and `{second}` with `{other}`: they are \
                 not of one run"
            ),
            help,
        ));
    }
    let selection = |document| text(document, "selection");
    if let Some([(first, _), (second, _)]) = differing(partitions, selection) {
        return Err(Error::usage(
            format!(
                "`{first}` and `{second}` are partitions of different selections: other packages, \
                 architectures or features"
            ),
            help,
        ));
    }
    Ok(())
}

/// The text that is the value of a key of a report.
fn text<'d>(document: &'d Document, key: &str) -> Option<&'d str> {
    document.keys.get(key)?.as_str()
}

/// The first two reports whose values differ, with these; reports without a value are left out.
fn differing<'d>(
    documents: impl IntoIterator<Item = &'d Document>,
    value: impl Fn(&'d Document) -> Option<&'d str>,
) -> Option<[(&'d Utf8Path, &'d str); 2]> {
    let documents = documents.into_iter();
    let mut values = documents.filter_map(|document| Some((&*document.source, value(document)?)));
    let first = values.next()?;
    let other = values.find(|other| other.1 != first.1)?;
    Some([first, other])
}
