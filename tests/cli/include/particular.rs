//! What an include says of its own files: their mode, and the treatment of their links. What is
//! known of them before anything is built.

use std::os::unix::fs::symlink;

use crate::support::packing::{folder, pack};
use crate::support::project::Project;
use crate::support::zip::Zip;

fn project(include: &str) -> Project {
    let table = format!("[package.metadata.lambda-zip]\ninclude = {include}\n");
    Project::package("orders", &table).with(&["bin/tool", "bin/other"])
}

/// Packages: the modes in the zip, by name.
#[track_caller]
fn modes(project: &Project) -> Vec<(String, u32)> {
    project.run(&[]).exits(0);
    let zip = project.zip("orders-x86_64.zip");
    let entries = zip.entries.iter().filter(|entry| entry.name != "bootstrap");
    entries
        .map(|entry| (entry.name.clone(), entry.mode))
        .collect()
}

#[test]
fn an_include_can_set_the_mode() {
    let expected = |tool| {
        let of = |name: &str, mode| (name.to_owned(), mode);
        vec![of("bin/other", 0o100_644), of("bin/tool", tool)]
    };
    for include in [
        r#"["bin", { from = "bin/tool", mode = "755" }]"#,
        r#"[{ from = "bin/tool", mode = "0755" }, "bin"]"#,
        r#"["bin", { from = "bin/t*", mode = "0o755" }]"#,
    ] {
        assert_eq!(modes(&project(include)), expected(0o100_755), "{include}");
    }
    let project = project(r#"[{ from = "bin", mode = "644" }]"#);
    project.set_mode("bin/tool", 0o755);
    assert_eq!(modes(&project), expected(0o100_644));
    // The mode alone makes another zip.
    project.run(&[]).exits(0).says("Fresh");
    let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
    project.write("Cargo.toml", manifest.replace("\"644\"", "\"755\""));
    project.run(&[]).exits(0).says("Packaged");
    assert_eq!(
        project.zip("orders-x86_64.zip").entry("bin/tool").mode,
        0o100_755
    );
}

#[test]
fn another_mode_is_an_error_with_its_place() {
    for (mode, said) in [
        ("\"777\"", "`777` is no mode of a file in a package"),
        ("\"u+x\"", "`u+x` is no mode"),
        ("\"4755\"", "`4755` is no mode"),
        ("755", "expected a string"),
    ] {
        let project = project(&format!("[{{ from = \"bin\", mode = {mode} }}]"));
        let outcome = project.run(&[]);
        outcome.exits(2).prints_nothing().says(said).says("^");
    }
    let project = project(r#"["bin", { from = "!bin/tool", mode = "755" }]"#);
    project.run(&[]).exits(2).says("leaves files out");
}

#[test]
fn the_links_of_one_include_can_be_kept() {
    let include = r#"["bin", { from = "lib", symlinks = "preserve" }]"#;
    let project = project(include).with(&["lib/a.so.1"]);
    symlink("a.so.1", project.path("lib/a.so")).unwrap();
    symlink("tool", project.path("bin/link")).unwrap();
    let modes = modes(&project);
    let link = ("lib/a.so".to_owned(), 0o120_777);
    assert!(modes.contains(&link), "{modes:?}");
    assert!(
        modes.contains(&("bin/link".to_owned(), 0o100_644)),
        "{modes:?}"
    );
}

#[test]
fn links_into_lambdas_own_folders_are_kept() {
    let project = folder().with(&["d/a"]);
    for target in [
        "/opt/lib/libx.so",
        "/tmp/cache-of-lambda",
        "/var/task/d/a",
        "/var/runtime/x",
    ] {
        let link = project.path("d/link");
        symlink(target, &link).unwrap();
        let outcome = pack(&project, &["handler", "-o", "f.zip", "d"]).run();
        outcome
            .exits(2)
            .says("does not exist here")
            .says("preserve");
        let args = ["handler", "-o", "f.zip", "d", "--symlinks", "preserve"];
        let allowed = [&args[..], &["-A", "unsafe-path", "-A", "dangling-symlink"]].concat();
        pack(&project, &allowed).run().exits(0);
        let zip = Zip::parse(&project.read("f.zip"));
        assert_eq!(zip.entry("d/link").data, target.as_bytes());
        fs_err::remove_file(link).unwrap();
    }
    symlink("/opt/../etc/passwd", project.path("d/link")).unwrap();
    let args = ["handler", "-o", "g.zip", "d", "--symlinks", "preserve"];
    pack(&project, &args)
        .run()
        .exits(2)
        .says("leads out of the package");
}

#[test]
fn secrets_and_leftovers_are_found_before_anything_is_built() {
    let denied = ["-D", "secret-file", "-D", "stray-file"];
    for (file, lint) in [("conf/.env", "secret-file"), ("conf/a.bak", "stray-file")] {
        let project = project(r#"["conf"]"#).file(file, "API_KEY=c2VjcmV0LWtleS1vZi1vcmRlcnM\n");
        project.run(&["--dry-run"]).exits(0).says(lint);
        project
            .run(&[&denied[..], &["--dry-run"]].concat())
            .exits(1)
            .says(lint);
        let outcome = project.run(&denied);
        outcome.exits(1).says(lint);
        assert!(project.build_calls().is_empty(), "nothing is built");
        project.run(&[]).exits(0).says(lint);
    }
}
