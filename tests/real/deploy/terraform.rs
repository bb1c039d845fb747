//! The configuration for Terraform.

use super::{BUCKET, Deployment};
use crate::parts::part;

/// The settings of the provider that LocalStack needs.
const PROVIDER: &str = "provider \"aws\" {\n  s3_use_path_style = true\n}\n";
/// LocalStack asks no role for anything.
const ROLE: (&str, &str) = ("TF_VAR_role_arn", "arn:aws:iam::000000000000:role/function");

fn terraform(shop: &mut Deployment, arguments: &[&str]) -> String {
    let command = [&["terraform"], arguments].concat();
    shop.client(&command, &VARIABLES)
}

const VARIABLES: [(&str, &str); 3] = [
    ROLE,
    ("TF_VAR_bucket", BUCKET),
    // The machine's own configuration is no part of the test.
    ("TF_CLI_CONFIG_FILE", "/dev/null"),
];

fn init(shop: &mut Deployment) {
    shop.template("terraform", &["--report", "report.json"], "lambda.tf");
    shop.write("provider.tf", PROVIDER);
    let plugins = part("terraform-plugins");
    let plugins = format!("-plugin-dir={}", plugins.display());
    terraform(shop, &["init", "-no-color", "-input=false", &plugins]);
    terraform(shop, &["validate", "-no-color"]);
    terraform(shop, &["fmt", "-check", "lambda.tf"]);
}

const APPLY: [&str; 4] = ["apply", "-no-color", "-input=false", "-auto-approve"];
const PLAN: [&str; 4] = ["plan", "-no-color", "-input=false", "-detailed-exitcode"];

#[test]
#[ignore = "needs Terraform with its AWS provider, the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_configuration_deploys_what_is_in_the_report() {
    let mut shop = Deployment::with_layers(&[]);
    init(&mut shop);
    terraform(&mut shop, &APPLY);
    shop.prove();
    // By its exit code, there are no changes.
    let plan = terraform(&mut shop, &PLAN);
    assert!(plan.contains("No changes."), "{plan}");

    // A report that leaves packages out would destroy them.
    let whole = fs_err::read_to_string(shop.folder.path().join("report.json")).unwrap();
    let share = whole.replacen('{', r#"{"partition": "1/2","#, 1);
    for report in [&share, r#"{"archives": [], "errors": [{}]}"#] {
        shop.write("report.json", report);
        is_refused(&mut shop, "The report leaves packages out:");
    }
    // So would one of a run for fewer packages, or of `pack` or `check`.
    let mut fewer: serde_json::Value = serde_json::from_str(&whole).unwrap();
    let archives = fewer["archives"].as_array_mut().unwrap();
    archives.retain(|archive| archive["name"] != "orders-arm64");
    shop.write("report.json", &fewer.to_string());
    let message = "The report lacks function orders-arm64, which Terraform would destroy.";
    is_refused(&mut shop, message);
    let mut packed: serde_json::Value = serde_json::from_str(&whole).unwrap();
    packed["archives"][0]["package"].take();
    shop.write("report.json", &packed.to_string());
    is_refused(&mut shop, "The report is one of pack or check, with ");
    shop.write("report.json", &whole);

    // A zip that is not the one in the report is not deployed.
    let zips = shop.folder.path().join("zips");
    fs_err::copy(zips.join("refund-arm64.zip"), zips.join("orders-arm64.zip")).unwrap();
    is_refused(
        &mut shop,
        "The zip of orders-arm64 is not the one in the report: run cargo lambda-zip again.",
    );
}

/// A plan fails with `message`.
#[track_caller]
fn is_refused(shop: &mut Deployment, message: &str) {
    let command = [&["terraform"], &PLAN[..]].concat();
    let refused = shop.run(&command, &VARIABLES);
    assert_eq!(refused.status, 1, "{refused:?}");
    let words = refused
        .stderr
        .split_whitespace()
        .filter(|word| *word != "│");
    let words = words.collect::<Vec<_>>().join(" ");
    assert!(words.contains(message), "{words}");
}

#[test]
#[ignore = "needs Terraform with its AWS provider, the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_configuration_sends_a_large_zip_through_s3() {
    let mut shop = Deployment::of_large();
    shop.bucket();
    init(&mut shop);
    terraform(&mut shop, &APPLY);
    shop.prove();
}
