//! Functions and layers under a `Condition`.

use super::{assert_fits, assert_unchecked, check, folder, results};

/// A function whose zip does not fit, and a layer for a function that fits, under conditions.
fn template(function: &str, layer: &str, uses: &str) -> String {
    format!(
        "Parameters:
  Stage: {{Type: String, Default: dev}}
  Bare: {{Type: String}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Equals [!Ref Stage, dev]
  IsBare: !Equals [!Ref Bare, x]
Resources:
  Wrong:
    Type: AWS::Serverless::Function
    Condition: {function}
    Properties: {{Handler: bootstrap, Runtime: provided.al2023, CodeUri: arm.zip}}
  Agent:
    Type: AWS::Serverless::LayerVersion
    Condition: {layer}
    Properties: {{ContentUri: layer-x86.zip}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: bootstrap
      Runtime: provided.al2023
      CodeUri: x86.zip
      Layers: {uses}
"
    )
}

#[test]
fn a_function_that_is_not_deployed_is_not_checked() {
    let folder = folder();
    let with = |condition: &str| template(condition, "IsDev", "[!Ref Agent]");
    let (lints, unchecked) = results(&folder, &with("IsDev"));
    assert_eq!(
        (&*lints, &*unchecked),
        (&["template-mismatch".to_owned()][..], &[][..])
    );
    for (condition, reason) in [
        (
            "IsProd",
            "it is not deployed, because its condition `IsProd` is false",
        ),
        ("IsBare", "only a deploy resolves its condition `IsBare`"),
        ("IsPord", "the template has no condition `IsPord`"),
        (
            "!Equals [a, a]",
            "its `Condition` is not the name of a condition",
        ),
    ] {
        assert_unchecked(&folder, &with(condition), reason);
    }
    let prod = [
        "check",
        "--template",
        "template.yaml",
        "--parameter-overrides",
        "Stage=prod",
    ];
    folder.write("template.yaml", template("IsProd", "IsProd", "[]"));
    folder.run(&prod).exits(1).says("1 of 3 packages rejected");
}

#[test]
fn a_layer_that_is_not_deployed_is_none_of_a_function() {
    let folder = folder();
    let with = |condition: &str, uses: &str| {
        let template = template("IsProd", condition, uses);
        template
            .replace("CodeUri: arm.zip", "CodeUri: x86.zip")
            .replace("Condition: IsProd", "")
    };
    assert_fits(&folder, &with("IsDev", "[!Ref Agent]"));
    let absent = with("IsBare", "[!If [IsProd, !Ref Agent, !Ref AWS::NoValue]]");
    assert_unchecked(
        &folder,
        &absent,
        "only a deploy resolves its condition `IsBare`",
    );
    let (lints, unchecked) = results(&folder, &with("IsBare", "[!Ref Agent]"));
    assert!(lints.is_empty(), "{lints:?}");
    let reason = "it is not certain that its layer `Agent` is deployed";
    assert!(
        unchecked.iter().any(|found| found == reason),
        "{unchecked:?}"
    );
    let not_deployed = template("IsProd", "IsProd", "[!Ref Agent]");
    check(&folder, &not_deployed)
        .exits(1)
        .says("`Orders` in template.yaml:23 has the layer `Agent`, which is not deployed");
}
