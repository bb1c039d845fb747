//! The script for the AWS CLI.

use serde_json::json;

use super::{BUCKET, Deployment};

/// LocalStack asks no role for anything.
const ROLE: (&str, &str) = ("ROLE_ARN", "arn:aws:iam::000000000000:role/function");

/// The lines of the script's output, in an order of their own.
fn said(output: &str) -> Vec<&str> {
    let mut lines: Vec<_> = output.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_script_creates_once_and_updates_what_differs() {
    // The extension is selected too: alone, it would be compiled with other features.
    let bins = ["orders", "invoice", "heartbeat"].map(|bin| format!("--bin={bin}"));
    let options: Vec<&str> = bins.iter().map(String::as_str).collect();
    let mut shop = Deployment::with_layers(&options);
    shop.template("aws-cli", &[], "deploy.sh");
    assert_eq!(shop.client(&["shellcheck", "deploy.sh"], &[]), "");

    let created = shop.client(&["dash", "deploy.sh"], &[ROLE]);
    assert_eq!(
        said(&created),
        [
            "heartbeat-arm64: published",
            "heartbeat-x86_64: published",
            "invoice-arm64: created",
            "invoice-x86_64: created",
            "orders-arm64: created",
            "orders-x86_64: created",
            "rates: published",
        ]
    );
    shop.prove();
    let event = r#"{"order": "o-1", "lines": []}"#;
    for name in ["orders-x86_64", "orders-arm64"] {
        let function = ["aws", "lambda", "invoke", "--function-name", name];
        let arguments = ["--payload", event, "/dev/stderr"];
        let answer = shop.client(&[&function[..], &arguments[..]].concat(), &[]);
        let architecture = name.strip_prefix("orders-").unwrap();
        let expected = format!(r#""architecture":"{architecture}""#);
        assert!(answer.contains(&expected), "{answer}");
    }

    // It had another architecture, and gets this one with the code.
    let zip = shop.folder.path().join("zips/orders-x86_64.zip");
    let call = json!({
        "FunctionName": "orders-arm64",
        "Architectures": ["x86_64"],
        "ZipFile": {"file": zip},
    });
    let updated = shop
        .localstack
        .call("lambda", "update_function_code", &call);
    updated.unwrap();
    let updated = shop.client(&["bash", "deploy.sh"], &[]);
    assert_eq!(
        said(&updated),
        [
            "heartbeat-arm64: up to date",
            "heartbeat-x86_64: up to date",
            "invoice-arm64: up to date",
            "invoice-x86_64: up to date",
            "orders-arm64: updated",
            "orders-x86_64: up to date",
            "rates: up to date",
        ]
    );
    shop.prove();
}

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_script_sends_a_large_zip_through_s3() {
    let mut shop = Deployment::of_large();
    shop.template("aws-cli", &[], "deploy.sh");
    let refused = shop.run(&["sh", "deploy.sh"], &[ROLE]);
    assert_ne!(refused.status, 0);
    assert!(refused.stderr.contains("BUCKET: set it"), "{refused:?}");

    shop.bucket();
    let created = shop.client(&["sh", "deploy.sh"], &[ROLE, ("BUCKET", BUCKET)]);
    assert_eq!(
        said(&created),
        ["orders-arm64: created", "orders-x86_64: created"]
    );
    shop.prove();
}
