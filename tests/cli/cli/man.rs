//! `man`: the manual pages.

use fs_err as fs;

use crate::support::project::Project;

/// A page without roff's escapes.
fn plain(page: &str) -> String {
    page.replace("\\-", "-")
        .replace("\\fB", "")
        .replace("\\fR", "")
        .replace("\\fI", "")
}

/// The commands in the help, without `help`.
fn commands(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| line.starts_with(' '));
    let names = lines.filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_command_has_a_page_with_all_of_its_flags() {
    let project = Project::empty();
    project
        .run(&["man", "--out-dir", "man/man1"])
        .exits(0)
        .prints_nothing();
    let help = project.run(&["--help"]).exits(0).stdout.clone();
    let commands = commands(&help);
    assert!(commands.len() > 7, "{commands:?}");
    let page = |suffix: &str| {
        let path = format!("man/man1/cargo-lambda-zip{suffix}.1");
        plain(&fs::read_to_string(project.path(&path)).unwrap())
    };
    // One for the tool, one for each command, and one for `report merge`.
    assert_eq!(project.files("man/man1").len(), commands.len() + 2);
    let mut pages = vec![(help, page(""))];
    for command in &commands {
        let help = project.run(&[command, "--help"]).exits(0).stdout.clone();
        pages.push((help, page(&format!("-{command}"))));
    }
    for (help, page) in &pages {
        let words = help
            .split_whitespace()
            .filter(|word| word.starts_with("--"));
        for flag in words.map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric())) {
            assert!(page.contains(flag), "{flag} in\n{page}");
        }
    }
    let main = &pages[0].1;
    assert!(
        main.starts_with(".ie") && main.contains("\n.TH CARGO-LAMBDA-ZIP 1 "),
        "{main}"
    );
    assert!(main.contains("  101  the build failed\n"), "{main}");
    // The help that only `--help` shows is there.
    assert!(
        main.contains("Build as much as possible after an error"),
        "{main}"
    );
}

#[test]
fn one_page_is_printed() {
    let project = Project::empty();
    let tool = project.run(&["man"]).exits(0).stdout.clone();
    assert!(
        plain(&tool).contains("cargo-lambda-zip - Builds the binaries"),
        "{tool}"
    );
    let pack = project.run(&["man", "pack"]).exits(0).stdout.clone();
    assert!(
        plain(&pack).contains("cargo-lambda-zip-pack - Packages an executable"),
        "{pack}"
    );
    project
        .run(&["man", "pakc"])
        .exits(2)
        .says("unknown command `pakc`; did you mean `pack`?");
    let merge = project
        .run(&["man", "report", "merge"])
        .exits(0)
        .stdout
        .clone();
    assert!(
        plain(&merge).contains("cargo-lambda-zip-report-merge - "),
        "{merge}"
    );
    project.write("file", "");
    project
        .run(&["man", "--out-dir", "file"])
        .exits(4)
        .says("could not write the manual pages");
}
