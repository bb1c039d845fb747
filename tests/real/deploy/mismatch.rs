//! A template that leaves out the architecture of its zip: the linters of AWS and `sam deploy` accept
//! it, the function fails, and `check --template` says so before. Also one that gives the path of its zip
//! with a function, which clients do not upload.

use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::Deployment;
use super::sam::DEPLOY;

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: orders
      CodeUri: zips/orders-arm64.zip
      Handler: bootstrap
      Runtime: provided.al2023
";

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn only_check_finds_a_zip_for_another_architecture_than_lambdas_default() {
    let mut shop = Deployment::of(&["--bin", "orders"]);
    shop.bucket();
    shop.write("template.yaml", TEMPLATE);

    let said = refused(&shop);
    for words in [
        "error[template-mismatch]: `Orders` in template.yaml:3 has no `Architectures`",
        "`zips/orders-arm64.zip` is built for arm64",
        "write `Architectures: [arm64]`",
    ] {
        assert!(said.contains(words), "no {words} in {said}");
    }

    assert_eq!(shop.client(&["cfn-lint", "template.yaml"], &[]), "");
    let valid = shop.client(&["sam", "validate", "--lint"], &[]);
    assert!(valid.contains("is a valid SAM Template"), "{valid}");
    shop.client(&["sh", "-c", DEPLOY], &[]);
    let call = json!({"FunctionName": "orders", "Payload": "{}", "LogType": "Tail"});
    let answer = shop.localstack.call("lambda", "invoke", &call).unwrap();
    let log = BASE64_STANDARD.decode(answer["LogResult"].as_str().unwrap());
    let log = String::from_utf8(log.unwrap()).unwrap();
    assert!(log.contains("exec format error"), "{answer}: {log}");

    // Clients upload a path only if it is a text.
    let made = TEMPLATE.replace("CodeUri: ", "Architectures: [arm64]\n      CodeUri: !Sub ");
    shop.write("template.yaml", &made);
    let said = refused(&shop);
    assert!(said.contains("names its zip with `!Sub`"), "{said}");
    for package in [
        "sam package --s3-bucket code",
        "aws cloudformation package --s3-bucket code --template-file template.yaml",
    ] {
        let packaged = shop.client(&["sh", "-c", package], &[]);
        let words = "Fn::Sub: zips/orders-arm64.zip";
        assert!(packaged.contains(words), "{package}: {packaged}");
    }
}

/// The findings of `check` about the template, which it refuses.
fn refused(shop: &Deployment) -> String {
    let mut check = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    check.args(["lambda-zip", "check", "--template", "template.yaml"]);
    let check = check.current_dir(shop.folder.path()).output().unwrap();
    let said = String::from_utf8(check.stderr).unwrap();
    assert_eq!(check.status.code(), Some(1), "{said}");
    said
}
