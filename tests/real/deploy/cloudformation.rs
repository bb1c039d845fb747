//! The template for CloudFormation.

use super::{BUCKET, Deployment};

const PACKAGE: &str = "aws cloudformation package --template-file template.yaml \
    --s3-bucket code --output-template-file packaged.yaml";
const DEPLOY: &str = "aws cloudformation deploy --template-file packaged.yaml \
    --stack-name shop --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset";

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_template_is_packaged_and_deployed() {
    assert!(PACKAGE.contains(BUCKET));
    let mut shop = Deployment::with_layers(&[]);
    shop.bucket();
    shop.template("cloudformation", &[], "template.yaml");

    shop.client(&["sh", "-c", PACKAGE], &[]);
    assert_eq!(shop.client(&["cfn-lint", "packaged.yaml"], &[]), "");
    shop.client(&["sh", "-c", DEPLOY], &[]);
    shop.prove();

    shop.client(&["sh", "-c", PACKAGE], &[]);
    let again = shop.client(&["sh", "-c", DEPLOY], &[]);
    assert!(
        again.contains("No changes to deploy. Stack shop is up to date"),
        "{again}"
    );
}
