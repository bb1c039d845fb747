//! Layers that this workspace does not make: by the paths of their zips and by ARNs.

use forge::{Forged, Forgery};
use serde_json::{Value, json};

use super::named_layers::{archive, shop};

#[test]
fn a_path_has_the_architecture_of_the_function() {
    let project = shop("layers = \"{arch}.zip\"\narchitectures = [\"arm64\", \"x86_64\"]");
    for arch in ["arm64", "x86_64"] {
        let output = format!("crates/orders/{arch}.zip");
        let args = ["layer", "certs", "--arch", arch, "-o", &output];
        project.run(&args).exits(0);
    }
    let report = project.report(&["-p", "orders"]);
    for name in ["orders-arm64", "orders-x86_64"] {
        let path = archive(&report, name)["layers"][0]["path"]
            .as_str()
            .unwrap();
        let arch = name.strip_prefix("orders-").unwrap();
        assert!(
            path.ends_with(&format!("crates/orders/{arch}.zip")),
            "{path}"
        );
    }
}

#[test]
fn templates_deploy_the_zip_of_a_path() {
    let project = shop("layers = \"../../fonts.v1.zip\"");
    project
        .run(&["layer", "certs", "-o", "fonts.v1.zip"])
        .exits(0);
    for (kind, layer, reference) in [
        ("sam", "ContentUri: fonts.v1.zip\n", "!Ref FontsV1Layer\n"),
        (
            "cloudformation",
            "Content: fonts.v1.zip\n",
            "!Ref FontsV1Layer\n",
        ),
        (
            "aws-cli",
            "put_layer fonts-v1 '' provided.al2023 fonts.v1.zip\n",
            " \"$layer_0\"\n",
        ),
        (
            "cdk",
            "code: lambda.Code.fromAsset('fonts.v1.zip'),\n",
            "layers: [layer0]",
        ),
        (
            "serverless",
            "artifact: fonts.v1.zip\n",
            "!Ref FontsV1LayerLambdaLayer\n",
        ),
    ] {
        let outcome = project.run(&["template", kind, "-p", "orders"]);
        outcome.exits(0).prints(layer).prints(reference);
        assert_eq!(outcome.stderr, "", "{kind}");
    }
    let of_sources = project.run(&["template", "sam", "-p", "orders", "--from-source"]);
    of_sources.exits(0).prints("ContentUri: fonts.v1.zip\n");
    let makefile = project.run(&["template", "sam", "-p", "orders", "--makefile"]);
    assert!(!makefile.exits(0).stdout.contains("FontsV1"), "{makefile}");
}

#[test]
fn an_arn_counts_with_its_size() {
    const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:layer:fonts:3";
    let table = |size: &str| format!("layers = {{ arn = \"{ARN}\", size = \"{size}\" }}");
    let project = shop(&table("12 MiB"));
    let report = project.report(&["-p", "orders"]);
    let expected = json!([{ "name": null, "path": null, "arn": ARN, "bytes": 12 << 20 }]);
    assert_eq!(archive(&report, "orders")["layers"], expected);
    let outcome = shop(&table("250 MiB")).run(&["-p", "orders"]);
    outcome.exits(1).says("unzipped-too-large");
    let other = ARN.replace(":3", ":4=1MiB");
    let outcome = project.run(&["-p", "orders", "--layer", &other]);
    outcome.exits(1).says("layer:fonts` is named twice");
    let report = shop("").report(&["-p", "orders", "--layer", ARN]);
    assert_eq!(
        archive(&report, "orders")["layers"][0]["bytes"],
        Value::Null
    );
    let outcome = shop(&format!(
        "layers = {{ arn = \"{}\" }}",
        ARN.trim_end_matches(":3")
    ))
    .run(&[]);
    outcome
        .exits(2)
        .says("has no version")
        .says("crates/orders/Cargo.toml:7:");
}

#[test]
fn a_zip_of_a_path_that_only_s3_takes_is_named_in_the_report() {
    const LARGE: usize = 50 << 20;
    let project = shop("layers = [\"../../small.zip\", \"../../large.zip\"]");
    let zip = |bytes: usize| Forgery::of([Forged::file("data", 0o644, vec![b'a'; bytes])]).bytes();
    project.write("small.zip", zip(1));
    project.write("large.zip", zip(LARGE));
    let report = project.report(&["-p", "orders", "--dry-run"]);
    let layers = &archive(&report, "orders")["layers"];
    assert_eq!(layers[0].get("direct_upload"), None, "{layers}");
    assert_eq!(layers[1]["direct_upload"], false, "{layers}");
}
