//! Programs that a loader starts, and the libraries it has to find for them.
//!
//! The glibc that stands for Lambda's is this machine's, without the names of the
//! versions after 2.34, the one that Amazon Linux 2023 has: its loader refuses what
//! needs a newer one. The programs are made by this machine's own C compiler.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::case::{Case, prove};
use super::gcc;
use super::programs::{Workshop, greeting, of_the_shop};
use super::table::Section;
use super::zip::{Entry, Zip};
use crate::architecture::Architecture::Arm64;
use crate::parts::{output, program};

/// What Amazon Linux 2023 has of libraries, as far as the programs need it.
pub(super) fn al2023() -> Vec<(PathBuf, &'static str)> {
    static FILES: LazyLock<Workshop> = LazyLock::new(|| {
        let workshop = Workshop::new("al2023");
        for library in [
            LOADER,
            "libc.so.6",
            "libm.so.6",
            "libgcc_s.so.1",
            "libstdc++.so.6",
        ] {
            let bytes = without_newer_versions(fs_err::read(own_library(library)).unwrap());
            workshop.write(library, bytes);
            workshop.make_executable(library);
        }
        workshop
    });
    [
        (LOADER, "lib64/ld-linux-x86-64.so.2"),
        ("libc.so.6", "lib64/libc.so.6"),
        ("libm.so.6", "lib64/libm.so.6"),
        ("libstdc++.so.6", "lib64/libstdc++.so.6"),
        ("libgcc_s.so.1", "lib64/libgcc_s.so.1"),
    ]
    .map(|(library, place)| (FILES.path(library), place))
    .into()
}

const LOADER: &str = "ld-linux-x86-64.so.2";

/// Where this machine's C compiler finds a library.
fn own_library(name: &str) -> PathBuf {
    let path = output(Command::new(program("cc")).arg(format!("-print-file-name={name}")));
    PathBuf::from(String::from_utf8(path).unwrap().trim())
}

/// A library of glibc in which the versions after 2.34 go by other names. As they do so
/// everywhere, its parts still fit together.
fn without_newer_versions(mut library: Vec<u8>) -> Vec<u8> {
    for minor in 35..60 {
        let name = format!("\0GLIBC_2.{minor}\0").into_bytes();
        let other = format!("\0GLIBC-2.{minor}\0").into_bytes();
        let mut at = 0;
        while let Some(found) = library[at..]
            .windows(name.len())
            .position(|part| part == name)
        {
            library[at + found..][..name.len()].copy_from_slice(&other);
            at += found;
        }
    }
    library
}

/// A folder to compile in, with the library `libgreet.so` to link with.
pub(super) struct Libraries {
    pub(super) workshop: Workshop,
    greet: Vec<u8>,
}

impl Libraries {
    fn new() -> Self {
        let workshop = Workshop::new("libraries");
        let greet = workshop.library("libgreet.so", "int greet;\n", ["-nostdlib"]);
        Self { workshop, greet }
    }

    pub(super) fn function<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Entry {
        Entry::new("bootstrap", &self.workshop.function("cc", args))
    }

    /// The function, linked with `libgreet.so` too, which it looks for in `search`.
    fn greeter(&self, search: &[&str]) -> Entry {
        let here = ["-L.", "-Wl,--no-as-needed", "-lgreet"];
        self.function(here.iter().chain(search))
    }

    fn library(&self, name: &str) -> Entry {
        Entry::new(name, &self.greet)
    }
}

pub(super) fn package(name: &'static str, entries: impl IntoIterator<Item = Entry>) -> Case {
    Case::new(name, &Zip::of(entries.into_iter().chain([greeting()]))).mount(al2023())
}

/// Where a package may bring the loader of musl.
const OWN_LOADER: &str = "-Wl,--dynamic-linker=/var/task/lib/ld-musl-x86_64.so.1";

fn of_loaders(libraries: &Libraries) -> Vec<Case> {
    let workshop = &libraries.workshop;
    let musl = |args: &[&str]| Entry::new("bootstrap", &workshop.function("musl-gcc", args));
    workshop.write(
        "entropy.c",
        "#include <stdlib.h>\n\
         __attribute__((constructor)) static void draw(void) { arc4random(); }\n",
    );
    let own = &["entropy.c", "-Wl,--dynamic-linker=/var/task/lib/ld.so"];
    let own_bytes = |name| fs_err::read(own_library(name)).unwrap();
    let loader = || Entry::new("lib/ld.so", &own_bytes(LOADER));
    vec![
        package("of glibc", [libraries.function([] as [&str; 0])]),
        package(
            "of glibc, at a fixed address",
            [libraries.function(["-no-pie"])],
        ),
        package("of a newer glibc", [libraries.function(["entropy.c"])])
            .finds(&["glibc-too-new"])
            .says("GLIBC_2.36"),
        package(
            "of glibc, whose loader is in the package without its C library",
            [libraries.function(own), loader()],
        )
        .finds(&["glibc-too-new"]),
        package(
            "of glibc, whose loader is in the package with its C library",
            [
                libraries.function(
                    own.iter()
                        .chain(&["-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib"]),
                ),
                loader(),
                Entry::new("lib/libc.so.6", &own_bytes("libc.so.6")),
            ],
        ),
        package(
            "of glibc, by the folder that another is a link to",
            [libraries.function(["-Wl,--dynamic-linker=/usr/lib64/ld-linux-x86-64.so.2"])],
        )
        .mount(
            al2023()
                .into_iter()
                .take(1)
                .map(|(loader, _)| (loader, "usr/lib64/ld-linux-x86-64.so.2")),
        ),
        package("of musl, whose loader is not there", [musl(&[])]).finds(&["missing-interpreter"]),
        package(
            "of musl, whose loader is in the package",
            [
                musl(&[OWN_LOADER]),
                Entry::new(
                    "lib/ld-musl-x86_64.so.1",
                    &fs_err::read(musl_loader()).unwrap(),
                ),
            ],
        ),
        package(
            "of musl, whose loader in the package is that of arm64",
            [
                musl(&[OWN_LOADER]),
                Entry::new(
                    "lib/ld-musl-x86_64.so.1",
                    &of_the_shop("orders", Arm64, "bootstrap"),
                ),
            ],
        )
        .finds(&["missing-interpreter", "unusable-helper"]),
        package(
            "of glibc, and needing the C library of musl",
            [musl(&["-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2"])],
        )
        .finds(&["missing-library"])
        .says("libc.so"),
        package(
            "of musl, whose loader is not in the package",
            [musl(&[OWN_LOADER])],
        )
        .finds(&["missing-interpreter"]),
    ]
}

fn musl_loader() -> &'static Path {
    Path::new("/lib/ld-musl-x86_64.so.1")
}

fn of_places(libraries: &Libraries) -> Vec<Case> {
    let greeter = || libraries.greeter(&[]);
    let in_layer = |name: &'static str, entry: Entry, at: &str| {
        package(name, [entry]).layer(&Zip::of([libraries.library(at)]))
    };
    vec![
        package("a library that is nowhere", [greeter()])
            .finds(&["missing-library"])
            .says("libgreet.so"),
        package(
            "a library in `lib`",
            [greeter(), libraries.library("lib/libgreet.so")],
        ),
        package(
            "a library beside the program",
            [greeter(), libraries.library("libgreet.so")],
        ),
        package(
            "a library in `lib64`",
            [greeter(), libraries.library("lib64/libgreet.so")],
        )
        .finds(&["missing-library"]),
        package(
            "a library that is a link",
            [
                greeter(),
                Entry::link("lib/libgreet.so", "libgreet.so.1"),
                libraries.library("lib/libgreet.so.1"),
            ],
        ),
        package(
            "a library that nobody may execute",
            [greeter(), libraries.library("lib/libgreet.so").mode(0o644)],
        ),
        package(
            "a library that only its owner may read",
            [greeter(), libraries.library("lib/libgreet.so").mode(0o700)],
        )
        .finds(&["missing-library", "not-readable"]),
        in_layer("a library in a layer's `lib`", greeter(), "lib/libgreet.so"),
        in_layer("a library in a layer's root", greeter(), "libgreet.so")
            .finds(&["misplaced-layer-content", "missing-library"]),
        in_layer(
            "a library one level too deep in a layer",
            greeter(),
            "greet/lib/libgreet.so",
        )
        .finds(&["misplaced-layer-content", "missing-library"]),
        package(
            "a library where the program says, from its own place",
            [
                libraries.greeter(&["-Wl,-rpath,$ORIGIN/vendor"]),
                libraries.library("vendor/libgreet.so"),
            ],
        ),
        package(
            "a library where the program says, from where it is started",
            [
                libraries.greeter(&["-Wl,-rpath,vendor"]),
                libraries.library("vendor/libgreet.so"),
            ],
        ),
        package(
            "a library where the program says, in the older way",
            [
                libraries.greeter(&["-Wl,--disable-new-dtags,-rpath,$ORIGIN/vendor"]),
                libraries.library("vendor/libgreet.so"),
            ],
        ),
        in_layer(
            "a library where the program says, in a layer",
            libraries.greeter(&["-Wl,-rpath,/opt/vendor"]),
            "vendor/libgreet.so",
        ),
        package(
            "a library elsewhere than the program says",
            [
                libraries.greeter(&["-Wl,-rpath,$ORIGIN/vendor"]),
                libraries.library("vendors/libgreet.so"),
            ],
        )
        .finds(&["missing-library"]),
    ]
}

fn of_what_libraries_need(libraries: &Libraries) -> Vec<Case> {
    let deep = libraries
        .workshop
        .library("libdeep.so", "int deep;\n", ["-nostdlib"]);
    let deep_in = |folder: &str| Entry::new(format!("{folder}/libdeep.so"), &deep);
    let workshop = Workshop::new("needy");
    let needs_deep = [
        "-nostdlib",
        "-Wl,--no-as-needed",
        "-L../libraries",
        "-ldeep",
    ];
    let needy = workshop.library("libgreet.so", "int greet;\n", needs_deep);
    let source = "#include <stdlib.h>\nunsigned greet(void) { return arc4random(); }\n";
    let newer = workshop.library("libgreet.so", source, [] as [&str; 0]);
    let arm64 = of_the_shop("orders", Arm64, "bootstrap");
    let with = |library: &[u8]| {
        [
            libraries.greeter(&[]),
            Entry::new("lib/libgreet.so", library),
        ]
    };
    vec![
        package(
            "a library of a library",
            with(&needy).into_iter().chain([deep_in("lib")]),
        ),
        package(
            "a library of a library, where the program says",
            [
                libraries.greeter(&["-Wl,-rpath,$ORIGIN/vendor"]),
                Entry::new("vendor/libgreet.so", &needy),
                deep_in("vendor"),
            ],
        )
        .finds(&["missing-library"]),
        package(
            "a library of a library, where the program says in the older way",
            [
                libraries.greeter(&["-Wl,--disable-new-dtags,-rpath,$ORIGIN/vendor"]),
                Entry::new("vendor/libgreet.so", &needy),
                deep_in("vendor"),
            ],
        ),
        package("a library of a library that is nowhere", with(&needy)).finds(&["missing-library"]),
        package("a library of a newer glibc", with(&newer))
            .finds(&["glibc-too-new"])
            .says("GLIBC_2.36"),
        package("a library for arm64", with(&arm64)).finds(&["missing-library", "unusable-helper"]),
        package("a library that is none", with(b"text\n")).finds(&["missing-library"]),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, glibc 2.36, C compilers for it and musl, and the readers: run tests/run"]
fn loaders_and_libraries() {
    let libraries = Libraries::new();
    let groups = [of_loaders, of_places, of_what_libraries_need, gcc::cases];
    prove(
        Section::Libraries,
        groups.iter().flat_map(|group| group(&libraries)),
    );
}
