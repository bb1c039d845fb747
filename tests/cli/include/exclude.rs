//! What `exclude`, `--exclude-file` and `!PATTERN` leave out, and that they are never idle unseen.

#[cfg(unix)]
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

#[cfg(unix)]
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

#[cfg(unix)]
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

#[cfg(unix)]
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

#[cfg(unix)]
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

#[cfg(unix)] // needs links
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

#[cfg(unix)]
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

#[cfg(unix)]
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

#[cfg(unix)]
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

#[cfg(unix)]
/// A project whose folder `conf` has a good file, and links on many ways to `secrets/db.txt`.
fn with_links_to_secrets() -> Project {
    let project = folder().with(&["conf/ok", "secrets/db.txt", "secrets/deep/key", "open/x"]);
    let link = |target: &str, at: &str| symlink(target, project.path(at)).unwrap();
    link("../secrets/db.txt", "conf/file");
    link("../secrets", "conf/folder");
    link("../secrets/deep", "conf/deeper");
    link("./../open/../secrets/./deep/key", "conf/dotted");
    link("hop", "conf/chain");
    link("../open/back", "conf/hop");
    link("../secrets/deep/key", "open/back");
    // What lies elsewhere is read through the folder that is left out.
    link("../open/x", "secrets/out");
    link("../secrets/out", "conf/through");
    let absolute = project.path("secrets/db.txt");
    symlink(absolute, project.path("conf/absolute")).unwrap();
    project
}

#[cfg(unix)] // needs links
#[test]
fn what_is_left_out_is_left_out_by_every_way_that_leads_there() {
    let project = with_links_to_secrets();
    let absolute = project.path("secrets").to_str().unwrap().to_owned();
    for exclude in [
        "/secrets",
        "/secrets/",
        "secrets",
        "secrets/",
        "./secrets",
        "./secrets//",
        "conf/../secrets",
        "secrets/**",
        "/secrets/**",
        "**/secrets",
        "**/secrets/**",
        "secret?",
        "{secrets,others}",
        "./secret*/",
        &absolute,
    ] {
        let args = ["conf", "--exclude-file", exclude];
        assert_eq!(packed(&project, &args), ["conf/ok"], "{exclude}");
        let args = ["--include", "conf=etc", "--exclude-file", exclude];
        assert_eq!(packed(&project, &args), ["etc/ok"], "{exclude}");
        let negated = format!("!{exclude}");
        let args = ["--include", "conf", "--include", &negated];
        assert_eq!(packed(&project, &args), ["conf/ok"], "{exclude}");
    }
}

#[cfg(unix)] // needs links
#[test]
fn an_include_that_begins_in_what_is_left_out_is_left_out() {
    let project = with_links_to_secrets();
    symlink("secrets", project.path("alias")).unwrap();
    for include in [
        "secrets",
        "secrets/db.txt",
        "secrets/deep",
        "secrets/*.txt",
        "open/../secrets",
        "alias",
        "alias/deep",
        "alias/db.txt=x",
        "conf/folder/deep/key",
        "conf/file",
    ] {
        for exclude in ["!secrets", "!/secrets/", "!**/secrets/**"] {
            let args = [
                "--include",
                "conf/ok",
                "--include",
                include,
                "--include",
                exclude,
            ];
            refused(&project, &args, &["leaves"]);
        }
    }
}

#[cfg(unix)] // needs links
#[test]
fn a_link_to_a_folder_that_is_left_out_leaves_out_other_links_to_its_contents() {
    let project = folder().with(&["c/ok", "s/db.txt", "s/deep/key", "alias.txt"]);
    let link = |target: &str, at: &str| symlink(target, project.path(at)).unwrap();
    link("s", "alias");
    link("../s/db.txt", "c/db.txt");
    link("../s", "c/folder");
    link("../s/deep", "c/deep");
    link("hop", "c/chain");
    link("../alias/deep/key", "c/hop");
    for exclude in ["/alias", "alias", "./alias/", "c/../alias"] {
        let args = ["c", "--exclude-file", exclude];
        assert_eq!(packed(&project, &args), ["c/ok"], "{exclude}");
    }
    // Its own path is no link.
    let args = ["s", "--include", "c", "--exclude-file", "/alias"];
    assert_eq!(packed(&project, &args), ["c/ok", "s/db.txt", "s/deep/key"]);
    // A file and a link to it are two names of a library.
    let libraries = folder().with(&["lib/a.so.1.2"]);
    for name in ["lib/a.so", "lib/a.so.1"] {
        symlink("a.so.1.2", libraries.path(name)).unwrap();
    }
    let args = ["lib", "--exclude-file", "lib/a.so"];
    assert_eq!(packed(&libraries, &args), ["lib/a.so.1", "lib/a.so.1.2"]);
}

#[cfg(unix)] // needs links
#[test]
fn what_is_left_out_may_lie_outside() {
    let project = folder().with(&["in/conf/ok", "shared/secrets/a", "shared/b", "x/c"]);
    symlink("../../shared/secrets/a", project.path("in/conf/link")).unwrap();
    for exclude in [
        "secrets",
        "**/secrets/**",
        "../shared/secrets",
        "../*/secrets/",
    ] {
        let args = ["../handler", "-o", "../f.zip", "--include", "conf"];
        let more = ["--include", "../shared=s", "--exclude-file", exclude];
        let all = [&args[..], &more].concat();
        pack(&project, &all).from("in").run().exits(0);
        let zip = crate::support::zip::Zip::parse(&project.read("f.zip"));
        assert_eq!(zip.names(), ["bootstrap", "conf/ok", "s/b"], "{exclude}");
    }
}

#[cfg(unix)] // needs links
#[test]
fn a_link_that_is_packed_as_a_link_is_not_what_it_leads_to() {
    let project = folder().with(&["lib/a.so.1"]);
    symlink("a.so.1", project.path("lib/a.so")).unwrap();
    let args = ["lib", "--symlinks", "preserve", "--exclude-file", "a.so.1"];
    assert_eq!(packed(&project, &args), ["lib/a.so"]);
}

#[cfg(unix)] // Windows has no command line as long as this
#[test]
fn thousands_of_excludes_take_as_long_as_one() {
    let project = folder();
    for number in 0..3_000 {
        project.write(&format!("conf/f{number}"), "");
    }
    let excludes = (1..3_000).map(|number| format!("--exclude-file=conf/f{number}"));
    let excludes: Vec<String> = excludes.collect();
    let mut args = vec!["conf"];
    args.extend(excludes.iter().map(String::as_str));
    assert_eq!(packed(&project, &args), ["conf/f0"]);
}

#[cfg(unix)] // needs links
#[test]
fn links_that_multiply_are_refused() {
    let project = folder().with(&["d/11/file"]);
    for number in 0..11 {
        fs::create_dir(project.path(&format!("d/{number}"))).unwrap();
        for name in ["a", "b", "c"] {
            let link = project.path(&format!("d/{number}/{name}"));
            symlink(format!("../{}", number + 1), link).unwrap();
        }
    }
    refused(
        &project,
        &["d/0"],
        &["more than 100000 paths lead through links"],
    );
    let args = ["d", "--symlinks", "preserve"];
    assert_eq!(packed(&project, &args).len(), 34);
    assert_eq!(packed(&project, &["d/10"]).len(), 3);
}
