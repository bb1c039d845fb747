//! Layers and extensions.

use forge::elf::noise;
use forge::{Forged, Forgery};

use super::{bootstrap, check, elf, library, needing, script, text, warns};
use crate::support::project::Project;

#[test]
fn links_into_lambdas_own_folders_are_a_warning() {
    let linked = || [bootstrap(), Forged::link("fonts", "/opt/fonts")];
    warns(linked(), "external-symlink");
    warns(
        [bootstrap(), Forged::link("cache", "/tmp/cache")],
        "external-symlink",
    );
    let with = |layer: &str| {
        let folder = Project::empty();
        folder.write("f.zip", Forgery::of(linked()).bytes());
        folder.write("layer.zip", Forgery::of([text(layer)]).bytes());
        folder.run(&["check", "f.zip", "--layer", "layer.zip"])
    };
    with("fonts/a.ttf")
        .exits(0)
        .never_says("external-symlink")
        .never_says("dangling-symlink");
    with("lib/a").exits(0).says("warning[dangling-symlink]");
}

#[test]
fn folders_of_layers_are_spelt_right() {
    let of = |entry: Forged| {
        let folder = Project::empty();
        folder.write("l.zip", Forgery::of([entry]).bytes());
        folder.run(&["check", "--kind", "layer", "l.zip"])
    };
    let agent = |name: &str| Forged::file(name, 0o755, elf().bytes());
    of(agent("extensions\\agent"))
        .exits(1)
        .says("error[misplaced-extension]");
    for name in ["extesntions/agent", "extention/agent", "Extensions/agent"] {
        of(agent(name))
            .exits(0)
            .says("warning[misplaced-layer-content]");
    }
    for name in [
        "pyhton/a.py",
        "node_js/a.js",
        "Lib/a.txt",
        "libs/a.txt",
        "jav/a.jar",
    ] {
        of(text(name))
            .exits(0)
            .says("warning[misplaced-layer-content]");
    }
    for name in [
        "python/a.py",
        "data/a",
        "share/a",
        "link/a",
        "bias/a",
        "lava1/a",
    ] {
        of(text(name)).exits(0).never_says("misplaced");
    }
}

#[test]
fn a_layer_brings_what_the_package_lacks() {
    let folder = Project::empty();
    let zip = |name: &str, entries: Vec<Forged>| folder.write(name, Forgery::of(entries).bytes());
    zip("library.zip", vec![library("lib/libx.so.1")]);
    zip("needs.zip", vec![needing("libx.so.1")]);
    zip("runtime.zip", vec![bootstrap()]);
    zip("code.zip", vec![text("index.php")]);
    zip("script.zip", vec![script("#!/opt/bin/lua\n")]);
    zip(
        "lua.zip",
        vec![Forged {
            name: b"bin/lua".to_vec(),
            ..bootstrap()
        }],
    );
    zip(
        "closed.zip",
        vec![Forged::file("bin/lua", 0o644, elf().bytes())],
    );
    let check = |args: &[&str]| folder.run(&[&["check"], args].concat());
    check(&["needs.zip"]).exits(1);
    check(&["needs.zip", "--layer", "library.zip"]).exits(0);
    check(&["code.zip"])
        .exits(1)
        .says("missing-bootstrap")
        .says("--layer");
    check(&["code.zip", "--layer", "library.zip"]).exits(1);
    check(&[
        "code.zip",
        "--layer",
        "library.zip",
        "--layer",
        "runtime.zip",
    ])
    .exits(0);
    check(&["script.zip"]).exits(1).says("missing-interpreter");
    check(&["script.zip", "--layer", "lua.zip"]).exits(0);
    check(&["script.zip", "--layer", "closed.zip"])
        .exits(1)
        .says("not-executable");
    for size_only in ["needs.zip", "code.zip", "script.zip"] {
        check(&[size_only, "--layer", "1MiB"]).exits(0);
    }
    check(&["needs.zip", "--layer", "nowhere.zip"])
        .exits(3)
        .says("nowhere.zip");
    folder.write("text.zip", "no zip");
    check(&["needs.zip", "--layer", "text.zip"])
        .exits(1)
        .says("broken-zip")
        .says("in the layer `text.zip`, the zip is broken")
        .never_says("could not read");
    fs_err::create_dir(folder.path("folder")).unwrap();
    check(&["needs.zip", "--layer", "./folder"])
        .exits(2)
        .says("folder` is a folder");
}

#[test]
fn limits_count_layers_and_extensions() {
    let zip = Forgery::of([bootstrap()]).bytes();
    let six = ["--layer", "1KiB"].repeat(6);
    check(&zip, &six[..10]).exits(0);
    check(&zip, &six).exits(1).says("too-many-layers");
    let layer = Forgery::of([library("lib/libx.so")]).bytes();
    let as_layer = ["--kind", "layer"];
    check(&layer, &[&as_layer, &six[..8]].concat()).exits(0);
    check(&layer, &[&as_layer, &six[..10]].concat())
        .exits(1)
        .says("6 layers, this one included");
    check(&zip, &["--layer", "250MiB"])
        .exits(1)
        .says("unzipped-too-large")
        .says("262144000");
    check(&zip, &["--max-unzipped-size", "10KiB"]).exits(0);
    let over = check(&zip, &["--max-zip-size", "100 B"]);
    over.exits(1).says("error[over-budget]").says("`bootstrap`");
    let extension = |nth: u32| Forged::file(format!("extensions/e{nth}"), 0o755, elf().bytes());
    let ten = Forgery::of((0..10).map(extension)).bytes();
    check(&ten, &["--kind", "layer"]).exits(0);
    let eleven = Forgery::of((0..11).map(extension)).bytes();
    check(&eleven, &["--kind", "layer"])
        .exits(1)
        .says("too-many-extensions");
    let large = Forgery::of([bootstrap(), Forged::file("a", 0o644, noise(50 << 20))]).bytes();
    check(&large, &[])
        .exits(0)
        .says("warning[zip-too-large]")
        .says("s3");
}

#[test]
fn a_layer_has_rules_of_its_own() {
    let layer = |entries: Vec<Forged>| {
        check(
            &Forgery::of(entries).bytes(),
            &["--kind", "layer", "-D", "warnings"],
        )
    };
    layer(vec![text("python/lib/a.py")]).exits(0);
    layer(vec![Forged::file("extensions/a", 0o644, elf().bytes())])
        .exits(1)
        .says("not-executable");
    layer(vec![script("#!/bin/sh\n")]).exits(0);
    layer(vec![text("mylayer/lib/a.so")])
        .exits(1)
        .says("misplaced-layer-content");
    check(&Forgery::of([]).bytes(), &["--kind", "layer"])
        .exits(1)
        .says("non-empty");
}
