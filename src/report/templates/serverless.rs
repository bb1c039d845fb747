//! A service of the Serverless Framework, version 3 or later, or of osls.

use super::deployment::{Deployment, LayerUse, Resource};
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
        text.extend(deployment.functions.iter().map(|f| function(deployment, f)));
    }
    text
}

fn function(deployment: &Deployment, resource: &Resource) -> String {
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
    let layers = resource.layers.iter().map(|layer| match layer {
        LayerUse::Made(position) => {
            // The logical ID that Serverless makes of the key.
            format!(
                "      - !Ref {}LambdaLayer\n",
                deployment.layers[*position].id
            )
        }
        LayerUse::Arn(arn) => format!("      - {}\n", serverless(arn)),
    });
    let mut layers: String = layers.collect();
    if !layers.is_empty() {
        layers.insert_str(0, "    layers:\n");
    }
    format!(
        "  {key}:
    name: {key}
    handler: bootstrap
    runtime: {runtime}
{architecture}    package:
      artifact: {}
{layers}",
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
