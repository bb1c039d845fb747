//! The values of a template that are certain before a deploy.

use super::{assert_fits, assert_mismatch, assert_unchecked, folder, sam};

#[test]
fn defaults_of_globals_and_parameters_are_merged_and_resolved() {
    let folder = folder();
    let with = |head: &str, properties: &str| format!("{head}\n{}", sam(properties));
    let globals = "Globals:\n  Function:\n    Runtime: provided.al2023\n    Architectures: [arm64]";
    assert_fits(&folder, &with(globals, "CodeUri: arm.zip"));
    assert_mismatch(&folder, &with(globals, "CodeUri: x86.zip"));
    let same = with(globals, "CodeUri: arm.zip\nArchitectures: [arm64]");
    assert_fits(&folder, &same);
    let other = with(globals, "CodeUri: x86.zip\nArchitectures: [x86_64]");
    assert_unchecked(&folder, &other, "some versions of SAM join both lists");

    let head = "Parameters:
  Arch: {Type: String, Default: arm64}
  Archs: {Type: CommaDelimitedList, Default: arm64}
  Stage: {Type: String, Default: dev}
  Bare: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /arch}
Mappings:
  ByStage: {dev: {Arch: arm64}, prod: {Arch: x86_64}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [Condition: IsProd]
  IsBare: !Equals [!Ref Bare, x]";
    let architectures = |value: &str| {
        let properties =
            format!("Runtime: provided.al2023\nCodeUri: arm.zip\nArchitectures: {value}");
        with(head, &properties)
    };
    for value in [
        "[!Ref Arch]",
        "!Ref Archs",
        "[!Sub '${Arch}']",
        "[!Sub ['${A}64', {A: arm}]]",
        "[!If [IsProd, x86_64, arm64]]",
        "[!If [IsDev, arm64, x86_64]]",
        "!If [IsProd, [x86_64], [arm64]]",
        "[!If [IsBare, arm64, !Ref Arch]]",
        "[!FindInMap [ByStage, !Ref Stage, Arch]]",
        "[!Join ['', [arm, '64']]]",
        "!Split [',', arm64]",
        "[!Select [1, [x86_64, arm64]]]",
        "[Fn::If: [IsProd, x86_64, {Ref: Arch}]]",
        "[!If [IsProd, x86_64, !Ref AWS::NoValue], arm64]",
    ] {
        assert_fits(&folder, &architectures(value));
    }
    for value in [
        "[!If [IsProd, arm64, x86_64]]",
        "!If [IsProd, [arm64], !Ref AWS::NoValue]",
        "[aarch64]",
        "arm64",
        "[arm64, x86_64]",
        "[]",
        "[[arm64]]",
    ] {
        assert_mismatch(&folder, &architectures(value));
    }
    for (value, reason) in [
        ("[!Ref Bare]", "`Bare`, a parameter without a default"),
        ("[!Ref Stored]", "a parameter of Systems Manager"),
        ("[!If [IsBare, arm64, x86_64]]", "the condition `IsBare`"),
        ("[!GetAtt Orders.Arch]", "`!GetAtt`"),
        ("[!ImportValue arch]", "`!ImportValue`"),
        ("['{{resolve:ssm:/arch}}']", "a dynamic reference"),
        ("[!Sub '${AWS::Region}']", "`${AWS::Region}`"),
    ] {
        assert_unchecked(&folder, &architectures(value), reason);
    }
}

#[test]
fn a_function_takes_what_it_does_not_ignore_of_globals_and_has_one_kind_of_code() {
    let folder = folder();
    let template = |globals: &str, attribute: &str, properties: &str| {
        let globals = format!("Globals: {{Function: {{{globals}}}}}\n");
        let kind = "Type: AWS::Serverless::Function";
        let function = sam(properties).replace(kind, &format!("{kind}\n    {attribute}"));
        globals + &function
    };
    let other = "Runtime: nodejs22.x, Architectures: [arm64]";
    let own = "Runtime: provided.al2023\nCodeUri: x86.zip";
    let names = "IgnoreGlobals: [Runtime, Architectures]";
    assert_fits(&folder, &template(other, names, own));
    assert_fits(&folder, &template(other, "IgnoreGlobals: '*'", own));
    let some = "IgnoreGlobals: [Runtime]";
    assert_mismatch(&folder, &template(other, some, own));
    let missing = template(other, "IgnoreGlobals: '*'", "CodeUri: x86.zip");
    assert_mismatch(&folder, &missing);

    let code = "CodeUri: x86.zip";
    let inline = template(code, "", "Runtime: python3.13\nInlineCode: pass");
    assert_unchecked(&folder, &inline, "its code is in the template");
    let image = template(code, "", "PackageType: Image\nImageUri: 1.dkr/x:1");
    assert_unchecked(&folder, &image, "it is a container image");
}

#[test]
fn a_zip_that_is_not_there_of_a_runtime_that_is_not_checked_is_no_error() {
    let properties = "Runtime: java21\nCodeUri: target/app.jar";
    assert_unchecked(&folder(), &sam(properties), "its runtime `java21`");
}

#[test]
fn anchors_and_merges_are_those_of_yaml() {
    let folder = folder();
    let template = "
Transform: AWS::Serverless-2016-10-31
x: &defaults
  Handler: bootstrap
  Runtime: provided.al2023
  Architectures: [x86_64]
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      <<: *defaults
      Architectures: &arm [arm64]
      CodeUri: arm.zip
  Refunds:
    Type: AWS::Serverless::Function
    Properties: {<<: [*defaults], CodeUri: x86.zip}
";
    assert_fits(&folder, template);
}

#[test]
fn values_of_parameters_are_given_as_to_sam() {
    let folder = folder();
    let head = "Parameters:
  Arch: {Type: String, Default: x86_64}
  Archs: {Type: CommaDelimitedList}
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]";
    let template = |architectures: &str| {
        let properties =
            format!("Runtime: provided.al2023\nCodeUri: arm.zip\nArchitectures: {architectures}");
        format!("{head}\n{}", sam(&properties))
    };
    let check = |architectures: &str, overrides: &[&str]| {
        folder.write("template.yaml", template(architectures));
        let args = [
            "check",
            "--template",
            "template.yaml",
            "--parameter-overrides",
        ];
        folder.run(&[&args[..], overrides].concat())
    };
    check("[!Ref Arch]", &["Arch=x86_64"]).exits(1);
    check("[!Ref Arch]", &["Arch=arm64"])
        .exits(0)
        .says("Checked arm arm64");
    check("[!Ref Arch]", &["ParameterKey=Arch,ParameterValue=arm64"]).exits(0);
    check("!Ref Archs", &["Archs=arm64"]).exits(0);
    // Each may have an option of its own, and the last one holds.
    let twice = ["Arch=x86_64", "--parameter-overrides", "Arch=arm64"];
    check("[!Ref Arch]", &twice).exits(0);
    let condition = "[!If [IsProd, arm64, x86_64]]";
    check(condition, &["Arch=arm64", "Stage=prod"]).exits(0);
    check(condition, &["Arch=arm64", "Stage=dev"]).exits(1);
    check("[!Sub '${Arch}']", &["Arch=''"]).exits(1);
    // One argument may have several, and quotes.
    for several in [
        "Arch=x86_64 Stage=prod",
        "Stage=\"prod\"",
        "ParameterKey=Stage,ParameterValue=prod ParameterKey=Arch,ParameterValue=x86_64",
    ] {
        check(condition, &[several]).exits(0);
    }
    for (unclear, message) in [
        ("Stage=prod x", "expected `Name=Value`"),
        ("Stage=", "expected a value after `=`"),
        ("Stage=\"prod", "expected double quotes"),
        ("file://stage.yaml", "a file of parameters is not read"),
    ] {
        check(condition, &[unclear]).exits(2).says(message);
    }

    check("[!Ref Arch]", &["Arc=arm64"])
        .exits(2)
        .says("unknown parameter `Arc`; did you mean `Arch`?");
    check("[!Ref Arch]", &["arm64"])
        .exits(2)
        .says("expected `Name=Value`");
    folder
        .run(&["check", "arm.zip", "--parameter-overrides", "Arch=arm64"])
        .exits(2)
        .says("--template");
}

#[test]
fn truth_values_are_spelled_as_the_clients_upload_them() {
    let folder = folder();
    for (default, compared, zip) in [
        ("True", "'true'", "arm.zip"),
        ("yes", "'true'", "arm.zip"),
        ("'true'", "TRUE", "arm.zip"),
        ("Off", "'false'", "arm.zip"),
        ("'yes'", "'true'", "x86.zip"),
        ("'True'", "True", "x86.zip"),
        ("y", "'true'", "x86.zip"),
    ] {
        let head = format!(
            "Parameters:\n  UseArm: {{Type: String, Default: {default}}}\n\
             Conditions:\n  Arm: !Equals [!Ref UseArm, {compared}]"
        );
        let function = sam(&format!(
            "Runtime: provided.al2023\nCodeUri: {zip}\nArchitectures: [!If [Arm, arm64, x86_64]]"
        ));
        assert_fits(&folder, &format!("{head}\n{function}"));
    }
}

#[test]
fn options_that_the_template_says_are_refused() {
    let folder = folder();
    folder.write(
        "template.yaml",
        sam("Runtime: provided.al2023\nCodeUri: x86.zip"),
    );
    let check = |more: &[&str]| {
        let args = ["check", "--template", "template.yaml"];
        folder.run(&[&args[..], more].concat())
    };
    for option in [
        ["--kind", "layer"],
        ["--arch", "arm64"],
        ["--runtime", "provided.al2"],
        ["--layer", "layer-x86.zip"],
    ] {
        check(&option).exits(2).prints_nothing().says(&format!(
            "`{}` has no effect on the zips of a template",
            option[0]
        ));
    }
    // They are for the zips beside it.
    check(&["arm.zip", "--arch", "arm64"]).exits(0);
    check(&["arm.zip", "--arch", "x86_64"]).exits(1);
}
