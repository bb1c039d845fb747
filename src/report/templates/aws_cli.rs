//! A shell script that calls the AWS CLI.

use super::deployment::{Deployment, Resource};
use super::quote::shell;

const HEAD: &str = include_str!("aws_cli.sh");
/// The function for layers.
const LAYERS: &str = include_str!("aws_cli_layers.sh");

/// The script: functions of the shell, and a call for each layer and function.
pub(super) fn text(deployment: &Deployment) -> String {
    let layers = deployment.layers.iter();
    let layers = layers.map(|layer| call("put_layer", layer));
    let functions = deployment.functions.iter();
    let functions = functions.map(|function| call("put_function", function));
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
    format!("{of} {name} {architecture} {} {path}\n", resource.runtime)
}
