//! The kinds of templates.

use clap::ValueEnum;

use crate::text::named;

/// The client that a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateKind {
    /// A template of the Serverless Application Model (SAM), with zips.
    Sam,
    /// A template of SAM for `sam build`, with a Makefile.
    #[value(skip)]
    SamFromSource,
    /// The Makefile for it.
    #[value(skip)]
    Makefile,
    /// A template for `aws cloudformation package`.
    Cloudformation,
    /// A shell script that calls the AWS CLI.
    AwsCli,
    /// A Terraform configuration.
    Terraform,
    /// A stack of the Cloud Development Kit (CDK) in TypeScript.
    Cdk,
    /// A service of the Serverless Framework.
    Serverless,
}

impl TemplateKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sam | Self::SamFromSource | Self::Makefile => "sam",
            Self::Cloudformation => "cloudformation",
            Self::AwsCli => "aws-cli",
            Self::Terraform => "terraform",
            Self::Cdk => "cdk",
            Self::Serverless => "serverless",
        }
    }
}
named!(TemplateKind, "kind of template");
