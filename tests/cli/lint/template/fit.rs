//! Functions and layers that fit their zips, or do not.

use forge::{Forged, Forgery, Machine};
use serde_json::Value;

use super::{
    assert_fits, assert_mismatch, assert_unchecked, check, folder, in_format, report, results, sam,
    zip,
};

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
    for none in ["", " null", " ~", " []"] {
        let none = format!("Runtime: provided.al2023\nCodeUri: x86.zip\nArchitectures:{none}");
        assert_mismatch(&folder, &sam(&none));
    }
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
    in_format(&folder, "github")
        .exits(1)
        .prints("::error file=template.yaml,line=8,title=template-mismatch::`Orders` in ");
    let sarif = in_format(&folder, "sarif").json();
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
	"Parameters": {{ "Arch": {{ "Type": "String" }} }},
	"Resources": {{
		"Orders": {{
			"Type": "AWS::Lambda::Function",
			"Properties": {{
				"Code": ".\/arm.zip", "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": "r",
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
             x86.zip\n      Role: r\n      Runtime: provided.al2023\n      {handler}\n"
        );
        if fits {
            assert_fits(&folder, &template);
        } else {
            assert_mismatch(&folder, &template);
        }
    }
    assert_mismatch(&folder, &sam("PackageType: Image\nCodeUri: x86.zip"));
    let of = |kind: &str| {
        sam(&format!(
            "PackageType: {kind}\nRuntime: provided.al2023\nCodeUri: x86.zip"
        ))
    };
    assert_fits(&folder, &of("Zip"));
    for kind in ["zip", "image", "ZIP", "Jar"] {
        assert_mismatch(&folder, &of(kind));
    }
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
    for text in [
        "./layer-x86.zip",
        "Agent",
        "!Sub 'Agent'",
        "''",
        "arn:foo",
        "'arn:aws:lambda:eu-west-1:123456789012:layer:php'",
        "'arn:aws:lambda:eu-west-1:123456789012:function:php:3'",
    ] {
        let template = with(&format!("[{text}]"), "layer-x86.zip", "");
        assert_mismatch(&folder, &template);
    }
    check(&folder, &with("\n- layer-x86.zip", "layer-x86.zip", ""))
        .exits(1)
        .says("`Orders` in template.yaml:10 has the layer `layer-x86.zip`, which is not the ARN of a version of a layer");
    let compatible = "      CompatibleArchitectures: [x86_64]";
    assert_mismatch(&folder, &with("[]", "layer-arm.zip", compatible));
    assert_fits(&folder, &with("[]", "layer-x86.zip", compatible));
    for (machine, given) in [(Machine::X86_64, "x86_64"), (Machine::Aarch64, "arm64")] {
        folder.write("runtime.zip", zip(machine));
        let compatible = |name| format!("      CompatibleArchitectures: [{name}]");
        assert_fits(&folder, &with("[]", "runtime.zip", &compatible(given)));
        let other = if given == "arm64" { "x86_64" } else { "arm64" };
        assert_mismatch(&folder, &with("[]", "runtime.zip", &compatible(other)));
    }
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
fn a_zip_of_several_resources_is_told_with_the_place_of_each() {
    let folder = folder();
    let secret = Forged::file(
        "id_rsa",
        0o644,
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n".to_vec(),
    );
    let program = forge::Elf::static_pie(Machine::X86_64).bytes();
    let program = Forged::file("bootstrap", 0o644, program);
    folder.write("bad.zip", Forgery::of([program, secret]).bytes());
    let function = |id: &str| {
        format!(
            "  {id}:
    Type: AWS::Serverless::Function
    Properties: {{Handler: bootstrap, Runtime: provided.al2023, CodeUri: bad.zip}}
"
        )
    };
    let transform = "Transform: AWS::Serverless-2016-10-31";
    let functions = format!("{}{}", function("Orders"), function("Events"));
    let template = format!("{transform}\nResources:\n{functions}");
    check(&folder, &template).exits(1).says(
        "error[not-executable]: bad.zip of `Orders` in template.yaml:3 and `Events` in \
         template.yaml:6: ",
    );
    let outcome = in_format(&folder, "github");
    for (line, id) in [(3, "Orders"), (6, "Events")] {
        outcome.prints(&format!(
            "::error file=template.yaml,line={line},title=not-executable::bad.zip of `{id}`: "
        ));
    }
    let sarif = in_format(&folder, "sarif").json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let of_lint = results
        .iter()
        .filter(|result| result["ruleId"] == "not-executable");
    let places: Vec<_> = of_lint
        .clone()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            (
                place["artifactLocation"]["uri"].as_str().unwrap(),
                place["region"]["startLine"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(places, [("template.yaml", 3), ("template.yaml", 6)]);
    let mut fingerprints: Vec<&Value> = results
        .iter()
        .map(|result| &result["partialFingerprints"])
        .collect();
    let all = fingerprints.len();
    fingerprints.sort_by_key(ToString::to_string);
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), all, "{results:?}");
}
