//! Functions and layers under a `Condition`.

use super::{assert_fits, assert_unchecked, check, folder, results};

/// A function whose zip does not fit, and a layer for a function that fits, under conditions.
fn template(function: &str, layer: &str, uses: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31
Parameters:
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
        .says("`Orders` in template.yaml:24 has the layer `Agent`, which is not deployed");
}

#[test]
fn the_branch_of_a_condition_that_holds_is_the_layer() {
    let folder = folder();
    let with = |uses: &str| {
        let template = template("IsDev", "IsDev", uses)
            .replace("CodeUri: arm.zip", "CodeUri: x86.zip")
            .replace(
                "  Orders:",
                "  Other:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer-arm.zip}
  Orders:",
            );
        results(&folder, &template)
    };
    let fits = (vec![], vec![]);
    let mismatch = (vec!["template-mismatch".to_owned()], vec![]);
    for uses in [
        "[!If [IsDev, !Ref Agent, !Ref Other]]",
        "[!If [IsProd, !Ref Other, !If [IsDev, !GetAtt Agent.LayerVersionArn, !Ref Other]]]",
        "!If [IsProd, [!Ref Other], [!If [IsDev, !Sub '${Agent}', !Ref Other]]]",
        "!If [IsProd, [!Ref Other], !Ref AWS::NoValue]",
    ] {
        assert_eq!(with(uses), fits, "{uses}");
    }
    for uses in [
        "[!If [IsProd, !Ref Agent, !Ref Other]]",
        "[!If [IsDev, agent.zip, !Ref Agent]]",
        "agent.zip",
        "!Ref Agent",
        "!If [IsProd, [!Ref Agent], !Ref Agent]",
        "!If [IsProd, [!Ref Agent], agent.zip]",
    ] {
        assert_eq!(with(uses), mismatch, "{uses}");
    }
    let (lints, unchecked) = with("[!If [IsBare, !Ref Agent, !Ref Other]]");
    assert!(lints.is_empty(), "{lints:?}");
    assert_eq!(
        unchecked,
        ["only a deploy resolves a layer: the condition `IsBare`"]
    );
    let text = template("IsProd", "IsDev", "agent.zip");
    check(&folder, &text).exits(1).says(
        "`Orders` in template.yaml:24 has no list as `Layers`, and CloudFormation takes a list",
    );
}

#[test]
fn code_under_a_condition_is_that_of_the_branch_that_holds() {
    let folder = folder();
    let with = |code: &str| {
        let template = template("IsProd", "IsDev", "[]");
        template.replace("CodeUri: x86.zip", code)
    };
    let not_deployed = "it is not deployed, because its condition `IsProd` is false".to_owned();
    for (code, reason) in [
        (
            "CodeUri: !If [IsProd, x86.zip, !Ref AWS::NoValue]
      InlineCode: !If [IsProd, !Ref AWS::NoValue, text]",
            "its code is in the template",
        ),
        (
            "CodeUri: !If [IsProd, x86.zip, !Ref AWS::NoValue]
      InlineCode: !If [IsProd, text, !Ref AWS::NoValue]",
            "it has no `CodeUri`, so that the folder of the template is zipped",
        ),
        (
            "PackageType: Image
      CodeUri: !If [IsProd, x86.zip, !Ref AWS::NoValue]",
            "it is a container image, not a zip",
        ),
    ] {
        let (lints, unchecked) = results(&folder, &with(code));
        assert!(lints.is_empty(), "{lints:?} of {code}");
        assert_eq!(
            unchecked,
            [not_deployed.clone(), reason.to_owned()],
            "{code}"
        );
    }
}

#[test]
fn a_stack_that_is_not_deployed_is_no_template_to_name() {
    let folder = folder();
    for (condition, reason) in [
        (
            "IsDev",
            "it is a template of its own: name that with `--template`",
        ),
        (
            "IsProd",
            "it is not deployed, because its condition `IsProd` is false",
        ),
    ] {
        let template = template("IsDev", "IsDev", "[]")
            .replace("CodeUri: arm.zip", "CodeUri: x86.zip")
            .replace(
                "  Orders:",
                "  Nested:
    Type: AWS::CloudFormation::Stack
    Condition: CONDITION
    Properties: {TemplateURL: nested.yaml}
  Orders:",
            )
            .replace("CONDITION", condition);
        assert_unchecked(&folder, &template, reason);
    }
}
