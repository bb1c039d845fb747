//! A stack of the Cloud Development Kit, in TypeScript.

use super::deployment::{Deployment, LayerUse, Resource};
use super::quote::typescript;

/// The stack. It runs the command for all packages once, and takes only the zips that this run names: another
/// one may be left over from an earlier run, with an old program.
pub(super) fn text(deployment: &Deployment) -> String {
    let words = deployment.command.iter().map(|word| typescript(word));
    let words: Vec<String> = words.collect();
    let layers = deployment
        .layers
        .iter()
        .enumerate()
        .map(|(position, layer)| {
            let name = if deployment.is_used(position) {
                format!("const layer{position} = ")
            } else {
                String::new()
            };
            self::layer(layer, &name)
        });
    let functions = deployment.functions.iter().map(function);
    let resources: Vec<String> = layers.chain(functions).collect();
    format!(
        "import {{ Stack, StackProps }} from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {{ execFileSync }} from 'child_process';
import {{ Construct }} from 'constructs';
import {{ realpathSync }} from 'fs';

// Builds and packages everything that has changed. The command says all that it depends on: variables such as
// CARGO_LAMBDA_ZIP_ARCH have no effect.
const command = [{}, '--print', 'paths'];
const variables = Object.entries(process.env).filter(([name]) => !name.startsWith('CARGO_LAMBDA_ZIP_'));
const build = () => {{
  const paths = execFileSync('cargo', command.slice(1), {{
    encoding: 'utf8', env: Object.fromEntries(variables), stdio: ['ignore', 'pipe', 'inherit'],
  }});
  return paths.split(/\\r?\\n/).filter((path) => path !== '').map((path) => realpathSync.native(path));
}};
let made: string[] | undefined;
// Takes a zip that the command has made or found up to date, and no other that lies there.
const packaged = (zip: string) => {{
  made ??= build();
  if (!made.includes(realpathSync.native(zip))) {{
    throw new Error(`cargo lambda-zip no longer makes ${{zip}}: print this file again, with template cdk`);
  }}
  return lambda.Code.fromAsset(zip);
}};

export class FunctionsStack extends Stack {{
  constructor(scope: Construct, id: string, props?: StackProps) {{
    super(scope, id, props);

{}  }}
}}
",
        words.join(", "),
        resources.join("\n"),
    )
}

fn function(resource: &Resource) -> String {
    let Resource { id, name, path, .. } = resource;
    let architecture =
        constant(resource).map_or_else(String::new, |a| format!("      architecture: {a},\n"));
    let layers: Vec<String> = resource
        .layers
        .iter()
        .enumerate()
        .map(layer_use(id))
        .collect();
    let layers = if layers.is_empty() {
        String::new()
    } else {
        format!("      layers: [{}],\n", layers.join(", "))
    };
    format!(
        "    new lambda.Function(this, '{id}', {{
      functionName: {},
      code: packaged({}),
      handler: 'bootstrap',
      runtime: {},
{architecture}{layers}    }});
",
        typescript(name),
        typescript(path),
        runtime(resource)
    )
}

/// A function for the layers of the function `id`, by their positions in its list.
fn layer_use(id: &str) -> impl Fn((usize, &LayerUse)) -> String {
    move |(nth, layer)| match layer {
        LayerUse::Made(position) => format!("layer{position}"),
        LayerUse::Arn(arn) => format!(
            "lambda.LayerVersion.fromLayerVersionArn(this, '{id}Layer{nth}', {})",
            typescript(arn)
        ),
    }
}

fn layer(resource: &Resource, declaration: &str) -> String {
    let architectures = constant(resource).map_or_else(String::new, |a| {
        format!("      compatibleArchitectures: [{a}],\n")
    });
    let Resource { id, name, path, .. } = resource;
    let path = typescript(path);
    let code = if resource.is_made {
        format!("packaged({path})")
    } else {
        format!("lambda.Code.fromAsset({path})")
    };
    format!(
        "    {declaration}new lambda.LayerVersion(this, '{id}', {{
      layerVersionName: {},
      code: {},
      compatibleRuntimes: [{}],
{architectures}    }});
",
        typescript(name),
        code,
        runtime(resource)
    )
}

/// CDK's constant for the architecture, such as `ARM_64`.
fn constant(resource: &Resource) -> Option<String> {
    let constant = match resource.architecture?.name() {
        "arm64" => "ARM_64".to_owned(),
        name => name.to_uppercase(),
    };
    Some(format!("lambda.Architecture.{constant}"))
}

/// CDK's constant for the runtime, such as `PROVIDED_AL2023`.
fn runtime(resource: &Resource) -> String {
    let constant = resource.runtime.name().to_uppercase().replace('.', "_");
    format!("lambda.Runtime.{constant}")
}
