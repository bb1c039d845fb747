//! The service for the Serverless Framework, deployed by its open fork osls.

use super::Deployment;

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_service_is_deployed() {
    let mut shop = Deployment::of(&[]);
    shop.template("serverless", &[], "serverless.yml");
    shop.client(&["osls", "deploy"], &[]);
    shop.prove();

    let revisions = shop.revisions();
    let again = shop.client(&["osls", "deploy"], &[]);
    assert!(
        again.contains("No changes to deploy. Deployment skipped."),
        "{again}"
    );
    assert_eq!(shop.revisions(), revisions);
}
