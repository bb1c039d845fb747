//! Crates that link a library of the system are told before anything compiles, with the feature that
//! makes them compile it.

use crate::support::cargo::X86_64_GNU;
use crate::support::project::Project;

/// A crate of this name with a feature that needs no library, and a build script that looks for one.
fn project(krate: &str, feature: &str, dependency: &str) -> Project {
    let manifest = format!("[dependencies]\n{krate} = {{ path = \"sys\"{dependency} }}\n");
    let sys = format!(
        "[package]\nname = \"{krate}\"\nversion = \"0.9.1\"\n[workspace]\n\
         [features]\n{feature} = []\n[build-dependencies]\ncc = {{ path = \"../cc\" }}\n"
    );
    Project::package("orders", &manifest)
        .file("sys/Cargo.toml", &sys)
        .file("sys/src/lib.rs", "")
        .file(
            "cc/Cargo.toml",
            "[package]\nname = \"cc\"\nversion = \"1.0.0\"\n[workspace]\n",
        )
        .file("cc/src/lib.rs", "")
}

const CRATES: [(&str, &str, &str); 7] = [
    ("openssl-sys", "vendored", "OpenSSL"),
    ("pq-sys", "bundled", "libpq"),
    ("libsqlite3-sys", "bundled", "SQLite"),
    ("mysqlclient-sys", "bundled", "the client library of MySQL"),
    ("sasl2-sys", "vendored", "SASL"),
    ("freetype-sys", "bundled", "FreeType"),
    ("hdf5-sys", "static", "HDF5"),
];

#[test]
fn the_feature_is_named_before_anything_compiles() {
    for (krate, feature, library) in CRATES {
        for arch in ["x86_64", "arm64"] {
            let project = project(krate, feature, "");
            project
                .run(&["--arch", arch])
                .exits(3)
                .says(&format!("`{krate} v0.9.1` links {library}"))
                .says(&format!("(orders v0.1.0 → {krate} v0.9.1)"))
                .says(&format!("`cargo add {krate}@0.9.1 --features {feature}`"));
            assert_eq!(project.calls_of("build"), 0);
        }
    }
}

#[test]
fn with_the_feature_it_is_a_crate_that_compiles_c() {
    for (krate, feature, _) in CRATES {
        let project = project(krate, feature, &format!(", features = [\"{feature}\"]"));
        let command = project.command(&["--arch", "arm64"]);
        let run = command.env("PATH", "/usr/bin:/bin").run();
        run.exits(3)
            .says("compiles C for aarch64-unknown-linux-musl");
    }
}

#[test]
fn a_library_that_the_user_names_will_do() {
    for name in ["OPENSSL_DIR", "X86_64_UNKNOWN_LINUX_MUSL_OPENSSL_DIR"] {
        let project = project("openssl-sys", "vendored", "");
        let command = project.command(&[]).env(name, "/opt/openssl");
        let run = command.env("CC_x86_64_unknown_linux_musl", "my-cc").run();
        run.exits(0);
    }
    let project = project("openssl-sys", "vendored", "");
    project.run(&["--builder", "cargo"]).exits(0);
}

#[test]
fn of_two_libraries_the_one_that_is_not_named_counts() {
    let sys =
        |krate: &str| format!("[package]\nname = \"{krate}\"\nversion = \"0.9.1\"\n[workspace]\n");
    let manifest = "[dependencies]\nopenssl-sys = { path = \"a\" }\npq-sys = { path = \"b\" }\n";
    let project = Project::package("orders", manifest)
        .file("a/Cargo.toml", &sys("openssl-sys"))
        .file("a/src/lib.rs", "")
        .file("b/Cargo.toml", &sys("pq-sys"))
        .file("b/src/lib.rs", "");
    let command = project.command(&[]).env("OPENSSL_DIR", "/opt/openssl");
    command
        .run()
        .exits(3)
        .says("`pq-sys v0.9.1` links libpq")
        .says("`cargo add pq-sys@0.9.1 --features bundled`")
        .says("`cargo add openssl-sys --features vendored`");
    let command = project.command(&[]).env("OPENSSL_DIR", "/opt/openssl");
    command.env("PQ_LIB_DIR", "/opt/pq").run().exits(0);
}

/// There the system's own library is the right one.
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
#[test]
fn glibc_of_the_machine_has_the_libraries_of_the_machine() {
    let project = project("openssl-sys", "vendored", "");
    project.run(&["--target", X86_64_GNU]).exits(0);
}
