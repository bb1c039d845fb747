//! No answer of Cargo's outlives what it rests on, and none is taken for what it does not rest on.

use std::process::Command;

use crate::support::project::Project;
use crate::support::run::Outcome;

const CONFIG: &str = ".cargo/config.toml";

/// A run for arm64, for which no machine has a C compiler by chance, with nothing on the PATH that
/// could stand in for one.
fn run(project: &Project) -> Outcome {
    let command = project.command(&["--arch", "arm64", "-v"]);
    command.env("PATH", "/usr/bin:/bin").run()
}

/// A manifest of what compiles C with its feature `c`, which is one of `features`.
fn native(name: &str, version: &str, features: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}\"\n\
         [features]\n{features}\nc = [\"dep:cc\"]\n\
         [build-dependencies]\ncc = {{ path = \"../cc\", optional = true }}\n"
    )
}

fn with_cc(project: Project, folder: &str) -> Project {
    let manifest = "[package]\nname = \"cc\"\nversion = \"1.0.0\"\n";
    project
        .file(&format!("{folder}/Cargo.toml"), manifest)
        .file(&format!("{folder}/src/lib.rs"), "")
}

#[test]
fn what_changes_while_cargo_describes_the_workspace_is_seen_by_the_next_run() {
    let project = Project::package("orders", "");
    let script = "mkdir -p src/bin && echo 'fn main() {}' >src/bin/late.rs";
    project.stage().after("metadata", script);
    project.run(&[]).exits(0);
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["late-x86_64.zip", "orders-x86_64.zip"]);
}

#[test]
fn after_an_edit_of_a_manifest_only_the_new_plan_is_built() {
    let project = Project::package("orders", "");
    project.run(&[]).exits(0);
    let manifest = project.read("Cargo.toml");
    let table = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n";
    project.write("Cargo.toml", [&manifest, table.as_bytes()].concat());
    project.run(&[]).exits(0);
    let builds = project.build_calls();
    assert_eq!(builds.len(), 2, "{builds:?}");
    assert!(
        builds[1]
            .iter()
            .any(|word| word == "aarch64-unknown-linux-musl")
    );
}

/// A workspace that never stands still.
#[test]
fn a_run_starts_over_only_once() {
    let project = Project::package("orders", "");
    let script = "mkdir -p src/bin && echo 'fn main() {}' >src/bin/late$$.rs";
    project.stage().after("metadata", script);
    project.run(&[]).exits(0);
    assert_eq!(project.calls_of("metadata"), 1);
    project.run(&[]).exits(0);
    assert_eq!(project.calls_of("metadata"), 3);
}

#[test]
fn a_dangling_link_that_leads_somewhere_later_is_a_binary() {
    let project = Project::package("orders", "").bin("", "tools");
    fs_err::remove_file(project.path("src/main.rs")).unwrap();
    std::os::unix::fs::symlink("../gen/main.rs", project.path("src/main.rs")).unwrap();
    project.run(&[]).exits(0);
    assert_eq!(project.plan(&[]), ["tools-x86_64.zip"]);
    project.write("gen/main.rs", "fn main() {}\n");
    assert_eq!(project.plan(&[]), ["orders-x86_64.zip", "tools-x86_64.zip"]);
}

#[test]
fn a_dependency_outside_that_joins_the_workspace_is_a_member() {
    let project = Project::empty()
        .file(
            "ws/Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"orders\"]\n",
        )
        .file(
            "ws/orders/Cargo.toml",
            "[package]\nname = \"orders\"\nversion = \"0.1.0\"\n\
             [dependencies]\nshared = { path = \"../../shared\" }\n",
        )
        .file("ws/orders/src/main.rs", "fn main() {}\n")
        .file("shared/src/lib.rs", "")
        .file("shared/src/main.rs", "fn main() {}\n");
    let manifest = "[package]\nname = \"shared\"\nversion = \"0.1.0\"\n";
    project.write("shared/Cargo.toml", manifest);
    let plan = || {
        let run = project
            .command(&["--workspace", "--dry-run"])
            .from("ws")
            .run();
        run.exits(0);
        run.stdout.contains("shared-x86_64.zip")
    };
    let build = project.command(&["--workspace"]).from("ws").run();
    build.exits(0);
    assert!(!plan());
    project.write(
        "shared/Cargo.toml",
        format!("{manifest}workspace = \"../ws\"\n"),
    );
    assert!(plan());
}

#[test]
fn the_configuration_of_a_cargo_home_that_is_given_for_the_build_counts() {
    let project = Project::package("orders", "").file("home/config.toml", "");
    let home = format!("CARGO_HOME={}", project.path("home").display());
    project.run(&["--env", &home]).exits(0);
    project.write("home/config.toml", "[build]\ntarget-dir = \"elsewhere\"\n");
    project.run(&["--env", &home]).exits(0);
    assert_eq!(project.files("elsewhere/lambda-zip"), ["orders-x86_64.zip"]);
}

#[test]
fn a_package_outside_is_not_taken_for_the_member_of_its_name() {
    let dependency = "extutil = { package = \"util\", path = \"../../ext/util\" }";
    let app = format!("[dependencies]\n{dependency}\n[features]\nc = [\"extutil/c\"]\n");
    let util = |features| native("util", "0.1.0", features).replace("../cc", "../../crates/cc");
    let project = Project::workspace("exclude = [\"ext\"]\n")
        .member("app", &app)
        .file(
            "crates/util/Cargo.toml",
            "[package]\nname = \"util\"\nversion = \"0.2.0\"\n",
        )
        .file("crates/util/src/lib.rs", "")
        .file("ext/util/Cargo.toml", &util(""))
        .file("ext/util/src/lib.rs", "");
    let project = with_cc(project, "crates/cc");
    for _ in 0..2 {
        run(&project).exits(0);
    }
    let lockfile = project.read("Cargo.lock");
    project.write("ext/util/Cargo.toml", util("default = [\"c\"]"));
    run(&project).exits(3).says("util v0.1.0");
    assert_eq!(project.read("Cargo.lock"), lockfile);
}

#[test]
fn folders_in_the_place_of_a_registry_are_looked_at_every_time() {
    let source = "[source.crates-io]\nreplace-with = \"vendored\"\n\
                  [source.vendored]\ndirectory = \"vendor\"\n";
    let orders = "[dependencies]\nnative = \"0.3\"\n[features]\nc = [\"native/c\"]\n";
    let vendored = |features| {
        let manifest = native("native", "0.3.0", features);
        manifest.replace("path = \"../cc\"", "version = \"1\"")
    };
    let project = Project::package("orders", orders)
        .file(CONFIG, source)
        .file("vendor/native/Cargo.toml", &vendored(""))
        .file("vendor/native/src/lib.rs", "")
        .file("vendor/native/.cargo-checksum.json", "{\"files\":{}}")
        .file("vendor/cc/.cargo-checksum.json", "{\"files\":{}}");
    let project = with_cc(project, "vendor/cc");
    for _ in 0..2 {
        run(&project).exits(0);
    }
    let changed = vendored("default = [\"c\"]");
    project.write("vendor/native/Cargo.toml", changed);
    run(&project).exits(3).says("native v0.3.0");
}

#[test]
fn what_a_file_of_the_command_line_includes_is_a_part_of_it() {
    for config in ["conf/team.toml", "include=[\"conf/more.toml\"]"] {
        let project = Project::package("orders", "")
            .file("conf/team.toml", "include = [\"more.toml\"]\n")
            .file("conf/more.toml", "[build]\njobs = 1\n");
        for _ in 0..2 {
            project.run(&["--config", config]).exits(0);
        }
        let asked = project.calls_of("metadata");
        project.write("conf/more.toml", "[build]\njobs = 2\n");
        project.run(&["--config", config]).exits(0);
        assert!(project.calls_of("metadata") > asked, "{config}");
    }
}

#[test]
fn a_lockfile_is_no_evidence_until_cargo_has_found_it_up_to_date() {
    let depends_on = |more: &str| {
        let source = "git = \"file:///proc/self/cwd/native\"";
        format!("[dependencies]\nnative = {{ {source}{more} }}\n")
    };
    let package = |dependencies: &str| {
        format!("[package]\nname = \"orders\"\nversion = \"0.1.0\"\n\n{dependencies}")
    };
    let project = Project::package("orders", &depends_on(""))
        .file("native/native/Cargo.toml", &native("native", "0.3.0", ""))
        .file("native/native/src/lib.rs", "");
    let project = with_cc(project, "native/cc");
    commit(&project, "native");
    run(&project).exits(0);
    let asked = project.calls_of("tree");
    run(&project).exits(0);
    // Whatever else is selected, nothing could compile C.
    let others = project.command(&["--arch", "arm64", "-p", "orders"]);
    others.run().exits(0);
    assert_eq!(project.calls_of("tree"), asked);
    project.write("Cargo.toml", package(&depends_on(", features = [\"c\"]")));
    run(&project).exits(3).says("native v0.3.0");
    assert!(project.build_calls().len() == 3);
}

fn commit(project: &Project, folder: &str) {
    let script = "git init -q && git add . && git -c user.name=a -c user.email=a@b commit -qm a";
    let mut shell = Command::new("/bin/sh");
    let done = shell
        .args(["-c", script])
        .current_dir(project.path(folder))
        .status();
    assert!(done.unwrap().success());
}

#[test]
fn a_target_folder_given_for_the_build_is_that_of_all_else() {
    let project = Project::package("orders", "");
    for _ in 0..2 {
        let run = project.run(&["--env", "CARGO_TARGET_DIR=given"]);
        run.exits(0);
        assert_eq!(project.files("given/lambda-zip"), ["orders-x86_64.zip"]);
    }
    assert_eq!(project.calls_of("metadata"), 2);
    assert!(!project.path("target").exists());
}
