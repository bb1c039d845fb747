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
