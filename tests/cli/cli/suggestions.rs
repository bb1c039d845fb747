//! A misspelt word is answered with the one that was meant.

use crate::support::project::Project;

#[track_caller]
fn suggests(args: &[&str], meant: &str) {
    let project = Project::package("orders", "");
    project.run(args).exits(2).prints_nothing().says(meant);
    assert_eq!(project.compiled(), [""; 0], "nothing is compiled");
}

#[test]
fn for_a_flag() {
    suggests(&["--relaese"], "--release");
    suggests(&["--outptu", "x.zip"], "--output");
}

#[test]
fn for_an_architecture() {
    suggests(&["--arch", "arm46"], "arm64");
    suggests(&["--arch", "arm64,x68_64"], "x86_64");
}

#[test]
fn for_a_target() {
    suggests(
        &["--target", "x86_64-unkown-linux-musl"],
        "x86_64-unknown-linux-musl",
    );
}

#[test]
fn for_a_runtime() {
    suggests(&["--runtime", "provided.al2032"], "provided.al2023");
}

#[test]
fn for_a_message_format() {
    suggests(&["--message-format", "jsno"], "json");
}

#[test]
fn for_a_lint() {
    suggests(&["-D", "zip-to-large"], "zip-too-large");
    suggests(&["-A", "glibc-to-new"], "glibc-too-new");
    suggests(&["-W", "wrong-arch"], "wrong-architecture");
}

#[test]
fn for_a_placeholder() {
    suggests(&["--output", "dist/{arhc}/{bin}.zip"], "`arch`");
}

#[cfg(unix)]
#[test]
fn for_a_package() {
    suggests(&["-p", "ordesr"], "orders");
}

#[cfg(unix)]
#[test]
fn for_a_binary() {
    suggests(&["--bin", "ordesr"], "orders");
}

#[test]
fn for_a_group_of_lints() {
    suggests(&["-D", "warning"], "did you mean `warnings`?");
}

#[cfg(unix)]
#[test]
fn for_a_binary_of_another_package() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "");
    let outcome = project.run(&["-p", "orders", "--bin", "stock"]);
    outcome
        .exits(2)
        .says("no binary `stock`")
        .says("add `-p stock`");
    let project = Project::workspace("").member("a", "").member("b", "");
    let outcome = project.run(&["--bin", "xyz"]);
    outcome.exits(2).says("known are `a`, `b`");
}

#[cfg(unix)]
#[test]
fn for_the_name_of_the_table() {
    for owner in ["package", "workspace"] {
        for name in ["lambda_zip", "lambdazip", "lambda-zips", "cargo-lambda-zip"] {
            let table = format!("[{owner}.metadata.{name}]\nruntime = \"provided.al2023\"\n");
            let project = Project::package("orders", &table);
            let right = format!("write `[{owner}.metadata.lambda-zip]`");
            project.run(&[]).exits(2).says(name).says(&right).says("^");
            project.write("x.zip", "");
            project.run(&["check", "x.zip"]).exits(2).says(&right);
        }
    }
}
