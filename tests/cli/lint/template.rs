//! `check --template`: the zips of a template, against what it says of them.

use forge::{Elf, Forged, Forgery, Machine};
use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::Outcome;

fn zip(machine: Machine) -> Vec<u8> {
    let elf = Elf::static_pie(machine).bytes();
    Forgery::of([Forged::file("bootstrap", 0o755, elf)]).bytes()
}

fn layer(machine: Machine) -> Vec<u8> {
    let elf = Elf::static_pie(machine).bytes();
    Forgery::of([Forged::file("bin/agent", 0o755, elf)]).bytes()
}

/// A folder with packages and layers for both architectures.
fn folder() -> Project {
    let folder = Project::empty();
    folder.write("arm.zip", zip(Machine::Aarch64));
    folder.write("x86.zip", zip(Machine::X86_64));
    folder.write("layer-arm.zip", layer(Machine::Aarch64));
    folder.write("layer-x86.zip", layer(Machine::X86_64));
    let extension = Forged::file(
        "extensions/agent",
        0o755,
        Elf::fixed(Machine::Aarch64).bytes(),
    );
    folder.write("extension.zip", Forgery::of([extension]).bytes());
    folder
}

/// A SAM template with one function that has these properties.
fn sam(properties: &str) -> String {
    let properties = properties.replace('\n', "\n      ");
    format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: bootstrap
      {properties}
"
    )
}

fn check(folder: &Project, template: &str) -> Outcome {
    folder.write("template.yaml", template);
    folder.run(&["check", "--template", "template.yaml"])
}

fn report(folder: &Project, template: &str) -> Value {
    folder.write("template.yaml", template);
    let args = [
        "check",
        "--template",
        "template.yaml",
        "--message-format",
        "json",
    ];
    folder.run(&args).json()
}

/// The lints of all archives, and the reasons of what is unchecked.
fn results(folder: &Project, template: &str) -> (Vec<String>, Vec<String>) {
    let report = report(folder, template);
    let texts = |values: Vec<&Value>| {
        values
            .iter()
            .map(|v| v.as_str().unwrap().to_owned())
            .collect()
    };
    let archives = report["archives"].as_array().unwrap().iter();
    let lints = archives.flat_map(|archive| archive["findings"].as_array().unwrap());
    let unchecked = report["unchecked"].as_array().into_iter().flatten();
    assert!(report.get("errors").is_none(), "{report}");
    (
        texts(lints.map(|finding| &finding["lint"]).collect()),
        texts(unchecked.map(|unchecked| &unchecked["reason"]).collect()),
    )
}

/// The template is right, and all of it is checked.
#[track_caller]
fn assert_fits(folder: &Project, template: &str) {
    assert_eq!(results(folder, template), (vec![], vec![]), "{template}");
}

#[track_caller]
fn assert_mismatch(folder: &Project, template: &str) {
    let (lints, unchecked) = results(folder, template);
    assert_eq!(lints, ["template-mismatch"], "{template}");
    assert!(unchecked.is_empty(), "{unchecked:?} of {template}");
}

/// Nothing is wrong, and something is not checked for a reason with these words.
#[track_caller]
fn assert_unchecked(folder: &Project, template: &str, reason: &str) {
    let (lints, unchecked) = results(folder, template);
    assert!(lints.is_empty(), "{lints:?} of {template}");
    let [one] = &unchecked[..] else {
        panic!("{unchecked:?} of {template}")
    };
    assert!(one.contains(reason), "{one} of {template}");
}

#[test]
fn an_arm64_zip_without_architectures_is_rejected_with_place_and_fix() {
    let folder = folder();
    let outcome = check(&folder, &sam("Runtime: provided.al2023\nCodeUri: arm.zip"));
    outcome
        .exits(1)
        .says(
            "error[template-mismatch]: `Orders` in template.yaml:3 has no `Architectures`, so \
             Lambda runs it on x86_64, but `arm.zip` is built for arm64: it would fail with `exec \
             format error`",
        )
        .says("help: write `Architectures: [arm64]` in the properties of `Orders`")
        .says("1 of 1 packages rejected");
    let right = sam("Runtime: provided.al2023\nCodeUri: arm.zip\nArchitectures: [arm64]");
    check(&folder, &right).exits(0).says("Checked arm arm64");
    check(&folder, &sam("Runtime: provided.al2023\nCodeUri: x86.zip")).exits(0);
    let wrong = sam("Runtime: provided.al2023\nCodeUri: x86.zip\nArchitectures:\n- arm64");
    check(&folder, &wrong)
        .exits(1)
        .says("template.yaml:9 has `Architectures: [arm64]`, but `x86.zip` is built for x86_64");
    let allowed = [
        "check",
        "--template",
        "template.yaml",
        "-W",
        "template-mismatch",
    ];
    folder
        .run(&allowed)
        .exits(0)
        .says("warning[template-mismatch]");
}

#[test]
fn machines_are_told_the_line_of_the_template() {
    let folder = folder();
    let template = sam("Runtime: provided.al2023\nArchitectures: [x86_64]\nCodeUri: arm.zip");
    let report = report(&folder, &template);
    let archive = &report["archives"][0];
    assert_eq!(archive["template"]["resource"], "Orders");
    assert_eq!(archive["template"]["line"], 3);
    assert_eq!(archive["findings"][0]["place"]["line"], 8);
    let path = archive["findings"][0]["place"]["path"].as_str().unwrap();
    assert_eq!(path, folder.path("template.yaml").to_str().unwrap());
    let args = |format| {
        [
            "check",
            "--template",
            "template.yaml",
            "--message-format",
            format,
        ]
    };
    folder
        .run(&args("github"))
        .exits(1)
        .prints("::error file=template.yaml,line=8,title=template-mismatch::`Orders` in ");
    let sarif = folder.run(&args("sarif")).json();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "template.yaml");
    assert_eq!(place["region"]["startLine"], 8);
    let args = [
        "check",
        "--template",
        "template.yaml",
        "--report",
        "out/report.json",
    ];
    folder.run(&args).exits(1);
    let written = folder.report_in("out/report.json");
    let archive = &written["archives"][0];
    assert_eq!(archive["template"]["path"], "../template.yaml");
    assert_eq!(archive["findings"][0]["place"]["path"], "../template.yaml");
}

#[test]
fn templates_of_cloudformation_and_json_are_read_alike() {
    let folder = folder();
    let function = |architectures: &str| {
        format!(
            r#"{{
	"Resources": {{
		"Orders": {{
			"Type": "AWS::Lambda::Function",
			"Properties": {{
				"Code": ".\/arm.zip", "Runtime": "provided.al2023", "Handler": "bootstrap",
				"Description": "a \ud83d\ude80"{architectures}
			}}
		}}
	}}
}}
"#
        )
    };
    assert_mismatch(&folder, &function(""));
    assert_fits(&folder, &function(", \"Architectures\": [\"arm64\"]"));
    let reference = ", \"Architectures\": [{\"Ref\": \"Arch\"}]";
    assert_unchecked(&folder, &function(reference), "only a deploy resolves");
}

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
    ] {
        assert_mismatch(&folder, &architectures(value));
    }
    for (value, reason) in [
        ("[!Ref Bare]", "`Bare`, a parameter without a default"),
        ("[!Ref Stored]", "a parameter of Systems Manager"),
        ("[!If [IsBare, arm64, x86_64]]", "the condition `IsBare`"),
        ("[!GetAtt Other.Arch]", "`!GetAtt`"),
        ("[!ImportValue arch]", "`!ImportValue`"),
        ("['{{resolve:ssm:/arch}}']", "a dynamic reference"),
        ("[!Sub '${AWS::Region}']", "`${AWS::Region}`"),
        ("[!FindInMap [ByStage, none, Arch]]", "which is not there"),
        ("[[arm64]]", "not a text"),
    ] {
        assert_unchecked(&folder, &architectures(value), reason);
    }
}

#[test]
fn code_that_is_no_zip_here_is_listed() {
    let folder = folder();
    folder.write("source/main.rs", "");
    let with = |code: &str| sam(&format!("Runtime: provided.al2023\n{code}"));
    for (code, reason) in [
        ("CodeUri: source", "a folder"),
        ("CodeUri: s3://bucket/orders.zip", "in S3"),
        ("CodeUri: {Bucket: b, Key: k}", "in S3"),
        (
            "CodeUri: !Sub '${AWS::Region}.zip'",
            "only a deploy resolves `CodeUri`",
        ),
        ("InlineCode: 'exit 1'", "in the template"),
        ("PackageType: Image\nImageUri: x", "a container image"),
        ("Timeout: 3", "has no `CodeUri`"),
    ] {
        assert_unchecked(&folder, &with(code), reason);
    }
    let built = "Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties: {CodeUri: source, Handler: bootstrap, Runtime: provided.al2023}";
    assert_unchecked(&folder, built, "`sam build` makes the code");
    for (resource, reason) in [
        (
            "Type: AWS::Lambda::Function\n    Properties: {Code: {ZipFile: x}}",
            "in the template",
        ),
        (
            "Type: AWS::Lambda::Function\n    Properties: {Code: {S3Bucket: b, S3Key: k}}",
            "in S3",
        ),
        (
            "Type: AWS::Serverless::Application\n    Properties: {Location: a.yaml}",
            "--template",
        ),
        ("Type: My::Own::Thing::MODULE", "expands the module"),
        ("Properties: {}", "no `Type`"),
    ] {
        let template = format!("Resources:\n  It:\n    {resource}\n");
        assert_unchecked(&folder, &template, reason);
    }
    let template = "Transform: [AWS::Serverless-2016-10-31, OurMacro]\nResources: {}";
    assert_unchecked(&folder, template, "the macro `OurMacro`");
    let outcome = check(&folder, "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}");
    outcome
        .exits(0)
        .says("Not checked template.yaml:1: it has no function");
}

#[test]
fn runtimes_and_handlers_are_those_of_lambda() {
    let folder = folder();
    let runtime = |runtime: &str| sam(&format!("{runtime}\nCodeUri: x86.zip"));
    for wrong in [
        "Timeout: 3",
        "Runtime: al2023",
        "Runtime: provided.al2024",
        "Runtime: python3.13",
    ] {
        assert_mismatch(&folder, &runtime(wrong));
    }
    let outcome = check(&folder, &runtime("Runtime: provided.al2022"));
    outcome.exits(1).says("did you mean `provided.al2");
    check(&folder, &runtime("Runtime: provided.al2"))
        .exits(0)
        .says("warning[deprecated-runtime]");
    assert_unchecked(
        &folder,
        &runtime("Runtime: provided"),
        "its runtime `provided`",
    );
    let python = Forgery::of([Forged::file("app.py", 0o644, "x")]);
    folder.write("python.zip", python.bytes());
    let template = sam("Runtime: python3.13\nCodeUri: python.zip");
    assert_unchecked(&folder, &template, "its runtime `python3.13`");
    let template = sam("Runtime: provided.al2023\nCodeUri: python.zip");
    assert_eq!(results(&folder, &template).0, ["missing-bootstrap"]);
    for (handler, fits) in [
        ("", false),
        ("Handler: 'a b'", false),
        ("Handler: main", true),
    ] {
        let template = format!(
            "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: \
             x86.zip\n      Runtime: provided.al2023\n      {handler}\n"
        );
        if fits {
            assert_fits(&folder, &template);
        } else {
            assert_mismatch(&folder, &template);
        }
    }
    assert_mismatch(&folder, &sam("PackageType: Image\nCodeUri: x86.zip"));
}

#[test]
fn layers_are_read_and_held_against_the_functions() {
    let folder = folder();
    let with = |layers: &str, zip: &str, compatible: &str| {
        format!(
            "{}
  Agent:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: {zip}
{compatible}",
            sam(&format!(
                "Runtime: provided.al2023\nCodeUri: x86.zip\nLayers: {layers}"
            ))
        )
    };
    assert_fits(&folder, &with("[!Ref Agent]", "layer-x86.zip", ""));
    assert_mismatch(&folder, &with("[!Ref Agent]", "layer-arm.zip", ""));
    let told = results(&folder, &with("[!Ref Agent]", "extension.zip", "")).0;
    assert_eq!(told, ["wrong-architecture"]);
    assert_mismatch(&folder, &with("[./layer-arm.zip]", "layer-arm.zip", ""));
    let compatible = "      CompatibleArchitectures: [x86_64]";
    assert_mismatch(&folder, &with("[]", "layer-arm.zip", compatible));
    assert_fits(&folder, &with("[]", "layer-x86.zip", compatible));
    let arn = "['arn:aws:lambda:eu-west-1:123456789012:layer:php:3']";
    assert_unchecked(&folder, &with(arn, "layer-x86.zip", ""), "layer:php:3");
    let template = with("[!Ref Agent]", "s3://b/agent.zip", "");
    let (lints, unchecked) = results(&folder, &template);
    assert_eq!((lints.len(), unchecked.len()), (0, 2), "{unchecked:?}");
    // The bootstrap may be in a layer that is known.
    let files = Forgery::of([Forged::file("data", 0o644, "x")]);
    folder.write("x86.zip", files.bytes());
    let (lints, _) = results(&folder, &with("[!Ref Agent]", "layer-x86.zip", ""));
    assert_eq!(lints, ["missing-bootstrap"]);
    folder.write("layer-x86.zip", zip(Machine::X86_64));
    let (lints, _) = results(&folder, &with("[!Ref Agent]", "layer-x86.zip", ""));
    assert!(
        !lints.contains(&"missing-bootstrap".to_owned()),
        "{lints:?}"
    );
    let six = "[a, b, c, d, e, f]";
    let (lints, _) = results(&folder, &with(six, "layer-x86.zip", ""));
    assert!(lints.contains(&"too-many-layers".to_owned()), "{lints:?}");
}

#[test]
fn paths_begin_in_the_folder_of_the_template() {
    let folder = folder();
    let function = |code: &str| {
        format!(
            "{}      Architectures: [arm64]\n",
            sam(&format!("Runtime: provided.al2023\nCodeUri: {code}"))
        )
    };
    let absolute = folder.path("arm.zip");
    for code in ["../../arm.zip", absolute.to_str().unwrap()] {
        folder.write("deploy/aws/t.yaml", function(code));
        let outcome = folder.run(&["check", "--template", "deploy/aws/t.yaml"]);
        outcome.exits(0).says("Checked arm arm64");
    }
    // Zips and several templates are checked in one run.
    folder.write(
        "other.yaml",
        sam("Runtime: provided.al2023\nCodeUri: arm.zip"),
    );
    let args = [
        "check",
        "x86.zip",
        "--template",
        "other.yaml",
        "--template",
        "deploy/aws/t.yaml",
    ];
    folder.run(&args).exits(1).says("1 of 3 packages rejected");
}

#[test]
fn a_missing_zip_is_an_error_at_its_line_and_others_are_checked() {
    let folder = folder();
    let template = "Resources:
  Gone:
    Type: AWS::Serverless::Function
    Properties: {Handler: bootstrap, Runtime: provided.al2023, CodeUri: gone.zip}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: bootstrap, Runtime: provided.al2023, CodeUri: x86.zip}
";
    check(&folder, template)
        .exits(3)
        .says("the zip `gone.zip` of `Gone` in template.yaml:4 does not exist")
        .says("Checked x86 x86_64");
    let args = [
        "check",
        "--template",
        "template.yaml",
        "--message-format",
        "github",
    ];
    folder
        .run(&args)
        .exits(3)
        .prints("::error file=template.yaml,line=4::the zip `gone.zip`");
}

#[test]
fn what_is_no_template_is_an_error_with_its_line() {
    let folder = folder();
    for (template, place, message) in [
        ("a: [b", "template.yaml:", "the template is not YAML"),
        ("", "template.yaml:1:1", "the template is empty"),
        ("Outputs: {}", "template.yaml:1:1", "has no `Resources`"),
        ("Resources: [x]", "template.yaml:1:12", "not a map"),
        (
            "Resources:\n  A: !Reff X",
            "template.yaml:2:6",
            "did you mean `!Ref`?",
        ),
        (
            "Resources:\n  A: 1\n  A: 2",
            "template.yaml:3:3",
            "the key `A` is there twice",
        ),
        (
            "Resources: &a {A: *a}",
            "template.yaml:1:19",
            "inside of the value",
        ),
        (
            "Resources: {}\n---\nResources: {}",
            "template.yaml:2:1",
            "a second document",
        ),
        ("? [a]\n: b", "template.yaml:", "a key is not a text"),
    ] {
        let outcome = check(&folder, template);
        outcome.exits(2).says(message).says(place);
        let report = report(&folder, template);
        let error = &report["errors"][0];
        assert!(error["line"].as_u64() >= Some(1), "{error}");
    }
    let nested = |levels: usize| format!("Resources: {}{}", "[".repeat(levels), "]".repeat(levels));
    check(&folder, &nested(70))
        .exits(2)
        .says("nested deeper than 64");
    check(&folder, &nested(5000))
        .exits(2)
        .says("template.yaml:1:");
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..15 {
        let before = n - 1;
        let four = vec![format!("*a{before}"); 4].join(", ");
        laughs.extend([format!("a{n}: &a{n} !Join ['', [{four}]]\n")]);
    }
    let template =
        "Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: *a14}}}";
    assert_unchecked(&folder, &format!("{laughs}{template}"), "`CodeUri`");
    folder.write("large.yaml", " ".repeat(2 * 1024 * 1024 + 1));
    folder
        .run(&["check", "--template", "large.yaml"])
        .exits(2)
        .says("larger than 2.0 MiB");
    folder.write("binary.yaml", [b'a', b'\n', 0xff]);
    folder
        .run(&["check", "--template", "binary.yaml"])
        .exits(2)
        .says("not UTF-8 (line 2)");
    folder.add_pipe("pipe.yaml");
    folder
        .run(&["check", "--template", "pipe.yaml"])
        .exits(2)
        .says("not a regular file");
    folder
        .run(&["check", "--template", "."])
        .exits(2)
        .says("is a folder");
    folder
        .run(&["check", "--template", "none.yaml"])
        .exits(3)
        .says("the template `")
        .says("none.yaml` does not exist");
}

#[test]
fn anchors_and_merges_are_those_of_yaml() {
    let folder = folder();
    let template = "
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
