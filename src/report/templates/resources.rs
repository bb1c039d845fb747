//! The resources of a CloudFormation or SAM template, in YAML.

use super::deployment::Resource;
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

pub(super) fn function(resource: &Resource, body: &Body<'_>) -> String {
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
{architectures}{more}",
        name = yaml(name),
        path = yaml(path),
        runtime = resource.runtime,
        architectures = architectures("Architectures", resource),
    )
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
