//! The service for the Serverless Framework, deployed by its open fork osls.

use super::Deployment;

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_service_is_deployed() {
    let mut shop = Deployment::with_layers(&[]);
    shop.template("serverless", &[], "serverless.yml");
    shop.client(&["osls", "deploy"], &[]);
    shop.prove();

    // It compares no zips but those that it has made itself, so it deploys them again: with
    // the same digest, and without another version of a layer.
    shop.client(&["osls", "deploy"], &[]);
    shop.prove();
}
