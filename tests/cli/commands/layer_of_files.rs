//! `layer` of files, for which there need be no Cargo.

use crate::support::project::Project;
use crate::support::zip::Zip;

#[test]
fn no_cargo_and_no_project_is_needed_for_files() {
    let folder = Project::empty().with(&["lib/a", "other/b"]);
    let run = |args: &[&str]| {
        let run = folder.command(&[&["layer"], args].concat());
        let run = run
            .env("PATH", "/nowhere")
            .env("CARGO", "/nowhere/cargo")
            .env("RUSTC", "/nowhere/rustc");
        run.run().exits(0).says("Packaged files ");
    };
    run(&["files", "--include", "lib"]);
    assert!(folder.stage().cargo_calls().is_empty());
    let zip = Zip::parse(&folder.read("files.zip"));
    assert_eq!(zip.names(), ["lib/a"]);
    run(&["files", "--include", "lib", "-o", "dist/{bin}-{arch}.zip"]);
    assert_eq!(folder.files("dist"), ["files-any.zip"]);
    run(&[
        "files",
        "--include",
        "lib",
        "--arch",
        "arm64",
        "-o",
        "dist/{arch}.zip",
    ]);
    assert_eq!(folder.files("dist"), ["arm64.zip", "files-any.zip"]);
}

#[test]
fn options_for_programs_are_refused_without_a_project() {
    let folder = Project::empty().with(&["lib/a"]);
    for (args, option) in [
        (&["--profile", "dev"][..], "--profile"),
        (&["-p", "x"], "--package"),
        (&["-F", "x"], "--features"),
        (&["-Z", "x"], "-Z"),
        (&["--all"], "--workspace"),
        (&["--target-dir", "t"], "--target-dir"),
        (&["--cpu", "lambda"], "--cpu"),
        (&["--env", "A=b"], "--env"),
        (&["--prune"], "--prune"),
        (&["--bundle-libraries"], "--bundle-libraries"),
    ] {
        let args = [&["layer", "files", "--include", "lib"], args].concat();
        folder
            .run(&args)
            .exits(2)
            .says(&format!("`{option}` has no effect here"))
            .says("is not in a Cargo project");
        assert!(!folder.path("files.zip").exists());
    }
    let variable = folder
        .command(&["layer", "files", "--include", "lib"])
        .env("CARGO_LAMBDA_ZIP_CPU", "lambda");
    variable.run().exits(0);
}
