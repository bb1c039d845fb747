//! The resources of a CloudFormation or SAM template, in YAML.

use super::deployment::{Deployment, LayerUse, Resource};
use super::quote::yaml;

/// The lines of one resource after its logical ID.
pub(super) struct Body<'a> {
    /// The type, such as `AWS::Lambda::Function`.
    pub(super) r#type: &'a str,
    /// The lines between the type and the properties.
    pub(super) metadata: &'a str,
    /// The property that names the code, and its value.
    pub(super) code: (&'a str, &'a str),
    /// The last lines of the properties.
    pub(super) more: &'a str,
}

pub(super) fn function(deployment: &Deployment, resource: &Resource, body: &Body<'_>) -> String {
    let Resource { id, name, .. } = resource;
    let Body {
        r#type,
        metadata,
        code: (key, path),
        more,
    } = body;
    format!(
        "  {id}:
    Type: {type}
{metadata}    Properties:
      FunctionName: {name}
      {key}: {path}
      Handler: bootstrap
      Runtime: {runtime}
{architectures}{more}{layers}",
        name = yaml(name),
        path = yaml(path),
        runtime = resource.runtime,
        architectures = architectures("Architectures", resource),
        layers = layers(deployment, resource),
    )
}

fn layers(deployment: &Deployment, function: &Resource) -> String {
    let lines = function.layers.iter().map(|layer| match layer {
        LayerUse::Made(position) => format!("        - !Ref {}\n", deployment.layers[*position].id),
        LayerUse::Arn(arn) => format!("        - {}\n", yaml(arn)),
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        lines
    } else {
        format!("      Layers:\n{lines}")
    }
}

pub(super) fn layer(resource: &Resource, body: &Body<'_>) -> String {
    let Resource { id, name, .. } = resource;
    let Body {
        r#type,
        metadata,
        code: (key, path),
        more,
    } = body;
    format!(
        "  {id}:
    Type: {type}
{metadata}    Properties:
      LayerName: {name}
      {key}: {path}
      CompatibleRuntimes: [{runtime}]
{architectures}{more}",
        name = yaml(name),
        path = yaml(path),
        runtime = resource.runtime,
        architectures = architectures("CompatibleArchitectures", resource),
    )
}

fn architectures(key: &str, resource: &Resource) -> String {
    let line = |architecture| format!("      {key}: [{architecture}]\n");
    resource.architecture.map_or_else(String::new, line)
}
