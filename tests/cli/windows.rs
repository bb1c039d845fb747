//! What only Windows has: drives, devices, names that are two elsewhere, and files without modes.

use std::fs::File;
use std::os::windows::fs::OpenOptionsExt;

use forge::{Elf, Machine};

use crate::support::packing::{elf, folder, pack};
use crate::support::project::Project;
use crate::support::zip::Zip;

#[track_caller]
fn names(project: &Project, zip: &str) -> Vec<String> {
    let zip = Zip::parse(&project.read(zip));
    zip.names().into_iter().map(str::to_owned).collect()
}

/// The whole path of `path`, without the name of the drive, and that name.
fn on_drive(project: &Project, path: &str) -> (String, String) {
    let whole = project.path(path).to_str().unwrap().replace('/', "\\");
    let (drive, rest) = whole.split_once(':').unwrap();
    (drive.to_owned(), rest.to_owned())
}

#[test]
fn an_output_is_not_a_device() {
    let folder = folder();
    for output in [
        "NUL",
        "nul.zip",
        "con.zip",
        "dist/aux.zip",
        "COM1 .zip",
        "lpt¹/f.zip",
    ] {
        let outcome = pack(&folder, &["handler", "-o", output]).run();
        outcome
            .exits(2)
            .says("has the name of a device")
            .says("--output");
    }
    let args = ["handler", "-o", "f.zip", "--report", "NUL"];
    pack(&folder, &args)
        .run()
        .exits(2)
        .says("device")
        .says("--report");
    assert_eq!(folder.files(""), ["handler"]);
    pack(&folder, &["handler", "-o", "console.zip"])
        .run()
        .exits(0);
    let size = ["size", "console.zip", "--html", "con"];
    folder.run(&size).exits(2).says("device").says("--html");
}

#[test]
fn what_is_written_beside_the_zip_is_no_device_either() {
    let folder = folder();
    for args in [["--folder", "nul"], ["--folder", "aux.d/f"]] {
        let whole = [&["handler", "-o", "f.zip"][..], &args].concat();
        pack(&folder, &whole)
            .run()
            .exits(2)
            .says("the folder")
            .says("--folder");
    }
    let outcome = pack(&folder, &["handler", "-o", "a /f.zip"]).run();
    outcome.exits(2).says("ends in a dot or a space");
    for pages in ["nul", "dist/Con.d", "pages?"] {
        let outcome = folder.run(&["man", "--out-dir", pages]);
        outcome.exits(2).says("the folder").says("--out-dir");
    }
    assert_eq!(folder.files(""), ["handler"]);
}

#[test]
fn a_zip_may_have_names_that_a_folder_of_windows_cannot_have() {
    let folder = folder().with(&["conf"]);
    for (name, why) in [
        ("d/nul", "has the name of a device"),
        ("d/aux.txt", "has the name of a device"),
        ("d/a:b", "does not allow in names"),
        ("d/a.", "ends in a dot or a space"),
        ("d /a", "ends in a dot or a space"),
    ] {
        let include = format!("conf={name}");
        let args = ["handler", "-o", "f.zip", "--include", &include];
        pack(&folder, &args).run().exits(0);
        assert_eq!(names(&folder, "f.zip"), ["bootstrap", name]);
        let in_folder = [&args[..], &["--folder", "files"]].concat();
        let outcome = pack(&folder, &in_folder).run();
        outcome.exits(2).says(why).says("leave out `--folder`");
    }
    assert_eq!(folder.files(""), ["conf", "f.zip", "handler"]);
}

#[test]
fn zips_may_be_named_with_asterisks() {
    let folder = folder();
    for output in ["dist/a.zip", "dist/b.zip"] {
        pack(&folder, &["handler", "-o", output]).run().exits(0);
    }
    for path in [r"dist\*.zip", "di?t/*.ZIP"] {
        let outcome = folder.run(&["check", path]);
        outcome.exits(0).says("Checked a ").says("Checked b ");
    }
    folder
        .run(&["size", r"dist\?.zip"])
        .exits(0)
        .prints("b.zip");
}

#[test]
fn an_output_has_a_name_that_windows_allows() {
    let folder = folder();
    for output in ["file:stream.zip", "dist/a?.zip", "a\u{7}.zip", "a|b/f.zip"] {
        let outcome = pack(&folder, &["handler", "-o", output]).run();
        outcome.exits(2).says("does not allow in names");
    }
    assert_eq!(folder.files(""), ["handler"]);
    // No shell has expanded it.
    folder
        .run(&["check", "none/*.zip"])
        .exits(3)
        .says("`none/*.zip` does not exist");
}

#[test]
fn dots_and_spaces_at_the_end_of_an_output_do_not_count() {
    let folder = folder();
    for output in ["f.zip.", "f.zip .. "] {
        let args = ["handler", "-o", output, "--message-format", "json"];
        let report = pack(&folder, &args).run().exits(0).json();
        let path = report["archives"][0]["path"].as_str().unwrap();
        assert_eq!(path, folder.path("f.zip").to_str().unwrap());
    }
    assert_eq!(folder.files(""), ["f.zip", "handler"]);
    let page = ["size", "f.zip", "--html", "sizes.html. "];
    folder.run(&page).exits(0).says("sizes.html");
    let args = [
        "handler", "-o", "f.zip", "--folder", "files. ", "--report", "r.json.",
    ];
    pack(&folder, &args).run().exits(0);
    folder.run(&["man", "--out-dir", "man."]).exits(0);
    assert_eq!(folder.read("files/bootstrap"), elf().bytes());
    let report = folder.report_in("r.json");
    assert_eq!(report["archives"][0]["path"], "f.zip");
    for place in ["sizes.html", "man/cargo-lambda-zip.1"] {
        assert!(folder.path(place).exists(), "{place}");
    }
}

#[test]
fn a_path_may_have_a_drive_and_no_root_or_a_root_and_no_drive() {
    let folder = folder().with(&["conf/a", "conf/b.bak"]);
    let (drive, rooted) = on_drive(&folder, "");
    let below = |path: &str| format!("{drive}:{path}");
    let rooted = |path: &str| format!("{}\\{path}", rooted.trim_end_matches('\\'));
    for path in [&below as &dyn Fn(&str) -> String, &rooted] {
        let (program, output) = (path("handler"), path("f.zip"));
        let (conf, exclude) = (path("conf"), path(r"conf\*.bak"));
        let args = [&*program, &*conf, "-o", &output, "--exclude-file", &exclude];
        let args = [&args[..], &["--message-format", "json"]].concat();
        let report = pack(&folder, &args).run().exits(0).json();
        assert_eq!(
            report["archives"][0]["path"],
            folder.path("f.zip").to_str().unwrap()
        );
        assert_eq!(names(&folder, "f.zip"), ["bootstrap", "conf/a"]);
        folder.run(&["check", &output]).exits(0).says("Checked f ");
        std::fs::remove_file(folder.path("f.zip")).unwrap();
    }
}

#[test]
fn an_exclude_may_have_backslashes() {
    let folder = folder().with(&["conf/a", "conf/b.key", "conf/deep/c.key"]);
    let whole = folder.path("conf").to_str().unwrap().replace('/', "\\");
    for exclude in [
        r"conf\**\*.key",
        r".\conf\**\*.key",
        r"**\*.key",
        &format!(r"{whole}\**\*.key"),
        &format!(r"\\?\{whole}\**\*.key"),
    ] {
        let args = ["handler", "conf", "-o", "f.zip", "--exclude-file", exclude];
        pack(&folder, &args).run().exits(0);
        assert_eq!(
            names(&folder, "f.zip"),
            ["bootstrap", "conf/a"],
            "{exclude}"
        );
        let negated = format!("!{exclude}");
        let args = [
            "handler",
            "--include",
            r"conf\",
            "-o",
            "f.zip",
            "--include",
            &negated,
        ];
        pack(&folder, &args).run().exits(0);
        assert_eq!(
            names(&folder, "f.zip"),
            ["bootstrap", "conf/a"],
            "{negated}"
        );
    }
    let args = [
        "handler",
        "conf",
        "-o",
        "f.zip",
        "--exclude-file",
        r"conf\deep\",
        "--exclude-file",
        r"conf\b.key",
    ];
    pack(&folder, &args).run().exits(0);
    assert_eq!(names(&folder, "f.zip"), ["bootstrap", "conf/a"]);
}

#[test]
fn a_verbatim_path_is_a_path() {
    let folder = folder().with(&["conf/a"]);
    let verbatim = |path: &str| {
        let (drive, rest) = on_drive(&folder, path);
        format!(r"\\?\{drive}:{rest}")
    };
    let (program, output) = (verbatim("handler"), verbatim("f.zip"));
    let include = format!("{}=conf", verbatim("conf"));
    let args = [&*program, "-o", &output, "--include", &include];
    pack(&folder, &args).run().exits(0);
    assert_eq!(names(&folder, "f.zip"), ["bootstrap", "conf/a"]);
    folder.run(&["check", &output]).exits(0);
}

#[test]
fn a_path_may_be_longer_than_260_characters() {
    let folder = folder();
    let long = ["a-folder-with-a-long-name"; 13].join("/");
    let output = format!("{long}/f.zip");
    for said in ["Packaged", "Fresh"] {
        pack(&folder, &["handler", "-o", &output])
            .run()
            .exits(0)
            .says(said);
    }
    folder.run(&["check", &output]).exits(0);
    let report = format!("--report={long}/report.json");
    pack(&folder, &["handler", "-o", &output, &report])
        .run()
        .exits(0);
    let report = folder.report_in(&format!("{long}/report.json"));
    assert_eq!(report["archives"][0]["path"], "f.zip");
}

#[test]
fn a_place_is_one_place_in_capitals_too() {
    let folder = folder().with(&["conf/a"]);
    let outcome = pack(&folder, &["handler", "-o", "HANDLER"]).run();
    outcome
        .exits(2)
        .says("is not a zip; it would be overwritten");
    assert_eq!(folder.read("handler"), elf().bytes());
    let outcome = pack(&folder, &["handler", "conf", "-o", "CONF/f.zip"]).run();
    outcome.exits(2).says("would contain itself");
    pack(&folder, &["HANDLER", "CONF", "-o", "f.zip"])
        .run()
        .exits(0);
    assert_eq!(names(&folder, "f.zip"), ["CONF/a", "bootstrap"]);
}

#[test]
fn files_are_executable_by_their_contents() {
    let folder = folder().with(&["d/text"]).file("d/run.sh", "#!/bin/sh\n");
    folder.write("d/tool", Elf::fixed(Machine::X86_64).bytes());
    pack(&folder, &["handler", "d", "-o", "f.zip"])
        .run()
        .exits(0);
    let zip = Zip::parse(&folder.read("f.zip"));
    let modes = zip.entries.iter().map(|entry| (&*entry.name, entry.mode));
    let modes: Vec<_> = modes.collect();
    assert_eq!(
        modes,
        [
            ("bootstrap", 0o100_755),
            ("d/run.sh", 0o100_755),
            ("d/text", 0o100_644),
            ("d/tool", 0o100_755)
        ]
    );
}

#[test]
fn what_other_systems_read_has_slashes() {
    let folder = folder().with(&["conf/a"]);
    let args = [
        r".\handler",
        r"conf\a",
        "-o",
        r"dist\f g.zip",
        "--report",
        r"out\r.json",
    ];
    pack(&folder, &args).run().exits(0);
    let report = folder.report_in("out/r.json");
    assert_eq!(report["archives"][0]["path"], "../dist/f g.zip");
    assert_eq!(report["archives"][0]["entries"][1]["path"], "conf/a");
    folder.write("dist/bad.zip", "no zip at all");
    let check = |format| folder.run(&["check", r"dist\bad.zip", "--message-format", format]);
    let outcome = check("github");
    outcome.promise(
        outcome.stdout.contains("file=dist/bad.zip,"),
        "a path with slashes",
    );
    let location = &check("sarif").json()["runs"][0]["results"][0]["locations"][0];
    let uri = &location["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "dist/bad.zip");
}

#[test]
fn merged_paths_have_no_prefix() {
    let folder = folder();
    let args = ["handler", "-o", "f.zip", "--report", "out/r.json"];
    pack(&folder, &args).run().exits(0);
    let merged = folder.run(&["report", "merge", "out/r.json"]);
    let path = merged.exits(0).json()["archives"][0]["path"].take();
    let path = path.as_str().unwrap();
    assert!(path.ends_with("f.zip") && !path.contains('?'), "{path}");
}

#[test]
fn a_manifest_may_have_lines_of_windows() {
    let manifest = "[package]\r\nname = \"shop\"\r\n[package.metadata.lambda-zip]\r\n\
                    include = [\r\n  \"conf\",\r\n]\r\nno-such-key = 1\r\n";
    let folder = folder().with(&["conf/a"]).file("Cargo.toml", manifest);
    let outcome = folder.run(&["check", "f.zip"]);
    outcome.exits(2).says("no-such-key").says("Cargo.toml:7");
    outcome.promise(!outcome.stderr.contains('\r'), "no carriage return");
}

#[test]
fn a_zip_that_another_program_has_open_is_not_lost() {
    let folder = folder();
    let run = || pack(&folder, &["handler", "-o", "f.zip"]).run();
    run().exits(0);
    let before = folder.read("f.zip");
    folder.write("handler", elf().payload("another").bytes());
    let open = File::options()
        .read(true)
        .share_mode(1)
        .open(folder.path("f.zip"));
    run().exits(4).says("f.zip");
    assert_eq!(folder.read("f.zip"), before);
    drop(open.unwrap());
    run().exits(0);
    assert_ne!(folder.read("f.zip"), before);
    assert_eq!(folder.files(""), ["f.zip", "handler"]);
}

#[test]
fn a_zip_that_is_read_only_is_an_error_or_replaced() {
    let folder = folder();
    let run = || pack(&folder, &["handler", "-o", "f.zip"]).run();
    run().exits(0);
    let before = folder.read("f.zip");
    let path = folder.path("f.zip");
    let mut permissions = path.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    folder.write("handler", elf().payload("another").bytes());
    let outcome = run();
    let is_new = folder.read("f.zip") != before;
    outcome.exits(if is_new { 0 } else { 4 });
    assert_eq!(folder.files(""), ["f.zip", "handler"]);
}
