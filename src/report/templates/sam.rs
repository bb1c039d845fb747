//! Templates of the Serverless Application Model.

use super::deployment::{Deployment, Resource};
use super::resources::{self, Body};

const HEAD: &str = "\
AWSTemplateFormatVersion: \"2010-09-09\"
Transform: AWS::Serverless-2016-10-31

Resources:
";

/// The template whose code are the zips. `sam build` leaves them alone, and `sam deploy` uploads
/// them as they are.
pub(super) fn of_zips(deployment: &Deployment) -> String {
    text(deployment, |resource| {
        (String::new(), resource.path.clone())
    })
}

/// The template for `sam build --build-in-source`, which runs the Makefile in the folder of the
/// template.
pub(super) fn of_sources(deployment: &Deployment) -> String {
    text(deployment, |resource| {
        if !resource.is_made {
            return (String::new(), resource.path.clone());
        }
        let metadata = "    Metadata:\n      BuildMethod: makefile\n";
        (metadata.to_owned(), "./".to_owned())
    })
}

/// The template in which `source` gives the metadata and the code of a resource.
fn text(deployment: &Deployment, source: impl Fn(&Resource) -> (String, String)) -> String {
    let layers = deployment.layers.iter().map(|resource| {
        let (metadata, code) = source(resource);
        let body = Body {
            r#type: "AWS::Serverless::LayerVersion",
            metadata: &metadata,
            code: ("ContentUri", &code),
            more: "",
        };
        resources::layer(resource, &body)
    });
    let functions = deployment.functions.iter().map(|resource| {
        let (metadata, code) = source(resource);
        let body = Body {
            r#type: "AWS::Serverless::Function",
            metadata: &metadata,
            code: ("CodeUri", &code),
            more: "",
        };
        resources::function(deployment, resource, &body)
    });
    let resources: Vec<String> = layers.chain(functions).collect();
    format!("{HEAD}{}", resources.join("\n"))
}
