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

pub(super) fn function(deployment: &Deployment, function: &Resource, body: &Body<'_>) -> String {
    let own = format!("Handler: bootstrap\n      Runtime: {}", function.runtime);
    let lines = resource("FunctionName", "Architectures", function, body, &own);
    lines + &layers(deployment, function)
}

pub(super) fn layer(layer: &Resource, body: &Body<'_>) -> String {
    let own = format!("CompatibleRuntimes: [{}]", layer.runtime);
    resource("LayerName", "CompatibleArchitectures", layer, body, &own)
}

/// The lines of a function or a layer, with the keys of its name and its architectures, and the lines
/// of its `own` properties.
fn resource(name: &str, architectures: &str, of: &Resource, body: &Body<'_>, own: &str) -> String {
    let architectures = of.architecture.map_or_else(String::new, |architecture| {
        format!("      {architectures}: [{architecture}]\n")
    });
    format!(
        "  {id}:
    Type: {type}
{metadata}    Properties:
      {name}: {deploy_name}
      {code}: {path}
      {own}
{architectures}{more}",
        id = of.id,
        r#type = body.r#type,
        metadata = body.metadata,
        deploy_name = yaml(&of.name),
        code = body.code.0,
        path = yaml(body.code.1),
        more = body.more,
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
