//! What Cargo has answered is not asked again, until anything changes that the answer rests on.

use crate::support::project::Project;
use crate::support::run::Run;

/// A function that does not compile C, beside members that do: a lockfile does not tell that.
fn project() -> Project {
    let native = "[features]\nc = [\"dep:cc\"]\n[build-dependencies]\n\
                  cc = { path = \"../cc\", optional = true }\n";
    Project::workspace("")
        .member(
            "orders",
            "[dependencies]\nnative = { path = \"../native\" }\n",
        )
        .member("native", native)
        .file("crates/native/src/lib.rs", "")
        .member("cc", "")
        .file("crates/cc/src/lib.rs", "")
}

/// A run for arm64, for which no machine has a C compiler by chance, with nothing on the PATH that
/// could stand in for one.
fn command<'a>(project: &'a Project, args: &[&str]) -> Run<'a> {
    let args = [&["-p", "orders", "--arch", "arm64", "-v"], args].concat();
    project.command(&args).env("PATH", "/usr/bin:/bin")
}

#[track_caller]
fn builds(project: &Project) {
    command(project, &[]).run().exits(0).says("with cargo");
}

/// How often dependencies were resolved so far.
fn questions(project: &Project) -> usize {
    project.calls_of("tree")
}

/// How often Cargo has described the workspace so far: in every run, and a second time if an earlier
/// description was wrong.
fn descriptions(project: &Project) -> usize {
    project.calls_of("metadata")
}

#[test]
fn dependencies_that_stay_as_they_are_are_resolved_once() {
    let project = project();
    for _ in 0..3 {
        builds(&project);
    }
    // The first time there was no lockfile.
    assert_eq!(questions(&project), 2);
}

#[test]
fn every_change_that_could_matter_is_a_new_question() {
    let project = project();
    builds(&project);
    builds(&project);
    let mut asked = questions(&project);
    let mut asks_again = |what: &str| {
        let now = questions(&project);
        assert!(now > asked, "{what}");
        asked = now;
    };
    command(&project, &["--features", "native/c"])
        .run()
        .exits(3)
        .says("native v0.1.0");
    asks_again("another question");
    command(&project, &[])
        .env("RUSTFLAGS", "--cfg tokio_unstable")
        .run()
        .exits(0);
    asks_again("the environment");
    project.write(".cargo/config.toml", "[build]\njobs = 1\n");
    builds(&project);
    asks_again("Cargo's configuration");
    let lockfile = [project.read("Cargo.lock"), b"# merged\n".to_vec()].concat();
    project.write("Cargo.lock", lockfile);
    builds(&project);
    asks_again("the lockfile");
    let manifest = String::from_utf8(project.read("crates/native/Cargo.toml")).unwrap();
    let manifest = manifest.replace("[features]", "[features]\ndefault = [\"c\"]");
    project.write("crates/native/Cargo.toml", manifest);
    command(&project, &[]).run().exits(3).says("native v0.1.0");
    asks_again("a member's manifest");
}

#[test]
fn a_damaged_answer_is_none() {
    let project = project();
    builds(&project);
    builds(&project);
    let asked = questions(&project);
    let answers = project.files("target/.lambda-zip/answers");
    assert!(!answers.is_empty());
    for answer in answers {
        let path = format!("target/.lambda-zip/answers/{answer}");
        let half = project.read(&path);
        project.write(&path, &half[..half.len() / 2]);
    }
    builds(&project);
    assert_eq!(questions(&project), asked + 1);
    // Each run asks once, also one that has nothing to confirm.
    assert_eq!(descriptions(&project), 3);
}

/// Its manifest may change, and nothing in the workspace with it.
#[test]
fn with_a_package_outside_the_workspace_there_is_no_lasting_answer() {
    let outside = "[dependencies]\nnative = { path = \"../native\" }\n\
                   shared = { path = \"../../outside\" }\n";
    let project = Project::workspace("exclude = [\"outside\"]\n")
        .member("orders", outside)
        .member(
            "native",
            "[build-dependencies]\ncc = { path = \"../cc\", optional = true }\n",
        )
        .file("crates/native/src/lib.rs", "")
        .member("cc", "")
        .file("crates/cc/src/lib.rs", "")
        .file(
            "outside/Cargo.toml",
            "[package]\nname = \"shared\"\nversion = \"1.0.0\"\n",
        )
        .file("outside/src/lib.rs", "");
    for asked in 1..=3 {
        builds(&project);
        assert_eq!(questions(&project), asked);
    }
}

/// The files with descriptions and other outputs in a target folder.
fn stored(project: &Project, target: &str) -> usize {
    project
        .files(&format!("{target}/.lambda-zip/answers"))
        .len()
}

#[test]
fn a_description_is_stored_once_for_each_folder_and_each_manifest() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("refunds", "");
    for _ in 0..2 {
        project.run(&[]).exits(0);
    }
    let first = stored(&project, "target");
    project
        .run(&["--manifest-path", "crates/orders/Cargo.toml"])
        .exits(0);
    assert_eq!(stored(&project, "target"), first + 1);
    project.command(&[]).from("crates/orders").run().exits(0);
    assert_eq!(stored(&project, "target"), first + 2);
    assert_eq!(descriptions(&project), 4);
}

#[test]
fn a_target_folder_elsewhere_has_the_descriptions_too() {
    let project = Project::package("orders", "");
    for _ in 0..2 {
        project
            .command(&[])
            .env("CARGO_TARGET_DIR", "by-variable")
            .run()
            .exits(0);
        project.run(&["--target-dir", "by-flag"]).exits(0);
    }
    project.write(".cargo/config.toml", "[build]\ntarget-dir = \"by-file\"\n");
    project.run(&[]).exits(0);
    for folder in ["by-variable", "by-flag", "by-file"] {
        assert!(stored(&project, folder) > 0, "{folder}");
    }
    assert!(project.files("target").is_empty());
}

/// Cargo builds what the earlier description says, and then what the new one says.
#[test]
fn a_build_that_began_on_an_old_description_starts_over() {
    let project = Project::package("orders", "");
    project.run(&[]).exits(0);
    project.write("src/bin/late.rs", "fn main() {}\n");
    let builds = project.calls_of("build");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["late-x86_64.zip", "orders-x86_64.zip"]);
    assert_eq!(project.calls_of("build"), builds + 2);
    assert_eq!(descriptions(&project), 3);
    project.run(&[]).exits(0);
    assert_eq!(project.calls_of("build"), builds + 3);
    assert_eq!(descriptions(&project), 4);
}

#[test]
fn a_problem_that_an_old_description_has_is_not_reported() {
    let project = Project::package("orders", "");
    project.run(&[]).exits(0);
    project.write("src/bin/late.rs", "fn main() {}\n");
    project.run(&["--bin", "late"]).exits(0);
    fs_err::remove_file(project.path("src/bin/late.rs")).unwrap();
    project
        .run(&["--bin", "late"])
        .exits(2)
        .says("unknown binary `late`");
}

#[test]
fn a_dry_run_leaves_nothing() {
    let project = Project::package("orders", "");
    project.run(&["--dry-run"]).exits(0);
    assert!(project.files("target").is_empty());
}

/// A workspace that was described and built before, where there is something new.
struct Changed(Project);

impl Changed {
    fn new(patterns: &str) -> Self {
        let root = format!("[workspace]\nresolver = \"2\"\nmembers = {patterns}\n");
        let project = Project::empty()
            .file("Cargo.toml", &root)
            .member("orders", "")
            .member("refunds", "[features]\nlate = []\n");
        project.run(&[]).exits(0);
        Self(project)
    }

    fn file(self, path: &str, contents: &str) -> Self {
        Self(self.0.file(path, contents))
    }

    #[track_caller]
    fn plans(&self, zips: &[&str]) {
        assert_eq!(self.0.plan(&[]), zips);
    }
}

const MAIN: &str = "fn main() {}\n";

#[test]
fn whatever_is_new_in_a_workspace_is_seen() {
    let orders_and = |zip: &'static str| ["orders-x86_64.zip", "refunds-x86_64.zip", zip];
    for bin in ["src/bin/xyz.rs", "src/bin/xyz/main.rs"] {
        let changed = Changed::new("[\"crates/*\"]").file(&format!("crates/orders/{bin}"), MAIN);
        changed.plans(&orders_and("xyz-x86_64.zip"));
    }
    let manifest = "[package]\nname = \"xyz\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    for patterns in ["[\"crates/*\"]", "[\"crate[s]/*\"]", "[\"crates/[a-z]*\"]"] {
        Changed::new(patterns)
            .file("crates/xyz/Cargo.toml", manifest)
            .file("crates/xyz/src/main.rs", MAIN)
            .plans(&orders_and("xyz-x86_64.zip"));
    }
    let renamed = format!("{manifest}[[bin]]\nname = \"abc\"\npath = \"src/main.rs\"\n");
    Changed::new("[\"crates/*\"]")
        .file("crates/orders/Cargo.toml", &renamed)
        .plans(&["abc-x86_64.zip", "refunds-x86_64.zip"]);
    Changed::new("[\"crates/*\"]")
        .file(
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/orders\"]\nexclude = [\"crates\"]\n",
        )
        .plans(&["orders-x86_64.zip"]);
    Changed::new("[\"crates/*\"]")
        .file(
            ".cargo/config.toml",
            "[build]\ntarget-dir = \"elsewhere\"\n",
        )
        .plans(&[]);
}

#[test]
fn whatever_is_gone_from_a_workspace_is_missed() {
    let changed = Changed::new("[\"crates/*\"]").file("crates/orders/src/bin/xyz.rs", MAIN);
    changed.0.run(&[]).exits(0);
    fs_err::remove_file(changed.0.path("crates/orders/src/bin/xyz.rs")).unwrap();
    changed.plans(&["orders-x86_64.zip", "refunds-x86_64.zip"]);
    fs_err::remove_dir_all(changed.0.path("crates/refunds")).unwrap();
    changed.plans(&["orders-x86_64.zip"]);
}

#[test]
fn a_manifest_that_is_nearer_is_found() {
    let project = Project::package("orders", "").file("tools/readme.md", "");
    project.command(&[]).from("tools").run().exits(0);
    let nearer = "[package]\nname = \"xyz\"\nversion = \"0.1.0\"\n[workspace]\n";
    let project = project
        .file("tools/Cargo.toml", nearer)
        .file("tools/src/main.rs", MAIN);
    let outcome = project.command(&["--dry-run"]).from("tools").run();
    outcome.exits(0);
    assert!(outcome.stdout.contains("xyz-x86_64.zip"), "{outcome}");
}
