//! What `exclude`, `--exclude-file` and `!PATTERN` leave out, and that they are never idle unseen.

use std::os::unix::fs::symlink;

use fs_err as fs;

use crate::support::packing::{folder, pack};
use crate::support::project::Project;
use crate::support::run::Outcome;

const ZIP: &str = "orders-x86_64.zip";

/// A workspace whose package takes something from outside its folder.
fn shop(workspace: &str, package: &str) -> Project {
    let table = |owner, text| format!("[{owner}.metadata.lambda-zip]\n{text}\n");
    Project::workspace(&table("workspace", workspace))
        .member("orders", &table("package", package))
        .with(&[
            "crates/orders/conf/a",
            "crates/orders/conf/x.bak",
            "shared/deep/y.bak",
            "shared/deep/z",
            "shared/x.bak",
        ])
}

#[track_caller]
fn names(project: &Project, args: &[&str]) -> Vec<String> {
    project.run(args).exits(0);
    let names = project.zip(ZIP);
    names.names().into_iter().map(str::to_owned).collect()
}

/// Packages `handler` with `args`: what else is in the zip.
#[track_caller]
fn packed(project: &Project, args: &[&str]) -> Vec<String> {
    let all = [&["handler", "-o", "f.zip"], args].concat();
    pack(project, &all).run().exits(0);
    let zip = crate::support::zip::Zip::parse(&project.read("f.zip"));
    let names = zip.names().into_iter().filter(|name| *name != "bootstrap");
    names.map(str::to_owned).collect()
}

#[track_caller]
fn refused(project: &Project, args: &[&str], said: &[&str]) -> Outcome {
    let all = [&["handler", "-o", "f.zip"], args].concat();
    let outcome = pack(project, &all).run();
    outcome.exits(2).prints_nothing();
    for fragment in said {
        outcome.says(fragment);
    }
    assert!(!project.path("f.zip").exists());
    outcome
}

#[test]
fn a_name_is_left_out_wherever_the_include_came_from() {
    let includes = "include = [\"conf\", \"../../shared=shared\"]";
    let left = ["bootstrap", "conf/a", "shared/deep/z"];
    let in_package = shop("", &format!("{includes}\nexclude = [\"*.bak\"]"));
    assert_eq!(names(&in_package, &[]), left);
    let in_workspace = shop("exclude = [\"*.bak\"]", includes);
    assert_eq!(names(&in_workspace, &[]), left);
    let all_from_above = shop("include = [\"shared\"]", "include = [\"!*.bak\"]");
    assert_eq!(names(&all_from_above, &[]), ["bootstrap", "shared/deep/z"]);
}

#[test]
fn a_name_on_the_command_line_is_left_out_from_any_folder() {
    for args in [["--exclude-file", "*.bak"], ["--include", "!*.bak"]] {
        let project = shop("include = [\"shared\"]", "include = [\"conf\"]");
        let args = [&["-p", "orders"], &args[..]].concat();
        fs::create_dir(project.path("billing")).unwrap();
        project.command(&args).from("billing").run().exits(0);
        let left = ["bootstrap", "conf/a", "shared/deep/z"];
        assert_eq!(project.zip(ZIP).names(), left);
    }
}

#[test]
fn a_path_is_left_out_wherever_the_include_came_from() {
    let includes = "include = [\"../../shared=shared\"]";
    for exclude in [
        "../../shared/deep",
        "../../shared/*/**",
        "../orders/../../shared/deep/",
    ] {
        let project = shop("", &format!("{includes}\nexclude = [\"{exclude}\"]"));
        assert_eq!(names(&project, &[]), ["bootstrap", "shared/x.bak"]);
    }
    let project = shop("", includes);
    let absolute = project.path("shared/deep/y.bak");
    let args = ["--exclude-file", absolute.to_str().unwrap()];
    let left = ["bootstrap", "shared/deep/z", "shared/x.bak"];
    assert_eq!(names(&project, &args), left);
}

#[test]
fn a_leading_slash_is_also_that_of_gitignore() {
    let project = shop("", "include = [\"conf\"]\nexclude = [\"/conf/*.bak\"]");
    assert_eq!(names(&project, &[]), ["bootstrap", "conf/a"]);
}

#[test]
fn folders_above_what_is_included_leave_nothing_out() {
    let project = folder().with(&["up/conf/a", "up/conf/b/up"]);
    let from = |args: &[&str]| {
        let all = [&["../handler", "-o", "../f.zip", "--include"], args].concat();
        pack(&project, &all).from("up").run()
    };
    from(&["conf", "--exclude-file", "up"]).exits(0);
    let zip = crate::support::zip::Zip::parse(&project.read("f.zip"));
    assert_eq!(zip.names(), ["bootstrap", "conf/a"]);
}

#[test]
fn a_path_through_a_link_means_what_it_leads_to() {
    let project = folder().with(&["real/a", "real/key", "conf/b"]);
    symlink("../real", project.path("conf/link")).unwrap();
    let args = ["conf", "--exclude-file", "real/key"];
    assert_eq!(packed(&project, &args), ["conf/b", "conf/link/a"]);
    symlink("real", project.path("other")).unwrap();
    let args = ["real", "--exclude-file", "other/key"];
    assert_eq!(packed(&project, &args), ["real/a"]);
}

#[test]
fn a_file_called_like_a_glob_is_left_out_by_its_name() {
    let project = folder().with(&["d/[x].txt", "d/x.txt", "d/y"]);
    let args = ["d", "--exclude-file", "[x].txt"];
    assert_eq!(packed(&project, &args), ["d/y"]);
}

#[test]
fn what_the_command_line_leaves_out_has_to_be_there() {
    let project = folder().with(&["conf/a", "conf/b"]);
    for args in [
        ["--exclude-file", "typo"],
        ["--exclude-file", "confg/*"],
        ["--exclude-file", "a/conf"],
        ["--exclude-file", "handler"],
        ["--include", "!typo"],
        ["--include", "!./a"],
    ] {
        let pattern = format!("`{}` leaves nothing out", args[1]);
        refused(&project, &[&["conf"], &args[..]].concat(), &[&pattern]);
    }
    refused(
        &project,
        &["--include", "!a", "--include", "conf"],
        &["`!a`"],
    );
    refused(&project, &["--exclude-file", "conf"], &["`conf`"]);
    // Of a kind of things there may be none.
    for pattern in ["*.bak", "conf/*.bak"] {
        let args = ["conf", "--exclude-file", pattern];
        assert_eq!(packed(&project, &args), ["conf/a", "conf/b"]);
    }
    // What another pattern leaves out as well is there.
    let twice = ["conf", "--exclude-file", "a", "--exclude-file", "conf/a"];
    assert_eq!(packed(&project, &twice), ["conf/b"]);
}

#[test]
fn what_is_left_out_of_one_package_need_not_be_in_the_others() {
    let with_conf = "[package.metadata.lambda-zip]\ninclude = [\"conf\"]\n";
    let project = Project::workspace("[workspace.metadata.lambda-zip]\nexclude = [\"*.psd\"]\n")
        .member("orders", with_conf)
        .member("refunds", with_conf)
        .with(&[
            "crates/orders/conf/a",
            "crates/orders/conf/b",
            "crates/refunds/conf/a",
        ]);
    let args = ["--workspace", "--exclude-file", "b"];
    assert_eq!(names(&project, &args), ["bootstrap", "conf/a"]);
    let outcome = project.run(&["--workspace", "--exclude-file", "c"]);
    outcome.exits(2).says("`c` leaves nothing out");
}

#[test]
fn what_a_layer_leaves_out_has_to_be_there() {
    let project = Project::empty().with(&["conf/a", "conf/b"]);
    let args = ["layer", "l", "--include", "conf", "--exclude-file"];
    project.run(&[&args[..], &["b"]].concat()).exits(0);
    let outcome = project.run(&[&args[..], &["c"]].concat());
    outcome.exits(2).says("`c` leaves nothing out");
}

#[test]
fn a_manifest_may_leave_out_what_is_not_there() {
    let table = "include = [\"conf\", \"!conf/local.toml\"]\nexclude = [\"*.psd\"]";
    assert_eq!(names(&shop("", table), &[]).len(), 3);
}

#[test]
fn an_include_of_which_nothing_is_left_says_why() {
    let project = folder().with(&["conf/a", ".hidden"]);
    fs::create_dir_all(project.path("empty/too")).unwrap();
    for (args, said) in [
        (&["conf", "--exclude-file", "conf"][..], "such as"),
        (&["conf", "--exclude-file", "a"], "`a` leaves out"),
        (&["conf", "--include", "!conf/*"], "`!conf/*` leaves out"),
        (
            &[".hidden", "--exclude-file", ".hidden"],
            "`.hidden` leaves it out",
        ),
        (&["empty"], "the folder has no file in it"),
        (&["empt*"], "the glob matches folders only"),
        (&["empty", "conf"], "cannot include `empty`"),
    ] {
        refused(&project, args, &[said]);
    }
}

#[test]
fn a_stronger_table_may_leave_out_all_that_a_weaker_one_includes() {
    for package in ["exclude = [\"shared\"]", "include = [\"!shared\"]"] {
        let project = shop("include = [\"shared\"]", package);
        assert_eq!(names(&project, &[]), ["bootstrap"]);
    }
    let project = shop("", "include = [\"conf\"]");
    assert_eq!(names(&project, &["--exclude-file", "conf"]), ["bootstrap"]);
    let weaker = shop("exclude = [\"conf\"]", "include = [\"conf\"]");
    weaker.run(&[]).exits(2).says("`conf` leaves");
}
