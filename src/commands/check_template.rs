//! `cargo lambda-zip check --template`: the zips of a template, against what it says of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::check_input::Input;
use super::check_zip;
use crate::bytes;
use crate::cloudformation::{
    self, Function, Layer, LayerUse, ParameterOverride, Stated, Template, Unchecked,
};
use crate::config::LayerSource;
use crate::error::{Error, Result};
use crate::lambda::{Architecture, MountPoint, Runtime};
use crate::lint::{self, Finding, LayerFacts, Lint, TemplateCheck, ZipCheck, ZipFacts, runtime_of};
use crate::meter::Meter;
use crate::package;
use crate::paths::relative_to_current;
use crate::report::{
    ArchiveReport, Failure, LayerReport, RunFinding, TemplateReport, UncheckedReport,
};
use crate::text::quoted_name;

/// The results of a template.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) archives: Vec<ArchiveReport>,
    /// The findings about parts whose zips were not checked.
    pub(super) findings: Vec<RunFinding>,
    pub(super) failures: Vec<Failure>,
    pub(super) unchecked: Vec<UncheckedReport>,
    /// The names of its parameters.
    pub(super) parameters: Vec<String>,
}

/// Checks the template at the absolute `path`, whose parameters have the values of `overrides`. Of
/// `check`, the levels of the lints and the budgets count; the rest is as the template says. The
/// `meter` counts the bytes of the zips.
///
/// # Errors
/// If the template cannot be read. A zip that cannot be read is among the failures.
pub(super) fn run(
    path: &Utf8Path,
    overrides: &[ParameterOverride],
    check: &ZipCheck<'_>,
    wants_digest: bool,
    meter: &Arc<Meter>,
) -> Result<Checked> {
    let template = cloudformation::read(path, overrides)?;
    let layers = template.layers.iter().map(|layer| &layer.zip);
    let zips = layers.chain(template.functions.iter().map(|function| &function.zip));
    let sizes = zips.filter_map(|zip| Some(fs::metadata(zip).ok()?.len()));
    meter.expect(bytes::sum(sizes));
    let mut run = Run {
        template: &template,
        check,
        against: TemplateCheck {
            path,
            policy: check.policy,
        },
        wants_digest,
        meter,
        layers: BTreeMap::new(),
        checked: Checked {
            parameters: template.parameters.clone(),
            ..Checked::default()
        },
    };
    for layer in &template.layers {
        run.layer(layer);
    }
    for function in &template.functions {
        run.function(function);
    }
    run.refusals();
    let mut checked = run.checked;
    let of_template = template.unchecked.iter().cloned();
    let reports = of_template.map(|unchecked| UncheckedReport::new(path, unchecked));
    checked.unchecked.extend(reports);
    checked.unchecked.sort_by_key(|unchecked| unchecked.line);
    let is_empty = template.functions.is_empty() && template.layers.is_empty();
    if is_empty && checked.unchecked.is_empty() && checked.findings.is_empty() {
        let unchecked = Unchecked {
            resource: None,
            line: 1,
            reason: "it has no function and no layer".to_owned(),
        };
        checked
            .unchecked
            .push(UncheckedReport::new(path, unchecked));
    }
    Ok(checked)
}

struct Run<'a> {
    template: &'a Template,
    check: &'a ZipCheck<'a>,
    against: TemplateCheck<'a>,
    wants_digest: bool,
    meter: &'a Arc<Meter>,
    /// The layers that were read, by the paths of their zips; `None` if one cannot be read.
    layers: BTreeMap<Utf8PathBuf, Option<Arc<LayerFacts>>>,
    checked: Checked,
}

/// A layer that a function takes.
#[derive(Default)]
struct UsedLayer {
    /// `None` if nothing in it is for one architecture, or if it is not known.
    architecture: Option<Architecture>,
    report: LayerReport,
}

impl UsedLayer {
    fn facts(&self) -> Option<ZipFacts<'_>> {
        Some(ZipFacts {
            path: self.report.path.as_deref()?,
            architecture: self.architecture,
            has_program: false,
        })
    }
}

impl Run<'_> {
    fn layer(&mut self, layer: &Layer) {
        let check = ZipCheck {
            mount_point: MountPoint::Opt,
            layers: &[],
            architecture: None,
            runtime: Runtime::default(),
            ..*self.check
        };
        let Some(mut report) = self.report(&check, &layer.zip, &layer.id, layer.code_line) else {
            return;
        };
        let facts = ZipFacts {
            path: &layer.zip,
            architecture: report.architecture,
            has_program: false,
        };
        let mut findings = self.against.layer(layer, &facts);
        findings.append(&mut report.findings);
        report.set_findings(findings);
        report.template = Some(self.place(&layer.id, layer.line));
        self.checked.archives.push(report);
    }

    fn function(&mut self, function: &Function) {
        let runtime = runtime_of(function);
        // The checks are about programs of OS-only runtimes.
        let other = match &function.runtime {
            Stated::Given(name, line) if runtime.is_none() => Some((name, *line)),
            _ => None,
        };
        if let Some((name, line)) = other.filter(|_| !function.zip.exists()) {
            self.leave_runtime(function, name, line);
            return;
        }
        let layers: Vec<(Arc<LayerFacts>, UsedLayer)> = function
            .layers
            .iter()
            .map(|layer| self.layer_facts(layer))
            .collect();
        let (facts, uses): (Vec<_>, Vec<_>) = layers.into_iter().unzip();
        let check = ZipCheck {
            mount_point: MountPoint::Task,
            layers: &facts,
            architecture: None,
            runtime: runtime.unwrap_or_default(),
            ..*self.check
        };
        let line = function.code_line;
        let Some(mut report) = self.report(&check, &function.zip, &function.id, line) else {
            return;
        };
        let zip = ZipFacts {
            path: &function.zip,
            architecture: report.architecture,
            has_program: report.binary.is_some(),
        };
        // Of an extension in a layer, the check of the zip has told it.
        let is_told = |found: &Finding| found.lint == Lint::WrongArchitecture;
        let layers = uses.iter().filter_map(UsedLayer::facts);
        let layers = layers.filter(|_| !report.findings.iter().any(is_told));
        let layers: Vec<ZipFacts<'_>> = layers.collect();
        let mut findings = self.against.function(function, &zip, &layers);
        if let Some((name, line)) = other {
            if findings.is_empty() {
                self.leave_runtime(function, name, line);
                return;
            }
        } else {
            findings.append(&mut report.findings);
        }
        report.set_findings(findings);
        report.layers = uses.into_iter().map(|used| used.report).collect();
        report.template = Some(self.place(&function.id, function.line));
        self.checked.archives.push(report);
    }

    /// Adds what is refused to the zip of the resource, or else to the run.
    fn refusals(&mut self) {
        for refusal in &self.template.refusals {
            let mut findings = self.against.refusal(refusal);
            let is_of = |archive: &&mut ArchiveReport| {
                let template = archive.template.as_ref();
                template.is_some_and(|template| template.resource == refusal.resource)
            };
            if let Some(archive) = self.checked.archives.iter_mut().find(is_of) {
                findings.append(&mut archive.findings);
                archive.set_findings(findings);
                continue;
            }
            let findings = findings.into_iter().map(|finding| RunFinding {
                finding,
                paths: vec![self.template.path.clone()],
            });
            self.checked.findings.extend(findings);
        }
    }

    /// Checks a zip, or notes why not.
    fn report(
        &mut self,
        check: &ZipCheck<'_>,
        zip: &Utf8Path,
        id: &str,
        line: usize,
    ) -> Option<ArchiveReport> {
        let input = Input::new(zip, zip);
        let report =
            input.and_then(|input| check_zip::report(check, &input, self.wants_digest, self.meter));
        report.map_err(|error| self.fail(error, zip, id, line)).ok()
    }

    fn fail(&mut self, error: Error, zip: &Utf8Path, id: &str, line: usize) {
        let failure = match error {
            Error::MissingFile { .. } => Error::Missing {
                message: format!(
                    "the zip {} of {} in {}:{line} does not exist",
                    quoted_name(relative_to_current(zip).as_str()),
                    quoted_name(id),
                    relative_to_current(&self.template.path),
                ),
                help: vec!["make the zip first, or correct its path in the template".to_owned()],
            },
            other => other,
        };
        let failure = Failure::of_file(&self.template.path, failure).at_line(line);
        self.checked.failures.push(failure);
    }

    /// A layer of a function. One that is not known may contain any missing file.
    fn layer_facts(&mut self, layer: &LayerUse) -> (Arc<LayerFacts>, UsedLayer) {
        let LayerUse::Zip(path) = layer else {
            return Default::default();
        };
        if !self.layers.contains_key(path) {
            let read = lint::read_layer(path, self.check.large_entry_lock);
            // The layer of the template has told an error.
            let facts = read.ok().map(Arc::new);
            self.layers.insert(path.clone(), facts);
        }
        let facts = self.layers.get(path).cloned().flatten();
        let architecture = facts.as_ref().and_then(|facts| facts.architecture());
        let facts = facts.unwrap_or_default();
        let report = package::layer_report(&LayerSource::Zip(path.clone()), &facts);
        let used = UsedLayer {
            architecture,
            report,
        };
        (facts, used)
    }

    fn leave_runtime(&mut self, function: &Function, name: &str, line: usize) {
        let name = quoted_name(name);
        let reason = format!("its runtime {name} is none of those that this tool checks");
        self.leave(&function.id, line, reason);
    }

    fn leave(&mut self, id: &str, line: usize, reason: String) {
        let unchecked = Unchecked {
            resource: Some(id.to_owned()),
            line,
            reason,
        };
        let unchecked = UncheckedReport::new(&self.template.path, unchecked);
        self.checked.unchecked.push(unchecked);
    }

    fn place(&self, id: &str, line: usize) -> TemplateReport {
        TemplateReport {
            path: self.template.path.clone(),
            line,
            resource: id.to_owned(),
        }
    }
}
