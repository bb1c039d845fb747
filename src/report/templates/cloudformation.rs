//! A template for `aws cloudformation package`, which uploads the zips and puts their places in S3
//! where the paths are.

use super::deployment::Deployment;
use super::resources::{self, Body};

const HEAD: &str = "\
AWSTemplateFormatVersion: \"2010-09-09\"

Resources:
  LambdaRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Principal:
              Service: lambda.amazonaws.com
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
";

pub(super) fn text(deployment: &Deployment) -> String {
    let layers = deployment.layers.iter().map(|resource| {
        let body = Body {
            r#type: "AWS::Lambda::LayerVersion",
            metadata: "",
            code: ("Content", &resource.path),
            more: "",
        };
        resources::layer(resource, &body)
    });
    let functions = deployment.functions.iter().map(|resource| {
        let body = Body {
            r#type: "AWS::Lambda::Function",
            metadata: "",
            code: ("Code", &resource.path),
            more: "      Role: !GetAtt LambdaRole.Arn\n",
        };
        resources::function(deployment, resource, &body)
    });
    let resources = layers.chain(functions);
    let resources = resources.map(|resource| format!("\n{resource}"));
    format!("{HEAD}{}", resources.collect::<String>())
}
