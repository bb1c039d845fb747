//! Files beside the program: which are taken, from where, and by what name.

use fs_err as fs;

use crate::support::project::Project;

const ZIP: &str = "orders-x86_64.zip";

fn orders(table: &str) -> Project {
    let table = format!("[package.metadata.lambda-zip]\n{table}\n");
    Project::package("orders", &table)
}

/// Packages with the includes given as flags: the names in the zip, but that of the program.
#[track_caller]
fn taken(project: &Project, includes: &[&str]) -> Vec<String> {
    let args: Vec<&str> = includes.iter().flat_map(|one| ["--include", one]).collect();
    project.run(&args).exits(0);
    let zip = project.zip(ZIP);
    let names = zip.names().into_iter().filter(|name| *name != "bootstrap");
    names.map(str::to_owned).collect()
}

#[test]
fn a_file_keeps_its_path_and_its_bytes() {
    let project = Project::package("orders", "").with(&["config/app.toml"]);
    assert_eq!(taken(&project, &["config/app.toml"]), ["config/app.toml"]);
    let zip = project.zip(ZIP);
    assert_eq!(zip.entry("config/app.toml").data, b"config/app.toml");
    assert_eq!(zip.names(), ["bootstrap", "config/app.toml"]);
}

#[test]
fn a_folder_is_taken_with_all_below_it() {
    let files = ["assets/a", "assets/deep/er/b", "other"];
    let project = Project::package("orders", "").with(&files);
    for folder in ["assets", "assets/", "./assets"] {
        assert_eq!(taken(&project, &[folder]), files[..2], "{folder}");
    }
}

#[test]
fn folders_get_no_entries_so_that_empty_ones_are_not_packed() {
    let project = Project::package("orders", "").with(&["assets/a"]);
    fs::create_dir(project.path("assets/empty")).unwrap();
    assert_eq!(taken(&project, &["assets"]), ["assets/a"]);
}

#[test]
fn globs_take_what_they_match() {
    let files = ["c/a.toml", "c/b.json", "c/d/e.toml", "c/x.md"];
    let project = Project::package("orders", "").with(&files);
    for (glob, expected) in [
        ("c/*.toml", &["c/a.toml"][..]),
        ("./c/*.toml", &["c/a.toml"]),
        ("c/**/*.toml", &["c/a.toml", "c/d/e.toml"]),
        ("c/*.{toml,json}", &["c/a.toml", "c/b.json"]),
        ("c/?.json", &["c/b.json"]),
        ("c/[ax].*", &["c/a.toml", "c/x.md"]),
        ("c/*", &files),
        ("?", &files),
        ("c/[d-f]", &["c/d/e.toml"]),
        ("c/**", &files),
    ] {
        assert_eq!(taken(&project, &[glob]), expected, "{glob}");
    }
}

#[test]
fn a_file_may_really_be_called_like_a_glob() {
    let project = Project::package("orders", "").with(&["[x].txt", "x.txt"]);
    assert_eq!(taken(&project, &["[x].txt"]), ["[x].txt"]);
}

#[test]
fn what_begins_with_an_exclamation_mark_is_left_out_of_what_came_before() {
    let files = ["c/app.toml", "c/local.toml", "c/raw/x"];
    let project = Project::package("orders", "").with(&files);
    assert_eq!(
        taken(&project, &["c", "!c/local.toml", "!c/raw"]),
        ["c/app.toml"]
    );
    assert_eq!(
        taken(&project, &["c", "!./c/local.toml", "!./c/raw"]),
        ["c/app.toml"]
    );
    let again = ["c", "!*.toml", "c/app.toml"];
    assert_eq!(taken(&project, &again), ["c/app.toml", "c/raw/x"]);
}

#[test]
fn excludes_hold_for_everything_that_is_included() {
    let files = ["a/b.bak", "a/raw/x", "a/y", "c/d/e.bak", "c/z"];
    let table = "include = [\"a\", \"c\"]\nexclude = [\"*.bak\", \"a/raw\"]";
    let project = orders(table).with(&files);
    assert_eq!(taken(&project, &[]), ["a/y", "c/z"]);
    project.run(&["--exclude-file", "z"]).exits(0);
    assert_eq!(project.zip(ZIP).names(), ["a/y", "bootstrap"]);
}

#[test]
fn the_fixed_part_of_a_path_can_be_renamed() {
    let files = ["assets/a", "assets/img/b.png", "one.toml"];
    let project = Project::package("orders", "").with(&files);
    for (rule, expected) in [
        ("assets=static", &["static/a", "static/img/b.png"][..]),
        ("assets=./", &["a", "img/b.png"]),
        ("assets/=x/y/", &["x/y/a", "x/y/img/b.png"]),
        ("assets/**/*.png=pictures", &["pictures/img/b.png"]),
        ("one.toml=etc/two.toml", &["etc/two.toml"]),
        ("one.toml=etc/", &["etc/one.toml"]),
        ("one.toml=./three.toml", &["three.toml"]),
    ] {
        assert_eq!(taken(&project, &[rule]), expected, "{rule}");
    }
}

#[test]
fn a_manifest_renames_with_a_table_or_in_one_string() {
    let table = "include = [{ from = \"assets\", to = \"static\" }, { from = \"b\" }, \"c=d\"]";
    let project = orders(table).with(&["assets/a", "b", "c"]);
    assert_eq!(taken(&project, &[]), ["b", "d", "static/a"]);
}

#[test]
fn what_lies_outside_the_folder_is_taken_under_the_name_it_is_given() {
    let member = "[package.metadata.lambda-zip]\ninclude = [\"../../shared/*.pem=certs\"]\n";
    let project = Project::workspace("")
        .member("orders", member)
        .with(&["shared/ca.pem"]);
    assert_eq!(taken(&project, &[]), ["certs/ca.pem"]);
    let absolute = format!("{}=all", project.path("shared").display());
    assert_eq!(
        taken(&project, &[&absolute]),
        ["all/ca.pem", "certs/ca.pem"]
    );
}

#[test]
fn includes_of_all_layers_add_up_each_relative_to_who_names_it() {
    let workspace = "[workspace.metadata.lambda-zip]\ninclude = [\"common\"]\n";
    let package = "[package.metadata.lambda-zip]\ninclude = [\"own\"]\n\
                   [package.metadata.lambda-zip.bin.console]\ninclude = [\"console.toml\"]\n";
    let project = Project::workspace(workspace)
        .member("orders", package)
        .bin("crates/orders/", "console")
        .member("refunds", "");
    let files = [
        "common/w",
        "crates/orders/own/p",
        "crates/orders/console.toml",
        "crates/here.txt",
        // Named alike, but lying where nobody looks for them.
        "own/decoy",
        "console.toml",
        "crates/orders/common/decoy",
    ];
    let project = project.with(&files);
    project
        .command(&["--workspace", "--include", "here.txt"])
        .from("crates")
        .run()
        .exits(0);
    for (zip, expected) in [
        (
            "orders",
            &["bootstrap", "common/w", "here.txt", "own/p"][..],
        ),
        (
            "console",
            &["bootstrap", "common/w", "console.toml", "here.txt", "own/p"],
        ),
        ("refunds", &["bootstrap", "common/w", "here.txt"]),
    ] {
        let zip = project.zip(&format!("{zip}-x86_64.zip"));
        assert_eq!(zip.names(), expected);
    }
}

#[test]
fn an_exclude_of_the_workspace_holds_for_what_a_package_takes_from_above() {
    let workspace = "[workspace.metadata.lambda-zip]\nexclude = [\"assets/raw\"]\n";
    let package = "[package.metadata.lambda-zip]\ninclude = [\"../../assets=static\"]\n";
    let project = Project::workspace(workspace)
        .member("orders", package)
        .with(&["assets/a", "assets/raw/secret"]);
    assert_eq!(taken(&project, &[]), ["static/a"]);
}

#[test]
fn one_file_named_in_two_ways_is_taken_once() {
    let workspace = "[workspace.metadata.lambda-zip]\ninclude = [\"assets=static\"]\n";
    let package = "[package.metadata.lambda-zip]\ninclude = [\"../../assets=static\"]\n";
    let project = Project::workspace(workspace)
        .member("orders", package)
        .with(&["assets/a"]);
    assert_eq!(taken(&project, &["assets/a=static/a"]), ["static/a"]);
}

#[test]
fn hidden_and_git_ignored_files_are_taken_when_they_are_named() {
    let files = [".env", "secret/.key", "secret/plain"];
    let project = Project::package("orders", "").with(&files);
    let project = project
        .file(".gitignore", "secret\n.env\n")
        .file(".git/HEAD", "ref: refs/heads/main\n");
    assert_eq!(taken(&project, &[".env", "secret"]), files);
    assert_eq!(taken(&project, &["secret/*"]), files[1..]);
}

#[test]
fn a_layer_takes_includes_beside_its_extension() {
    let table = "kind = \"extension\"\ninclude = [\"lib\"]";
    let project = orders(table).with(&["lib/helper.so"]);
    project.run(&[]).exits(0);
    let names = ["extensions/orders", "lib/helper.so"];
    assert_eq!(project.zip(ZIP).names(), names);
}
