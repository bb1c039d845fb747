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

#[test]
fn for_a_package() {
    suggests(&["-p", "ordesr"], "orders");
}

#[test]
fn for_a_binary() {
    suggests(&["--bin", "ordesr"], "orders");
}
