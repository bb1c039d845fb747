//! The stack for CDK.

use std::os::unix::fs::symlink;

use super::Deployment;
use crate::parts::part;

/// As docs/deploy/cdk.md has it.
const APP: &str = "\
import { App } from 'aws-cdk-lib';
import { FunctionsStack } from './functions-stack';

new FunctionsStack(new App(), 'Functions');
";
const OPTIONS: &str = r#"{"compilerOptions": {
    "module": "commonjs", "target": "es2022", "strict": true, "skipLibCheck": true, "types": []
}}"#;
const NODE: &str = "\
declare const process: { env: object };
declare module 'child_process' {
  function execFileSync(program: string, words: string[], options: object): string;
}
declare module 'fs' {
  const realpathSync: { native(path: string): string };
}
";
const DEPLOY: [&str; 8] = [
    "cdk",
    "deploy",
    "--app",
    "cdk.out",
    "--ci",
    "--no-notices",
    "--require-approval",
    "never",
];

#[test]
#[ignore = "needs the AWS clients, LocalStack, AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_stack_is_synthesised_and_deployed() {
    let mut shop = Deployment::with_layers(&[]);
    shop.template("cdk", &[], "functions-stack.ts");
    shop.write("app.ts", APP);
    shop.write("tsconfig.json", OPTIONS);
    let modules = part("clients").join("node_modules");
    symlink(modules, shop.folder.path().join("node_modules")).unwrap();

    // For these, apps have the package `@types/node`.
    shop.write("node.d.ts", NODE);
    shop.build(&["tsc"]);
    // Nothing of the zips is there unless the stack makes them.
    fs_err::remove_dir_all(shop.folder.path().join("zips")).unwrap();
    shop.build(&[
        "CARGO_LAMBDA_ZIP_ARCH=arm64",
        "CARGO_LAMBDA_ZIP_PARTITION=2/9",
        "cdk",
        "synth",
        "--quiet",
        "--app",
        "node app.js",
        "--no-notices",
    ]);
    shop.client(
        &[
            "cdk",
            "bootstrap",
            "--app",
            "cdk.out",
            "--ci",
            "--no-notices",
        ],
        &[],
    );
    shop.client(&DEPLOY, &[]);
    shop.prove();

    let again = shop.client(&DEPLOY, &[]);
    assert!(again.contains("Functions (no changes)"), "{again}");

    // The zips of earlier runs are there, and the command makes others.
    let stack = shop.folder.path().join("functions-stack.js");
    let stack = fs_err::read_to_string(stack).unwrap();
    let elsewhere = stack.replace("'zips/{bin}", "'elsewhere/{bin}");
    assert_ne!(elsewhere, stack);
    shop.write("functions-stack.js", &elsewhere);
    let refused = "! cdk synth --quiet --app 'node app.js' --no-notices 2>&1";
    let said = shop.build(&["sh", "-c", refused]);
    assert!(said.contains("no longer makes zips/"), "{said}");
}
