//! Findings as SARIF, which code scanning reads.
//!
//! Sources: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS; "SARIF
//! support for code scanning" in GitHub's documentation, which asks for more than that.

use std::collections::BTreeMap;
use std::io::{self, Write};

use camino::Utf8Path;
use clap::ValueEnum;
use serde_json::{Value, json};
use url::Url;

use super::failure::Failure;
use super::json::write_json;
use super::package::{ArchiveReport, Spot};
use super::run_finding::RunFinding;
use crate::lint::{Finding, Level, Lint};
use crate::paths::relative_to_current;

/// One run with all lints as its rules.
pub(super) fn write(
    archives: &[ArchiveReport],
    run_findings: &[RunFinding],
    failures: &[Failure],
    out: impl Write,
) -> io::Result<()> {
    let rules: Vec<Value> = Lint::value_variants().iter().copied().map(rule).collect();
    let of_run = run_findings.iter().zip(1..);
    let of_run = of_run.map(|(RunFinding { finding, paths }, number)| {
        let paths: Vec<&Utf8Path> = paths.iter().map(AsRef::as_ref).collect();
        let line = finding.place.as_ref().map_or(1, |place| place.line);
        result("", &paths, line, "", finding, number)
    });
    let results: Vec<Value> = archives.iter().flat_map(results).chain(of_run).collect();
    let failures: Vec<Value> = failures.iter().map(notification).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": failures.is_empty(),
                "toolExecutionNotifications": failures,
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    write_json(&document, out)
}

fn rule(lint: Lint) -> Value {
    let explanation = lint.explanation();
    let (what_lambda_does, _) = explanation.split_once("\n\n").unwrap_or((explanation, ""));
    json!({
        "id": lint.name(),
        "shortDescription": { "text": lint.meaning() },
        "fullDescription": { "text": what_lambda_does },
        "help": { "text": explanation, "markdown": explanation },
        "defaultConfiguration": { "level": level(lint.default_level()) },
    })
}

fn results(archive: &ArchiveReport) -> Vec<Value> {
    // A zip may have several findings of one lint: their order tells them apart.
    let mut seen = BTreeMap::new();
    let number = |finding: &Finding| {
        let number = seen.entry(finding.lint).or_insert(0_u32);
        *number += 1;
        *number
    };
    let numbers: Vec<u32> = archive.findings.iter().map(number).collect();
    let findings = archive.findings.iter().zip(numbers);
    let resource = archive.template.as_ref();
    let resource = resource.map_or("", |template| &template.resource);
    let result = |(finding, number)| {
        let Spot {
            subject,
            path,
            line,
        } = archive.spot(finding);
        let line = line.unwrap_or(1);
        result(&subject, &[path], line, resource, finding, number)
    };
    findings.map(result).collect()
}

/// The result for a finding about a line of the files at `paths`, of a `resource` if they are a
/// template; `subject` is what its message begins with.
fn result(
    subject: &str,
    paths: &[&Utf8Path],
    line: usize,
    resource: &str,
    finding: &Finding,
    number: u32,
) -> Value {
    let text = format!("{subject}{}\nhelp: {}", finding.message, finding.help);
    let uris: Vec<String> = paths.iter().map(|path| uri(path)).collect();
    let locations = uris
        .iter()
        .map(|uri| json!({ "physicalLocation": place(uri, line) }));
    let mut hash = blake3::Hasher::new();
    hash.update(uris.first().map_or("", String::as_str).as_bytes());
    hash.update(b"\0");
    hash.update(finding.lint.name().as_bytes());
    if !resource.is_empty() {
        hash.update(b"\0");
        hash.update(resource.as_bytes());
    }
    let hash = hash.finalize().to_hex();
    let mut result = json!({
        "ruleId": finding.lint.name(),
        "ruleIndex": Lint::value_variants().iter().position(|lint| *lint == finding.lint),
        "level": level(finding.level),
        "message": { "text": text },
        "locations": locations.collect::<Vec<_>>(),
        // The fingerprint identifies the alert in the next run, since sizes in its message may change.
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:{number}", &hash[..16]),
        },
    });
    if finding.names.names().next().is_some() {
        result["properties"] = json!({ "names": finding.names });
    }
    result
}

/// An error of the run.
fn notification(failure: &Failure) -> Value {
    let place = |path| json!({ "physicalLocation": place(&uri(path), failure.line.unwrap_or(1)) });
    json!({
        "level": "error",
        "message": { "text": failure.text() },
        "locations": failure.path.as_deref().map(place).into_iter().collect::<Vec<_>>(),
    })
}

/// A line of a file. A zip has no lines, but GitHub shows nothing without one.
fn place(uri: &str, line: usize) -> Value {
    json!({
        "artifactLocation": { "uri": uri },
        "region": { "startLine": line, "startColumn": 1, "endLine": line, "endColumn": 1 },
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "none",
    }
}

/// Relative to the current folder where the zip is below it, as code scanning wants it.
fn uri(path: &Utf8Path) -> String {
    if path == "-" {
        return "stdin".to_owned();
    }
    let path = relative_to_current(path);
    if path.is_absolute() {
        return Url::from_file_path(path).map_or_else(|()| path.to_string(), Into::into);
    }
    let escaped = Url::parse("file:///").ok().and_then(|mut url| {
        let names = path.components().map(|name| name.as_str().to_owned());
        url.path_segments_mut().ok()?.clear().extend(names);
        // The text before a colon would be read as a scheme.
        Some(url.path().trim_start_matches('/').replace(':', "%3A"))
    });
    escaped.unwrap_or_else(|| path.to_string())
}
