//! Types of settings: what is particular about reading and merging each.

use camino::{Utf8Path, Utf8PathBuf};
use clap::builder::ValueParser;
use clap::value_parser;

use super::deploy_name::DeployName;
use super::layer_source::LayerSource;
use super::output_template::{FolderTemplate, OutputTemplate};
use super::report_path::ReportPath;
use super::value::{Part, Resolve, Rule, Switch, Word};
use crate::archive::Compression;
use crate::bytes::Size;
use crate::cargo::builders::Builder;
use crate::include::{Include, Pattern, Symlinks};
use crate::lambda::{Architecture, Cpus, Kind, Runtime, Target};
use crate::lint::{Policy, Setting};

/// Types without paths that replace each other.
macro_rules! plain {
    ($($type:ty),* $(,)?) => {
        $(
            impl $crate::config::value::Part for $type {}
            impl $crate::config::value::Word for $type {
                fn parser() -> clap::builder::ValueParser {
                    clap::value_parser!($type).into()
                }
            }
        )*
    };
}
pub(crate) use plain;

plain!(
    Architecture,
    Builder,
    Compression,
    Kind,
    Runtime,
    Size,
    String,
    Symlinks,
    Target,
    Utf8PathBuf,
);

impl Part for Switch {}

impl Word for Switch {
    const IS_SWITCH: bool = true;

    fn parser() -> ValueParser {
        value_parser!(Switch).into()
    }
}

impl Part for Cpus {
    const RULE: Rule = Rule::Merge;

    fn or(self, lower: Self) -> Self {
        Self::or(self, lower)
    }
}

impl Word for Cpus {
    fn parser() -> ValueParser {
        value_parser!(Cpus).into()
    }
}

impl Part for Include {
    fn below(self, folder: &Utf8Path) -> Self {
        Self::below(self, folder)
    }

    fn of_precedence(self, precedence: usize) -> Self {
        Self::of_precedence(self, precedence)
    }
}

impl Word for Include {
    fn parser() -> ValueParser {
        ValueParser::new(Include::from_argument)
    }
}

impl Part for Pattern {
    fn below(self, folder: &Utf8Path) -> Self {
        Self::below(self, folder)
    }

    fn of_precedence(self, precedence: usize) -> Self {
        Self::of_precedence(self, precedence)
    }
}

impl Word for Pattern {
    fn parser() -> ValueParser {
        ValueParser::new(Pattern::from_argument)
    }
}

impl Part for LayerSource {
    fn below(self, folder: &Utf8Path) -> Self {
        Self::below(self, folder)
    }
}

impl Word for LayerSource {
    fn parser() -> ValueParser {
        value_parser!(LayerSource).into()
    }
}

impl Part for OutputTemplate {
    fn below(self, folder: &Utf8Path) -> Self {
        Self::below(self, folder)
    }
}

impl Word for OutputTemplate {
    fn parser() -> ValueParser {
        value_parser!(OutputTemplate).into()
    }
}

impl Part for FolderTemplate {
    fn below(self, folder: &Utf8Path) -> Self {
        Self::below(self, folder)
    }
}

impl Word for FolderTemplate {
    fn parser() -> ValueParser {
        value_parser!(FolderTemplate).into()
    }
}

impl Part for ReportPath {
    fn below(self, folder: &Utf8Path) -> Self {
        Self::below(self, folder)
    }
}

impl Word for ReportPath {
    fn parser() -> ValueParser {
        value_parser!(ReportPath).into()
    }
}

impl Part for DeployName {}

impl Part for Setting {}

impl Resolve<Policy> for Vec<Setting> {
    fn resolve(self) -> Policy {
        self.into_iter().collect()
    }
}
