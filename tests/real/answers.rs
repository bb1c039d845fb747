//! The shop's packages answer under AWS's emulator.

use std::process::Command;

use serde_json::{Value, json};

use crate::architecture::Architecture::{self, Arm64, X86_64};
use crate::emulator::{Emulator, Package};
use crate::failure::Failure;
use crate::parts::output;
use crate::shop::shop;

fn start(bin: &str, architecture: Architecture) -> Emulator {
    Emulator::start(&Package::new(architecture, shop().zip(bin, architecture)))
}

fn orders_confirms_an_order(architecture: Architecture) {
    let lines = json!([{"item": "beans", "quantity": 2}, {"item": "filter", "quantity": 1}]);
    let event = json!({"order": "o-17", "lines": lines});

    let mut answer = start("orders", architecture).invoke(&event).unwrap();

    let request = answer.as_object_mut().unwrap().remove("request_id");
    assert!(request.is_some_and(|id| id.is_string()));
    assert_eq!(
        answer,
        json!({
            "order": "o-17",
            "lines": lines,
            "total_cents": 3030,
            "architecture": architecture.name(),
        })
    );
}

fn invoice_adds_the_tax(architecture: Architecture) {
    let event = json!({
        "order": "o-18",
        "lines": [{"item": "grinder", "quantity": 1}],
        "country": "AT",
    });
    assert_eq!(
        start("invoice", architecture).invoke(&event),
        Ok(json!({
            "order": "o-18",
            "net_cents": 8900,
            "tax_cents": 1780,
            "gross_cents": 10680,
            "architecture": architecture.name(),
        }))
    );
}

fn refund_pays_back_no_more_than_was_paid(architecture: Architecture) {
    let event = json!({
        "order": "o-19",
        "paid_cents": 1000,
        "returned": [{"item": "beans", "quantity": 1}],
    });
    assert_eq!(
        start("refund", architecture).invoke(&event),
        Ok(json!({
            "order": "o-19",
            "refund_cents": 1000,
            "architecture": architecture.name(),
        }))
    );
}

/// The zip of an extension is a layer: Lambda unpacks it at `/opt`, and starts
/// whatever it finds in `/opt/extensions`.
fn heartbeat_sees_the_invocation(architecture: Architecture) {
    let package = Package::new(architecture, shop().zip("orders", architecture))
        .layer(shop().zip("heartbeat", architecture));
    let mut emulator = Emulator::start(&package);

    let answer = emulator
        .invoke(&json!({"order": "o-20", "lines": []}))
        .unwrap();

    let request = answer["request_id"].as_str().unwrap();
    emulator.wait_for(&format!("heartbeat: INVOKE {request}"));
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn orders_confirms_an_order_on_x86_64() {
    orders_confirms_an_order(X86_64);
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn orders_confirms_an_order_on_arm64() {
    orders_confirms_an_order(Arm64);
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn invoice_adds_the_tax_on_x86_64() {
    invoice_adds_the_tax(X86_64);
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn invoice_adds_the_tax_on_arm64() {
    invoice_adds_the_tax(Arm64);
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn refund_pays_back_no_more_than_was_paid_on_x86_64() {
    refund_pays_back_no_more_than_was_paid(X86_64);
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn refund_pays_back_no_more_than_was_paid_on_arm64() {
    refund_pays_back_no_more_than_was_paid(Arm64);
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn heartbeat_sees_the_invocation_on_x86_64() {
    heartbeat_sees_the_invocation(X86_64);
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn heartbeat_sees_the_invocation_on_arm64() {
    heartbeat_sees_the_invocation(Arm64);
}

/// `invoke` starts the function and its extension too, and both see the same.
fn orders_answers_by_invoke(architecture: Architecture) {
    let event = json!({"order": "o-22", "lines": [{"item": "beans", "quantity": 2}]});
    let output = output(
        Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"))
            .args(["lambda-zip", "invoke", "--message-format", "json"])
            .arg(shop().zip("orders", architecture))
            .arg("--layer")
            .arg(shop().zip("heartbeat", architecture))
            .args(["--event", &event.to_string()]),
    );
    let document: Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(document["architecture"], architecture.name());
    let invocation = &document["invocations"][0];
    let answer: Value = serde_json::from_str(invocation["answer"].as_str().unwrap()).unwrap();
    assert_eq!(answer["total_cents"], 2580);
    assert_eq!(answer["request_id"], invocation["request_id"]);
    let seen = format!(
        "heartbeat: INVOKE {}",
        invocation["request_id"].as_str().unwrap()
    );
    let log = document["log_tail"].as_str().unwrap();
    assert!(log.contains(&seen), "{log}");
    assert!(log.contains("heartbeat: SHUTDOWN"), "{log}");
}

#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn orders_answers_by_invoke_on_x86_64() {
    orders_answers_by_invoke(X86_64);
}

#[test]
#[ignore = "needs QEMU and the musl targets: run tests/run"]
fn orders_answers_by_invoke_on_arm64() {
    orders_answers_by_invoke(Arm64);
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn an_error_of_the_function_reaches_the_caller() {
    let event = json!({"order": "o-21", "lines": [{"item": "tea", "quantity": 1}]});
    assert_eq!(
        start("orders", X86_64).invoke(&event),
        Err(Failure {
            error_type: "UnknownItem".to_owned(),
            message: "the shop does not sell `tea`".to_owned(),
        })
    );
}
