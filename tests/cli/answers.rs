//! What Cargo resolves is asked once, and again when anything changes that the answer rests on.

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
    let calls = project.stage().cargo_calls();
    calls.iter().filter(|call| call[0] == "tree").count()
}

#[test]
fn dependencies_that_stay_as_they_are_are_resolved_once() {
    let project = project();
    for _ in 0..3 {
        builds(&project);
    }
    // At first there is no lockfile yet.
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
        assert_eq!(now, asked + 1, "{what}");
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
