//! Templates that deploy packages: pure functions of a planned report.

mod aws_cli;
mod cdk;
mod cloudformation;
mod deployment;
mod kind;
mod makefile;
mod quote;
mod resources;
mod sam;
mod serverless;
mod terraform;
#[cfg(test)]
mod tests;

use camino::Utf8Path;

pub(crate) use deployment::Commands;
pub(crate) use kind::TemplateKind;

use super::package::ArchiveReport;
use crate::error::Result;
use deployment::Deployment;

/// A template, and what it leaves to its reader.
pub(crate) struct Template {
    pub(crate) text: String,
    pub(crate) warnings: Vec<String>,
}

/// The template that deploys `archives`, with paths relative to `folder`.
///
/// # Errors
/// [`Error::Usage`](crate::error::Error::Usage) if Lambda does not accept the name of a package, or
/// if two packages have one name or one logical ID.
pub(crate) fn template(
    kind: TemplateKind,
    archives: &[ArchiveReport],
    folder: &Utf8Path,
    commands: &Commands,
) -> Result<Template> {
    let deployment = Deployment::new(archives, folder, commands)?;
    let text = match kind {
        TemplateKind::Sam => sam::of_zips(&deployment),
        TemplateKind::SamFromSource => sam::of_sources(&deployment),
        TemplateKind::Makefile => makefile::text(&deployment)?,
        TemplateKind::Cloudformation => cloudformation::text(&deployment),
        TemplateKind::AwsCli => aws_cli::text(&deployment),
        TemplateKind::Cdk => cdk::text(&deployment),
        TemplateKind::Terraform => terraform::text(&deployment),
        TemplateKind::Serverless => serverless::text(&deployment),
    };
    Ok(Template {
        text,
        warnings: deployment.warnings,
    })
}
