//! Workspaces that share a build folder, with packages of the same name and version: Cargo alone
//! takes the program of the one for that of the other.

use std::process::Command;

use crate::support::cargo::X86_64;
use crate::support::project::Project;
use crate::support::run::Outcome;
use crate::support::zip::Zip;

const OUTPUT: [&str; 2] = ["--output", "{bin}.zip"];

/// Two workspaces, `a` and `b`. The sources of both are older than everything that is compiled.
fn two() -> Project {
    let manifest = "[package]\nname = \"orders\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    ["a", "b"].iter().fold(Project::empty(), |project, name| {
        project.file(&format!("{name}/Cargo.toml"), manifest).file(
            &format!("{name}/src/main.rs"),
            &format!("// mark: of {name}\nfn main() {{}}\n"),
        )
    })
}

fn run(project: &Project, folder: &str, args: &[&str]) -> Outcome {
    let args = [&OUTPUT, args].concat();
    project.command(&args).from(folder).run()
}

#[track_caller]
fn packages_its_own(project: &Project, folder: &str, args: &[&str]) {
    run(project, folder, args).exits(0);
    let zip = Zip::parse(&project.read(&format!("{folder}/orders.zip")));
    let program = String::from_utf8_lossy(&zip.entries[0].data).into_owned();
    let mark = format!("of {folder}\n");
    assert!(program.contains(&mark), "{folder} has another's program");
}

#[track_caller]
fn plain_build(project: &Project, folder: &str, args: &[&str]) {
    let mut cargo = Command::new("cargo");
    project.stage().dress(&mut cargo);
    cargo.args(["build", "--target", X86_64]);
    let built = cargo.args(args).current_dir(project.path(folder)).output();
    assert!(built.unwrap().status.success());
}

#[track_caller]
fn both_package_their_own(project: &Project, args: &[&str]) {
    plain_build(project, "a", &[args, &["--release"]].concat());
    for profile in ["lambda", "release"] {
        let args = [args, &["--profile", profile]].concat();
        for folder in ["b", "a", "b"] {
            packages_its_own(project, folder, &args);
        }
    }
}

#[test]
fn a_target_folder_of_the_command_line_is_shared() {
    both_package_their_own(&two(), &["--target-dir", "../shared"]);
}

#[test]
fn a_target_folder_of_the_configuration_is_shared() {
    let config = "[build]\ntarget-dir = \"shared\"\n";
    both_package_their_own(&two().file(".cargo/config.toml", config), &[]);
}

#[test]
fn a_build_folder_is_shared() {
    let config = "[build]\nbuild-dir = \"shared\"\n";
    both_package_their_own(&two().file(".cargo/config.toml", config), &[]);
}

#[test]
fn a_link_to_a_folder_elsewhere_is_shared() {
    let project = two();
    std::fs::create_dir(project.path("shared")).unwrap();
    for folder in ["a", "b"] {
        let link = project.path(folder).join("target");
        std::os::unix::fs::symlink("../shared", link).unwrap();
    }
    both_package_their_own(&project, &[]);
}

#[test]
fn a_folder_of_the_environment_is_shared_also_by_the_workspace_it_lies_in() {
    let project = two();
    let shared = project.path("a/target").to_str().unwrap().to_owned();
    let plain = ["--release", "--target-dir", &shared];
    plain_build(&project, "b", &plain);
    plain_build(&project, "a", &plain);
    let command = project.command(&["--release", OUTPUT[0], OUTPUT[1]]);
    let command = command.from("a").env("CARGO_TARGET_DIR", &shared);
    command.run().exits(0);
    let zip = Zip::parse(&project.read("a/orders.zip"));
    assert!(String::from_utf8_lossy(&zip.entries[0].data).contains("of a\n"));
}

#[test]
fn what_another_workspace_has_built_in_the_default_folder_is_not_packaged() {
    let project = two();
    plain_build(&project, "b", &["--release", "--target-dir", "../a/target"]);
    packages_its_own(&project, "a", &["--release"]);
}

/// One configuration file names one folder for both, inside of the outer workspace.
#[test]
fn a_library_of_a_nested_workspace_is_not_linked() {
    let package = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}")
    };
    let dependency = "[dependencies]\ncommon = { path = \"../common\" }\n";
    let config = "[build]\ntarget-dir = \"target\"\n";
    let mut project = Project::empty().file(".cargo/config.toml", config);
    for (folder, app) in [("", "app"), ("tools/", "cli")] {
        let members =
            format!("[workspace]\nmembers = [\"common\", \"{app}\"]\nexclude = [\"tools\"]\n");
        project = project
            .file(&format!("{folder}Cargo.toml"), &members)
            .file(
                &format!("{folder}common/Cargo.toml"),
                &package("common", ""),
            )
            .file(
                &format!("{folder}common/src/lib.rs"),
                &format!("// mark: common of {app}\n"),
            )
            .file(
                &format!("{folder}{app}/Cargo.toml"),
                &package(app, dependency),
            )
            .file(&format!("{folder}{app}/src/main.rs"), "fn main() {}\n");
    }
    for profile in ["release", "dev"] {
        let args = ["--profile", profile];
        plain_build(&project, "tools", &args);
        for (folder, app) in [("", "app"), ("tools", "cli"), ("", "app")] {
            run(&project, folder, &args).exits(0);
            let zip = fs_err::read(project.path(folder).join(format!("{app}.zip"))).unwrap();
            let zip = Zip::parse(&zip);
            let program = String::from_utf8_lossy(&zip.entries[0].data).into_owned();
            let mark = format!("common of {app}\n");
            assert!(program.contains(&mark), "{app} has the other's library");
        }
    }
}

#[test]
fn a_build_folder_that_only_one_workspace_can_have_is_used_as_it_is() {
    let config = "[build]\nbuild-dir = \"b/{workspace-path-hash}\"\n";
    let project = two().file(".cargo/config.toml", config);
    plain_build(&project, "a", &["--release"]);
    run(&project, "a", &["--release"]).exits(0);
    assert_eq!(project.compiled(), ["orders"], "Cargo compiles it once");
}

#[test]
fn a_zip_of_another_workspace_is_not_replaced_without_a_word() {
    let project = two();
    let zip = ["--target-dir", "../shared", "--output", "../orders.zip"];
    for folder in ["a", "a"] {
        let outcome = project.command(&zip).from(folder).run();
        outcome.exits(0).never_says("replaces");
    }
    let outcome = project.command(&zip).from("b").run();
    let other = project.path("a").canonicalize().unwrap();
    outcome
        .exits(0)
        .says("replaces the zip of package `orders` in")
        .says(other.to_str().unwrap());
}
