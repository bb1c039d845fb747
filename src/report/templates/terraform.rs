//! A Terraform configuration that reads the report of a run.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::deployment::Deployment;
use super::quote::hcl;

/// The configuration. It deploys what the report names, and refuses one that lacks a package of now.
pub(super) fn text(deployment: &Deployment) -> String {
    let report = hcl(&deployment.report);
    // Between drives of Windows, there is only the absolute path.
    let folder = if Utf8Path::new(&deployment.report).is_absolute() {
        ""
    } else {
        "${path.module}/"
    };
    let functions = deployment.functions.iter();
    let functions = functions.map(|function| format!("function {}", function.name));
    let layers = deployment.layers.iter().filter(|layer| layer.is_made);
    let layers = layers.map(|layer| format!("layer {}", layer.name));
    // Lambda accepts no name with a character that has a meaning in HCL, or here.
    let printed: BTreeSet<String> = functions.chain(layers).collect();
    let printed = printed.iter().map(|name| format!("    \"{name}\",\n"));
    include_str!("terraform.tf")
        .replace("{printed}", &printed.collect::<String>())
        .replace("{report}", &format!("{folder}{report}"))
}
