//! A shell script that calls the AWS CLI.

use super::deployment::{Deployment, LayerUse, Resource};
use super::quote::shell;

const HEAD: &str = include_str!("aws_cli.sh");
/// The function for layers.
const LAYERS: &str = include_str!("aws_cli_layers.sh");

/// The script: functions of the shell, and a call for each layer and function.
pub(super) fn text(deployment: &Deployment) -> String {
    let layers = deployment.layers.iter().enumerate();
    let layers = layers.map(|(position, layer)| {
        let keeps = if deployment.is_used(position) {
            format!("layer_{position}=$layer\n")
        } else {
            String::new()
        };
        format!("{}\n{keeps}", call("put_layer", layer))
    });
    let functions = deployment.functions.iter().map(|function| {
        let layers = function.layers.iter().map(|layer| match layer {
            LayerUse::Made(position) => format!(" \"$layer_{position}\""),
            LayerUse::Arn(arn) => format!(" {}", shell(arn)),
        });
        let layers: String = layers.collect();
        format!("{}{layers}\n", call("put_function", function))
    });
    let needed = if deployment.layers.is_empty() {
        ""
    } else {
        LAYERS
    };
    let calls: String = layers.chain(functions).collect();
    format!("{HEAD}{needed}\n{calls}")
}

fn call(of: &str, resource: &Resource) -> String {
    let architecture = resource.architecture.map_or("''", |a| a.name());
    let name = shell(&resource.name);
    let path = shell(&resource.path);
    format!("{of} {name} {architecture} {} {path}", resource.runtime)
}
