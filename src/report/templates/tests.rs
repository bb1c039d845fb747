//! What the templates say is what was planned, whatever the names are.

#[cfg(unix)]
use std::process::Command;

use camino::Utf8PathBuf;
use saphyr::{LoadableYamlNode, Yaml};

use super::*;
use crate::lambda::{Architecture, Kind};
use crate::report::LayerReport;

/// A path with everything that a language of templates could take for its own.
#[cfg(not(windows))]
const NASTY: &str = "it's \"$HOME\" ${x} %{y} #! ~ `id` \\ ü\u{a0}: - [a]/a b.zip";
/// The same without a backslash, which separates folders there.
#[cfg(windows)]
const NASTY: &str = "it's \"$HOME\" ${x} %{y} #! ~ `id` ü\u{a0}: - [a]/a b.zip";

fn archive(bin: &str, kind: Kind, architecture: Architecture) -> ArchiveReport {
    ArchiveReport {
        bin: bin.to_owned(),
        name: bin.to_owned(),
        kind,
        architecture: Some(architecture),
        path: format!("/shop/{NASTY}").into(),
        ..ArchiveReport::default()
    }
}

fn text(kind: TemplateKind, archives: &[ArchiveReport]) -> String {
    let commands = Commands {
        all: ["cargo", "lambda-zip", "-p", "it's \\ $x"]
            .map(str::to_owned)
            .to_vec(),
        report: format!("/shop/{NASTY}/report.json").into(),
        ..Commands::default()
    };
    template(kind, archives, Utf8Path::new("/shop"), &commands)
        .unwrap()
        .text
}

fn orders_and_agent() -> [ArchiveReport; 2] {
    [
        archive("orders", Kind::Function, Architecture::Arm64),
        archive("agent", Kind::Extension, Architecture::X86_64),
    ]
}

#[test]
fn yaml_says_what_was_planned() {
    for (kind, [function, layer]) in [
        (TemplateKind::Sam, ["CodeUri", "ContentUri"]),
        (TemplateKind::Cloudformation, ["Code", "Content"]),
    ] {
        let text = text(kind, &orders_and_agent());
        let document = &Yaml::load_from_str(&text).unwrap()[0];
        let properties = |id: &str| &document["Resources"][id]["Properties"];
        let orders = properties("OrdersFunction");
        assert_eq!(orders[function].as_str(), Some(NASTY), "{text}");
        assert_eq!(orders["FunctionName"].as_str(), Some("orders"));
        assert_eq!(orders["Handler"].as_str(), Some("bootstrap"));
        assert_eq!(orders["Runtime"].as_str(), Some("provided.al2023"));
        assert_eq!(orders["Architectures"][0].as_str(), Some("arm64"));
        let agent = properties("AgentLayer");
        assert_eq!(agent[layer].as_str(), Some(NASTY), "{text}");
        assert_eq!(agent["CompatibleArchitectures"][0].as_str(), Some("x86_64"));
    }
}

#[test]
fn serverless_replaces_no_variable_in_a_path() {
    let text = text(TemplateKind::Serverless, &orders_and_agent());
    let document = &Yaml::load_from_str(&text).unwrap()[0];
    let orders = &document["functions"]["orders"];
    let artifact = orders["package"]["artifact"].as_str().unwrap();
    assert_eq!(artifact, NASTY.replace("${", "\\${"));
    assert_eq!(orders["architecture"].as_str(), Some("arm64"));
    assert_eq!(
        document["layers"]["AgentLayer"]["name"].as_str(),
        Some("agent")
    );
}

#[test]
fn a_scalar_of_yaml_is_read_as_the_string_that_it_was() {
    for name in [
        "on",
        "No",
        "1e3",
        "0x1",
        "~",
        "null",
        "a-b",
        "a: b",
        "",
        "- a",
        "é",
        "a\u{85}b\t",
    ] {
        let text = format!("key: {}\n", quote::yaml(name));
        let document = &Yaml::load_from_str(&text).unwrap()[0];
        assert_eq!(document["key"].as_str(), Some(name), "{text}");
    }
    assert_eq!(
        quote::yaml("target/lambda-zip/a_b.zip"),
        "target/lambda-zip/a_b.zip"
    );
}

#[cfg(unix)]
#[test]
fn the_shell_reads_the_word_that_was_quoted() {
    for word in [NASTY, "", "-n", "a\nb", "'", "*", "plain-1.zip"] {
        let script = format!("printf %s/ {}", quote::shell(word));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            format!("{word}/")
        );
    }
}

#[test]
fn a_string_of_json_and_of_typescript_is_the_text_with_escapes() {
    for text in [NASTY, "a\u{2028}b\n\u{1b}"] {
        assert_eq!(
            serde_json::from_str::<String>(&quote::json(text)).unwrap(),
            text
        );
    }
    assert_eq!(
        quote::typescript("it's \\ \"$x\" ${y}"),
        "'it\\'s \\\\ \"$x\" ${y}'"
    );
    let stack = text(TemplateKind::Cdk, &orders_and_agent());
    assert!(stack.contains("'-p', 'it\\'s \\\\ $x'"), "{stack}");
}

#[test]
fn a_recipe_of_a_makefile_keeps_dollars() {
    let words = ["cargo", "lambda-zip", "--include", "it's $x"].map(str::to_owned);
    assert_eq!(
        quote::recipe(&words),
        r"cargo lambda-zip --include 'it'\''s $$x'"
    );
}

#[test]
fn names_and_ids_that_conflict_or_that_lambda_refuses_are_errors() {
    let refused = |archives: &[ArchiveReport]| {
        let commands = Commands::default();
        let result = template(
            TemplateKind::Sam,
            archives,
            Utf8Path::new("/shop"),
            &commands,
        );
        result.err().unwrap().to_string()
    };
    let function = |bin: &str| archive(bin, Kind::Function, Architecture::Arm64);
    let message = refused(&[function("order-s"), function("order_s")]);
    assert!(message.contains("`order-s` and `order_s`"), "{message}");
    assert!(message.contains("logical ID `OrderSFunction`"), "{message}");
    let message = refused(&[function("orders"), function("orders")]);
    assert!(
        message.contains("two functions would be deployed as `orders`"),
        "{message}"
    );
    for bin in ["a.b", "größe", &"x".repeat(65)] {
        let message = refused(&[function(bin)]);
        assert!(
            message.contains("cannot be the name of a function"),
            "{message}"
        );
    }
    // A function and a layer may have one name.
    text(
        TemplateKind::Sam,
        &[
            function("a"),
            archive("a", Kind::Extension, Architecture::Arm64),
        ],
    );
}

/// Functions that take a layer of this report, one that is published, and one of which only the
/// size is known.
fn with_layers() -> Vec<ArchiveReport> {
    let mut orders = archive("orders", Kind::Function, Architecture::Arm64);
    let named = |name: &str| LayerReport {
        name: Some(name.to_owned()),
        ..LayerReport::default()
    };
    let published = LayerReport {
        arn: Some("arn:aws:lambda:eu-west-1:1:layer:x:2".to_owned()),
        ..LayerReport::default()
    };
    orders.layers = vec![named("agent"), published, LayerReport::default()];
    let of = |name: &str, architecture| ArchiveReport {
        name: name.to_owned(),
        ..archive("agent", Kind::Extension, architecture)
    };
    vec![
        of("agent-x86_64", Architecture::X86_64),
        of("agent-arm64", Architecture::Arm64),
        orders,
    ]
}

#[test]
fn layers_are_references_to_those_of_the_same_architecture() {
    let expected = [
        (
            TemplateKind::Sam,
            "      Layers:\n        - !Ref AgentArm64Layer\n        - \"arn:",
        ),
        (
            TemplateKind::Cloudformation,
            "        - !Ref AgentArm64Layer\n",
        ),
        (
            TemplateKind::Serverless,
            "      - !Ref AgentArm64LayerLambdaLayer\n      - \"arn:",
        ),
        (TemplateKind::AwsCli, "\nlayer_1=$layer\n"),
        (
            TemplateKind::AwsCli,
            " \"$layer_1\" arn:aws:lambda:eu-west-1:1:layer:x:2\n",
        ),
        (
            TemplateKind::Cdk,
            "    const layer1 = new lambda.LayerVersion(this, 'AgentArm64Layer'",
        ),
        (
            TemplateKind::Cdk,
            "layers: [layer1, lambda.LayerVersion.fromLayerVersionArn(",
        ),
    ];
    for (kind, expected) in expected {
        let text = text(kind, &with_layers());
        assert!(text.contains(expected), "{text}");
        // The other one is made, and nothing refers to it.
        assert!(text.contains("agent-x86_64"), "{text}");
        assert!(
            !text.contains("layer_0=") && !text.contains("layer0 ="),
            "{text}"
        );
    }
}

/// A layer of the same name in another package is another layer.
#[test]
fn a_layer_is_that_of_its_path() {
    let of = |package: &str| {
        let path = Utf8PathBuf::from(format!("/shop/{package}-tools.zip"));
        let layer = ArchiveReport {
            name: format!("{package}-tools"),
            path: path.clone(),
            ..archive("tools", Kind::Layer, Architecture::Arm64)
        };
        let taken = LayerReport {
            name: Some("tools".to_owned()),
            path: Some(path),
            ..LayerReport::default()
        };
        let function = ArchiveReport {
            layers: vec![taken],
            ..archive(package, Kind::Function, Architecture::Arm64)
        };
        [layer, function]
    };
    let archives = [of("a"), of("b")].concat();
    let sam = text(TemplateKind::Sam, &archives);
    for package in ["A", "B"] {
        let layer = format!("        - !Ref {package}ToolsLayer\n");
        assert_eq!(sam.matches(&layer).count(), 1, "{sam}");
    }
}

#[test]
fn a_layer_that_a_template_cannot_name_is_a_warning() {
    let commands = Commands::default();
    let archives = with_layers();
    let template = template(
        TemplateKind::Sam,
        &archives,
        Utf8Path::new("/shop"),
        &commands,
    );
    let warnings = template.unwrap().warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].starts_with("`orders` takes a layer of which only"),
        "{warnings:?}"
    );
}

#[test]
fn terraform_reads_the_report_beside_it() {
    let text = text(TemplateKind::Terraform, &orders_and_agent());
    let body = hcl::parse(&text).unwrap();
    let locals = body.blocks().find(|block| block.identifier() == "locals");
    let mut locals = locals.unwrap().body().attributes();
    let report = locals
        .find(|attribute| attribute.key() == "report")
        .unwrap();
    let hcl::Expression::TemplateExpr(report) = report.expr() else {
        panic!("{report:?}");
    };
    let mut context = hcl::eval::Context::new();
    context.declare_var("path", hcl::value!({ module = "here" }));
    let template = hcl::Template::from_expr(report).unwrap();
    let report = hcl::eval::Evaluate::evaluate(&template, &context).unwrap();
    assert_eq!(report, format!("here/{NASTY}/report.json"));
}

#[test]
fn terraform_names_what_it_was_printed_for() {
    // A function and a layer may have one name, also that of a place in the template.
    let mut archives = orders_and_agent().to_vec();
    archives.push(archive("report", Kind::Layer, Architecture::Arm64));
    archives.push(archive("report", Kind::Function, Architecture::Arm64));
    let text = text(TemplateKind::Terraform, &archives);
    let body = hcl::parse(&text).unwrap();
    let locals = body.blocks().find(|block| block.identifier() == "locals");
    let mut locals = locals.unwrap().body().attributes();
    let printed = locals.find(|attribute| attribute.key() == "printed");
    let expected = [
        "function orders",
        "function report",
        "layer agent",
        "layer report",
    ];
    assert_eq!(
        *printed.unwrap().expr(),
        hcl::Expression::from(expected.map(hcl::Expression::from).to_vec())
    );
}
