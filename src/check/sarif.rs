//! Findings as SARIF, which code scanning reads.
//!
//! Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS.

use std::io::{self, Write};

use clap::ValueEnum;
use serde_json::{Value, json};
use url::Url;

use crate::lint::{Finding, Level, Lint};
use crate::report::{ArchiveReport, shown_path};

/// One run with all lints as its rules.
pub(super) fn write(archives: &[ArchiveReport], mut out: impl Write) -> io::Result<()> {
    let rules: Vec<Value> = Lint::value_variants().iter().copied().map(rule).collect();
    let results: Vec<Value> = archives
        .iter()
        .flat_map(|archive| {
            let result = |finding| result(archive, finding);
            archive.findings.iter().map(result)
        })
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut out, &document)?;
    writeln!(out)
}

fn rule(lint: Lint) -> Value {
    json!({
        "id": lint.name(),
        "shortDescription": { "text": lint.meaning() },
        "help": { "text": lint.explanation() },
        "defaultConfiguration": { "level": level(lint.default_level()) },
    })
}

fn result(archive: &ArchiveReport, finding: &Finding) -> Value {
    let text = format!(
        "{}: {}\nhelp: {}",
        archive.subject(),
        finding.message,
        finding.help
    );
    json!({
        "ruleId": finding.lint.name(),
        "level": level(finding.level),
        "message": { "text": text },
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": uri(archive) } },
        }],
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
fn uri(archive: &ArchiveReport) -> String {
    let path = shown_path(&archive.path);
    if path.is_absolute() {
        return Url::from_file_path(path).map_or_else(|()| path.to_string(), Into::into);
    }
    let rooted = Url::from_file_path(camino::Utf8Path::new("/").join(path));
    rooted.map_or_else(
        |()| path.to_string(),
        |url| url.path().trim_start_matches('/').to_owned(),
    )
}
