//! `--print paths`: the zips, one a line, for scripts.

use crate::support::project::Project;
use crate::support::run::Outcome;

/// The lines of standard output, below the folder of the project.
fn lines(project: &Project, outcome: &Outcome) -> Vec<String> {
    let folder = format!(
        "{}/",
        project.path("").to_str().unwrap().trim_end_matches('/')
    );
    let lines = outcome.stdout.lines();
    lines
        .map(|line| {
            line.strip_prefix(&folder)
                .unwrap_or_else(|| panic!("{outcome}"))
                .to_owned()
        })
        .collect()
}

#[cfg(unix)]
#[test]
fn the_zips_are_printed_whether_they_are_new_or_not() {
    let project = Project::package("orders", "").bin("", "audit");
    let expected = [
        "target/lambda-zip/audit-x86_64.zip",
        "target/lambda-zip/orders-x86_64.zip",
    ];
    for args in [
        &["--print", "paths", "--dry-run"][..],
        &["--print=paths"],
        &["--print", "paths"],
    ] {
        let outcome = project.run(args);
        assert_eq!(lines(&project, outcome.exits(0)), expected);
    }
    project.run(&["--print", "paths"]).says("Fresh");
}

#[cfg(unix)]
#[test]
fn pack_layer_and_check_print_theirs() {
    let project = Project::package("orders", "").with(&["certs/ca.pem"]);
    project.run(&[]).exits(0);
    let layer = project.run(&["layer", "certs", "--include", "certs", "--print", "paths"]);
    assert_eq!(
        lines(&project, layer.exits(0)),
        ["target/lambda-zip/certs.zip"]
    );
    project.write("handler", forge::Elf::fixed(forge::Machine::X86_64).bytes());
    let pack = project.run(&["pack", "handler", "-o", "f.zip", "--print", "paths"]);
    assert_eq!(lines(&project, pack.exits(0)), ["f.zip"]);
    // Another package is rejected before anything is packaged: nothing was made of this one.
    let two = Project::package(
        "orders",
        "[package.metadata.lambda-zip.bin.bad]\ninclude = '.env'\nlints = { secret-file = 'deny' }\n",
    )
    .bin("", "bad")
    .file(".env", "TOKEN=x");
    assert_eq!(two.run(&["--print", "paths"]).exits(1).stdout, "");
    project.write("bad.zip", "no zip");
    let check = project.run(&["check", "f.zip", "bad.zip", "--print", "paths"]);
    assert_eq!(
        lines(&project, check.exits(1)),
        ["f.zip"],
        "what was rejected is left out"
    );
}

#[test]
fn other_results_on_standard_output_are_refused() {
    let project = Project::package("orders", "");
    project
        .run(&["--print", "paths", "--message-format", "json"])
        .exits(2)
        .says("cannot be used together");
    project
        .run(&["--print", "path"])
        .exits(2)
        .says("did you mean `paths`?");
    project.write("handler", forge::Elf::fixed(forge::Machine::X86_64).bytes());
    project
        .run(&["pack", "handler", "-o", "-", "--print", "paths"])
        .exits(2)
        .says("`--print`");
}
