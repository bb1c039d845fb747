//! What the tool says of a package is what Lambda says once it is deployed.

use serde_json::{Value, json};

use crate::localstack::{Function, LocalStack, upload};
use crate::shop::{Archive, PACKAGED, shop};

/// What AWS returns for a package that it takes: of a layer's zip, by another name.
fn deploy(localstack: &mut LocalStack, archive: &Archive) -> (Value, Value) {
    if archive.kind == "extension" {
        let layer = localstack.publish_layer(&archive.path, &archive.architecture);
        let mut layer = layer.unwrap();
        (
            layer["Content"].take(),
            layer["CompatibleArchitectures"].take(),
        )
    } else {
        let function = localstack.create_function(&Function {
            code: upload(&archive.path),
            architectures: &[&archive.architecture],
            layers: &[],
        });
        let mut function = function.unwrap();
        let architectures = function["Architectures"].take();
        (function, architectures)
    }
}

#[test]
#[ignore = "needs LocalStack and the musl targets: run tests/run"]
fn every_package_is_deployed_under_the_digest_that_the_tool_reports() {
    let mut localstack = LocalStack::start();
    let archives = &shop().archives;
    assert_eq!(archives.len(), 2 * PACKAGED.len());
    for archive in archives {
        let (code, architectures) = deploy(&mut localstack, archive);

        let path = archive.path.display();
        assert_eq!(code["CodeSha256"], *archive.code_sha256, "{path}");
        let bytes = fs_err::metadata(&archive.path).unwrap().len();
        assert_eq!(code["CodeSize"], bytes, "{path}");
        assert_eq!(architectures, json!([archive.architecture]), "{path}");
    }
}
