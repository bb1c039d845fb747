//! With cross, packages that compile C are built in a container, and nothing of the
//! machine is changed by it.

use serde_json::json;

use crate::architecture::Architecture;
use crate::machine::Machine;
use crate::native::{Run, answer, lambda_zip, machine_name};

#[test]
#[ignore = "needs cross with its image, AWS's emulator and QEMU: run tests/run"]
fn a_machine_with_cross_alone_builds_c_in_a_container() {
    let machine = Machine::with_rustup().cross();
    let run = Run::of(lambda_zip(&machine, "cross").args(["-p", "hash", "--arch", "x86_64,arm64"]));

    run.assert_code(0);
    run.assert_says("Building with cross: `ring v0.17.");
    for on in Architecture::ALL {
        assert_eq!(
            answer(&run.report(), "hash", on, &json!({"text": ""})),
            json!({
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "machine": machine_name(on),
            })
        );
    }
}
