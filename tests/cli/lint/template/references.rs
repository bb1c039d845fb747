//! References and paths that clients or CloudFormation refuse.

use super::{assert_fits, assert_unchecked, check, folder, in_format, results, sam};

const HEAD: &str = "Parameters:
  Zip: {Type: String, Default: x86.zip}
  Stored: {Type: String, Default: 's3://bucket/x86.zip'}
  Folder: {Type: String, Default: source}
  Bare: {Type: String}
Mappings:
  Zips: {dev: {Zip: x86.zip}}
Conditions:
  IsBare: !Equals [!Ref Bare, x]
  IsThere: !Equals [a, a]
";

/// A SAM template with the parameters above and one function that has these properties.
fn template(properties: &str) -> String {
    format!(
        "{HEAD}{}",
        sam(&format!("Runtime: provided.al2023\n{properties}"))
    )
}

/// The template has exactly one mismatch, whose message has these words, and nothing unchecked.
#[track_caller]
fn assert_refused(template: &str, message: &str) {
    let folder = folder();
    let (lints, unchecked) = results(&folder, template);
    assert_eq!(lints, ["template-mismatch"], "{template}");
    assert!(unchecked.is_empty(), "{unchecked:?} of {template}");
    check(&folder, template).exits(1).says(message);
}

#[test]
fn clients_upload_only_a_path_that_is_a_text() {
    let folder = folder();
    folder.write("source/main.rs", "");
    for code in [
        "!Sub '${Zip}'",
        "!Ref Zip",
        "!Join ['', [x86, .zip]]",
        "!FindInMap [Zips, dev, Zip]",
        "!If [IsThere, x86.zip, 's3://b/k']",
        "!If [IsBare, x86.zip, arm.zip]",
        "!Sub 'target/${Bare}/x86.zip'",
        "!Join ['/', [target, !Ref Bare, x86.zip]]",
        "!Select [0, [x86.zip]]",
    ] {
        assert_refused(
            &template(&format!("CodeUri: {code}")),
            "`Orders` in template.yaml:18 names its zip with `!",
        );
    }
    for (code, reason) in [
        ("!Ref Bare", "`Bare`, a parameter without a default"),
        ("!Ref Stored", "its code is in S3"),
        (
            "!Sub '${Bare}/x86.zip'",
            "`Bare`, a parameter without a default",
        ),
        (
            "!Sub 's3://${Bare}/x86.zip'",
            "`Bare`, a parameter without a default",
        ),
        (
            "!If [IsBare, x86.zip, 's3://b/k']",
            "the condition `IsBare`",
        ),
        ("!Ref Folder", "which only `sam build` resolves"),
        (
            "!Sub 'source/${Bare}'",
            "`Bare`, a parameter without a default",
        ),
    ] {
        assert_unchecked(&folder, &template(&format!("CodeUri: {code}")), reason);
    }
    let layer = "Resources:
  Agent:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: !Sub layer-x86.zip}";
    assert_refused(
        layer,
        "`Agent` in template.yaml:4 names its zip with `!Sub`",
    );
    let function = "Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Code: !Sub x86.zip, Runtime: provided.al2023, Handler: bootstrap, Role: r}";
    assert_refused(
        function,
        "`Orders` in template.yaml:4 names its zip with `!Sub`",
    );
    check(&folder, function).says("help: write the path as a text, such as `Code: lambda.zip`");
    let extended = format!("Transform: AWS::LanguageExtensions\n{function}");
    assert_unchecked(
        &folder,
        &extended,
        "only `sam` with `--language-extensions` uploads",
    );
    let missing = function.replace("x86.zip", "none.zip");
    assert_refused(&missing, "names its zip with `!Sub`");
}

#[test]
fn conditions_that_are_not_there_are_refused() {
    let function = template("CodeUri: x86.zip");
    let with = |condition: &str| {
        let kind = "Type: AWS::Serverless::Function";
        function.replace(kind, &format!("{kind}\n    Condition: {condition}"))
    };
    assert_refused(
        &with("IsThree"),
        "`Orders` in template.yaml:15 refers to `IsThree`, which is no condition of the template: \
         CloudFormation refuses the template; did you mean `IsThere`?",
    );
    assert_refused(&with("!Equals [a, a]"), "is not the name of a condition");
    assert_refused(
        &template("CodeUri: x86.zip\nMemorySize: !If [Nope, 128, 256]"),
        "`Orders` in template.yaml:19 refers to `Nope`, which is no condition",
    );
    assert_refused(
        &template("CodeUri: x86.zip\nMemorySize: !FindInMap [Zip, dev, Memory]"),
        "refers to `Zip`, which is no mapping of the template: CloudFormation refuses the template; did you \
         mean `Zips`?",
    );
    for (keys, key) in [("prod, Zip", "prod"), ("dev, Sip", "Sip")] {
        assert_refused(
            &template(&format!(
                "CodeUri: x86.zip\nMemorySize: !FindInMap [Zips, {keys}]"
            )),
            &format!("refers to `{key}`, which is no key of the mapping `Zips`"),
        );
    }
    let condition = |value: &str| {
        let head = format!("Conditions:\n  IsNew: {value}\n");
        function.replace("Conditions:\n", &head)
    };
    for (value, name) in [
        ("!Not [Condition: Nope]", "`Nope`, which is no condition"),
        ("!Not [!Condition Nope]", "`Nope`, which is no condition"),
        ("!Equals [!Ref Nope, a]", "`Nope`, which is no parameter"),
        (
            "!Equals [!Sub '${Nope}', a]",
            "`Nope`, which is no parameter",
        ),
    ] {
        let message = format!("`IsNew` in template.yaml:9 refers to {name} of the template");
        assert_refused(&condition(value), &message);
    }
    assert_refused(
        &format!("{function}  Topic:\n    Type: AWS::SNS::Topic\n    Condition: Nope\n"),
        "`Topic` in template.yaml:21 refers to `Nope`",
    );
    assert_refused(
        &format!("{function}Outputs:\n  Name: {{Condition: Nope, Value: x}}\n"),
        "`Name` in template.yaml:20 refers to `Nope`",
    );
    let folder = folder();
    for macros in [
        "[AWS::Serverless-2016-10-31, OurMacro]",
        "[AWS::Serverless-2016-10-31, {Name: 'AWS::Include', Parameters: {Location: s3://a/b}}]",
    ] {
        let template = with("Nope").replace("AWS::Serverless-2016-10-31", macros);
        let (lints, _) = results(&folder, &template);
        assert!(lints.is_empty(), "{lints:?} of {template}");
    }
    let added = with("Nope").replace(
        "Conditions:\n",
        "Conditions:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}\n",
    );
    assert_unchecked(
        &folder,
        &added,
        "only a deploy resolves its condition `Nope`",
    );
}

#[test]
fn names_that_are_not_there_are_refused() {
    for (property, name) in [
        ("Layers: [!Ref Nope]", "`Nope`"),
        ("Layers: [!GetAtt Nope.Arn]", "`Nope.Arn`"),
        ("Layers: [{Fn::GetAtt: [Nope, Arn]}]", "`Nope`"),
        ("Layers: [!Sub '${Nope}']", "`Nope`"),
        ("Layers: [!Sub '${Orders0123456789}']", "`Orders0123456789`"),
        ("Layers: !If [IsThere, [!Ref Nope], []]", "`Nope`"),
        ("Architectures: [!Ref Nope]", "`Nope`"),
        ("Architectures: [!Ref AWS::Regoin]", "`AWS::Regoin`"),
    ] {
        assert_refused(
            &template(&format!("CodeUri: x86.zip\n{property}")),
            &format!(
                "`Orders` in template.yaml:19 refers to {name}, which is no parameter, resource or \
                 pseudo parameter of the template: CloudFormation refuses the template"
            ),
        );
    }
    let runtime = template("CodeUri: x86.zip").replace("provided.al2023", "!Ref Zipp");
    assert_refused(&runtime, "did you mean `Zip`?");
    let handler = template("CodeUri: x86.zip").replace("bootstrap", "!Sub '${Nope}'");
    assert_refused(&handler, "`Nope`");
    let in_s3 = template("CodeUri: s3://b/k\nLayers: [!Ref Nope]");
    let folder = folder();
    let (lints, _) = results(&folder, &in_s3);
    assert_eq!(lints, ["template-mismatch"]);
    check(&folder, &in_s3)
        .exits(1)
        .says("a finding about the run is denied");
    in_format(&folder, "github")
        .exits(1)
        .prints("::error file=template.yaml,line=19,title=template-mismatch::`Orders` in ");
}

#[test]
fn names_that_sam_or_a_macro_may_make_are_not_refused() {
    let folder = folder();
    let layer = "  Agent:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {ContentUri: layer-x86.zip}\n";
    for property in [
        "Architectures: [!Ref OrdersRole]",
        "Architectures: [!Ref ServerlessRestApi]",
        "Architectures: [!Sub '${Orders.Version}']",
        "Layers: [!Ref Agent0123456789]",
        "Layers: [!Sub 'arn:${AWS::Partition}:x']",
    ] {
        let template = format!(
            "{}{layer}",
            template(&format!("CodeUri: x86.zip\n{property}"))
        );
        assert_unchecked(&folder, &template, "only a deploy resolves");
    }
    let queue = "  Queue:\n    Type: AWS::SQS::Queue\n    Connectors: {Mine: {}}\n  Events:\n    \
                 Type: AWS::Lambda::EventSourceMapping\n    DependsOn: QueueMinePolicy\n";
    assert_fits(&folder, &format!("{}{queue}", template("CodeUri: x86.zip")));
    let made = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}}";
    for (before, property) in [
        ("Zips: {dev: {Zip: x86.zip}}", "!FindInMap [Made, a, b]"),
        ("{dev: {Zip: x86.zip}}", "!FindInMap [Zips, a, b]"),
        ("{Zip: x86.zip}", "!FindInMap [Zips, dev, b]"),
    ] {
        let template = template(&format!("CodeUri: x86.zip\nMemorySize: {property}"));
        let made = if before.starts_with("Zips") {
            &made[1..made.len() - 1]
        } else {
            made
        };
        assert_fits(&folder, &template.replace(before, made));
    }
    let module = "  Parts:\n    Type: Our::Own::Parts::MODULE\n";
    for layers in ["[!Ref PartsLayer]", "[!Ref Parts.Layer]"] {
        let template = template(&format!("CodeUri: x86.zip\nLayers: {layers}"));
        let (lints, unchecked) = results(&folder, &format!("{template}{module}"));
        assert!(
            lints.is_empty() && unchecked.len() == 2,
            "{lints:?} {unchecked:?}"
        );
    }
    let opened = template("CodeUri: x86.zip\nLayers: [!Ref Nope]").replace(
        "Resources:\n",
        "Resources:\n  Fn::ForEach::Layers: [Name, [Nope], {'${Name}': {Type: 'AWS::Lambda::LayerVersion'}}]\n",
    );
    let (lints, unchecked) = results(&folder, &opened);
    assert!(
        lints.is_empty() && unchecked.len() == 2,
        "{lints:?} {unchecked:?}"
    );
    let globals = "Globals: {Function: {Layers: [!Ref Nope]}}\n";
    let template = format!("{globals}{}", template("CodeUri: x86.zip"));
    let (lints, _) = results(&folder, &template);
    assert_eq!(lints, ["template-mismatch"]);
    check(&folder, &template).says("`Globals` in template.yaml:1 refers to `Nope`");
}

#[test]
fn a_resource_that_is_no_layer_is_refused_as_one() {
    let others = "  Store: {Type: 'AWS::S3::Bucket'}
  Own: {Type: 'Custom::Layer', Properties: {ServiceToken: x}}
  Stack: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: x}, Condition: IsNever}
  Value: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: x}}
  Agent: {Type: 'AWS::Serverless::LayerVersion', Properties: {ContentUri: layer-x86.zip}}
";
    let with = |layers: &str| {
        let template = template(&format!("CodeUri: x86.zip\nLayers: {layers}"));
        let template = template.replace("Conditions:", "Conditions:\n  IsNever: !Equals [a, b]");
        format!("{template}{others}").replace(", Condition: IsNever", "")
    };
    let folder = folder();
    let stack = "it is a template of its own: name that with `--template`";
    for layers in [
        "[!Ref Orders]",
        "[!GetAtt Orders.Arn]",
        "[!Ref Orders.Version]",
        "[!Ref Store]",
        "[!GetAtt Store.Arn]",
        "[!GetAtt Agent.Arn]",
        "!Ref Store",
    ] {
        let (lints, unchecked) = results(&folder, &with(layers));
        assert_eq!(lints, ["template-mismatch"], "{layers}");
        assert_eq!(unchecked, [stack], "{layers}");
    }
    let waits = with("[]").replace(
        "Type: AWS::Serverless::Function",
        "Type: AWS::Serverless::Function\n    DependsOn: [Store, OrdersRole, Stor]",
    );
    check(&folder, &waits)
        .exits(1)
        .says("`Orders` in template.yaml:16 refers to `Stor`, which is no resource of the template")
        .never_says("OrdersRole");
    check(&folder, &with("[!Ref Store]")).exits(1).says(
        "`Orders` in template.yaml:20 has the layer `Store`, which is not the ARN of a version of a layer",
    );
    let in_s3 = with("[!Ref Store]").replace("CodeUri: x86.zip", "CodeUri: s3://b/k");
    check(&folder, &in_s3)
        .exits(1)
        .says("`Orders` in template.yaml:20 has the layer `Store`, which is not the ARN");
    for layers in [
        "[!Ref Own]",
        "[!GetAtt Own.Arn]",
        "[!GetAtt Stack.Outputs.Layer]",
        "[!GetAtt Value.Value]",
        "[!Ref Bare]",
    ] {
        let (lints, unchecked) = results(&folder, &with(layers));
        assert!(lints.is_empty(), "{lints:?} of {layers}");
        assert_eq!(unchecked.len(), 2, "{unchecked:?} of {layers}");
    }
}

#[test]
fn sam_without_its_transform_is_one_mismatch() {
    let transform = "Transform: AWS::Serverless-2016-10-31\n";
    let two = format!(
        "{}  Agent: {{Type: 'AWS::Serverless::LayerVersion', Properties: {{ContentUri: layer-x86.zip}}}}\n",
        template("CodeUri: x86.zip")
    );
    let folder = folder();
    assert_fits(&folder, &two);
    for other in [
        "",
        "Transform: AWS::Serverless-2016-10-30\n",
        "Transform: AWS::LanguageExtensions\n",
    ] {
        let template = two.replace(transform, other);
        assert_refused(
            &template,
            "is of SAM, and the template has no `Transform: AWS::Serverless-2016-10-31`: CloudFormation \
             refuses the template",
        );
        check(&folder, &template)
            .says("help: add the line `Transform: AWS::Serverless-2016-10-31` to the template");
    }
    let globals = "Globals: {Function: {Timeout: 3}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Code: x86.zip, Runtime: provided.al2023, Handler: bootstrap, Role: r}";
    assert_refused(globals, "`Globals` in template.yaml:1 is a section of SAM");
    let own = two.replace(transform, "Transform: OurMacro\n");
    assert_unchecked(&folder, &own, "the macro `OurMacro`");
}
