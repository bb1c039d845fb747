//! A service of the Serverless Framework, version 3 or later, or of osls.

use super::deployment::{Deployment, Resource};
use super::quote::serverless;

pub(super) fn text(deployment: &Deployment) -> String {
    let mut text = "\
service: functions

provider:
  name: aws

package:
  individually: true
"
    .to_owned();
    if !deployment.layers.is_empty() {
        text.push_str("\nlayers:\n");
        text.extend(deployment.layers.iter().map(layer));
    }
    if !deployment.functions.is_empty() {
        text.push_str("\nfunctions:\n");
        text.extend(deployment.functions.iter().map(function));
    }
    text
}

fn function(resource: &Resource) -> String {
    let Resource {
        name,
        path,
        runtime,
        ..
    } = resource;
    let key = serverless(name);
    let architecture = resource
        .architecture
        .map_or_else(String::new, |a| format!("    architecture: {a}\n"));
    format!(
        "  {key}:
    name: {key}
    handler: bootstrap
    runtime: {runtime}
{architecture}    package:
      artifact: {}
",
        serverless(path),
    )
}

fn layer(resource: &Resource) -> String {
    let Resource {
        id,
        name,
        path,
        runtime,
        ..
    } = resource;
    let architectures = resource.architecture.map_or_else(String::new, |a| {
        format!("    compatibleArchitectures: [{a}]\n")
    });
    format!(
        "  {id}:
    name: {}
    compatibleRuntimes: [{runtime}]
{architectures}    package:
      artifact: {}
",
        serverless(name),
        serverless(path),
    )
}
