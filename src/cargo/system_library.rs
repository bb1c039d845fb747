//! Crates that link a library of the system, which a musl target does not have.

use std::collections::BTreeSet;

use super::environment::Environment;
use crate::lambda::Target;

/// A crate that links a library of the system unless a feature makes it compile its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SystemLibrary {
    /// The name of the crate.
    krate: &'static str,
    /// The feature with which the crate needs the library; `None` if it always does.
    only_with: Option<&'static str>,
    /// The library, as users know it.
    pub(crate) library: &'static str,
    /// The features with which the crate needs no library of the system; the first is the usual one.
    features: &'static [&'static str],
    /// A variable with which the crate ignores its features.
    no_features: Option<&'static str>,
    /// The variables that name a library for the target. Crates also read them with the target
    /// before or behind the name.
    variables: &'static [&'static str],
    /// True if the library that the crate compiles links OpenSSL.
    needs_openssl: bool,
    /// A way without the library.
    pub(crate) alternative: Option<&'static str>,
}

impl SystemLibrary {
    /// The values that most crates have.
    const BASE: Self = Self {
        krate: "",
        only_with: None,
        library: "",
        features: &[],
        no_features: None,
        variables: &[],
        needs_openssl: false,
        alternative: None,
    };
}

/// The common ones, from the build scripts of the versions that are named. Others compile their
/// library if pkg-config finds none, which it does not for another target: libz-sys, curl-sys,
/// libgit2-sys, libssh2-sys, bzip2-sys, zstd-sys, liblzma-sys, onig_sys, libusb1-sys, proj-sys.
const LIBRARIES: [SystemLibrary; 12] = [
    // 0.9.118
    SystemLibrary {
        krate: "openssl-sys",
        library: "OpenSSL",
        features: &["vendored", "aws-lc", "aws-lc-fips", "unstable_boringssl"],
        no_features: Some("OPENSSL_NO_VENDOR"),
        variables: &["OPENSSL_DIR", "OPENSSL_LIB_DIR"],
        alternative: Some(
            "take rustls: for instance `cargo add reqwest --no-default-features --features rustls`",
        ),
        ..SystemLibrary::BASE
    },
    // 0.7.8; without a folder, PQ_LIB_STATIC says nothing about the library.
    SystemLibrary {
        krate: "pq-sys",
        library: "libpq of PostgreSQL",
        features: &["bundled", "bundled_without_openssl"],
        variables: &["PQ_LIB_DIR"],
        needs_openssl: true,
        ..SystemLibrary::BASE
    },
    // 0.40.0; an extension gets the functions of SQLite from the program that loads it.
    SystemLibrary {
        krate: "libsqlite3-sys",
        library: "SQLite",
        features: &["bundled", "loadable_extension"],
        variables: &["SQLITE3_LIB_DIR", "SQLCIPHER_LIB_DIR"],
        ..SystemLibrary::BASE
    },
    SystemLibrary {
        krate: "libsqlite3-sys",
        only_with: Some("bundled-sqlcipher"),
        library: "OpenSSL for SQLCipher",
        features: &["bundled-sqlcipher-vendored-openssl"],
        variables: &["OPENSSL_DIR", "OPENSSL_LIB_DIR"],
        ..SystemLibrary::BASE
    },
    // 0.5.2
    SystemLibrary {
        krate: "mysqlclient-sys",
        library: "the client library of MySQL",
        features: &["bundled"],
        variables: &["MYSQLCLIENT_LIB_DIR"],
        needs_openssl: true,
        ..SystemLibrary::BASE
    },
    // 0.1.22
    SystemLibrary {
        krate: "sasl2-sys",
        library: "SASL",
        features: &["vendored"],
        variables: &["SASL2_DIR", "SASL2_LIB_DIR"],
        ..SystemLibrary::BASE
    },
    // 0.2.7
    SystemLibrary {
        krate: "libdbus-sys",
        library: "D-Bus",
        features: &["vendored"],
        ..SystemLibrary::BASE
    },
    // 0.23.0
    SystemLibrary {
        krate: "freetype-sys",
        library: "FreeType",
        features: &["bundled"],
        ..SystemLibrary::BASE
    },
    // 6.0.1; with the feature, a program looks for the library when it runs.
    SystemLibrary {
        krate: "yeslogic-fontconfig-sys",
        library: "Fontconfig",
        features: &["dlopen"],
        ..SystemLibrary::BASE
    },
    // 0.8.1
    SystemLibrary {
        krate: "hdf5-sys",
        library: "HDF5",
        features: &["static"],
        variables: &["HDF5_DIR"],
        ..SystemLibrary::BASE
    },
    // 0.3.4
    SystemLibrary {
        krate: "libgssapi-sys",
        library: "Kerberos (GSSAPI)",
        ..SystemLibrary::BASE
    },
    // 0.1.4
    SystemLibrary {
        krate: "libudev-sys",
        library: "libudev",
        ..SystemLibrary::BASE
    },
];

/// The variables with which the crate `pkg-config` looks for a library for another target.
const PKG_CONFIG: [&str; 3] = [
    "PKG_CONFIG_ALLOW_CROSS",
    "PKG_CONFIG",
    "PKG_CONFIG_SYSROOT_DIR",
];

impl SystemLibrary {
    /// True if a crate of this name may link a library of the system.
    pub(crate) fn is_known(krate: &str) -> bool {
        LIBRARIES.iter().any(|library| library.krate == krate)
    }

    /// The library of the system that a crate links with `features`.
    pub(crate) fn of(
        krate: &str,
        features: &BTreeSet<String>,
        environment: &Environment,
    ) -> Option<&'static Self> {
        let mut libraries = LIBRARIES.iter().filter(|library| library.krate == krate);
        libraries.find(|library| {
            let is_asked = |feature: &&str| features.contains(*feature);
            library.only_with.as_ref().is_none_or(is_asked)
                && (library.ignores_features(environment) || !library.features.iter().any(is_asked))
        })
    }

    fn ignores_features(&self, environment: &Environment) -> bool {
        let value = self.no_features.and_then(|name| environment.get(name));
        value.is_some_and(|value| value != "0")
    }

    /// True if the user names a library for `target`, or lets pkg-config find one.
    pub(crate) fn is_given(&self, target: Target, environment: &Environment) -> bool {
        let triple = target.triple();
        let upper = triple.to_uppercase().replace('-', "_");
        let names_library = |name: &&str| {
            let names = [
                (*name).to_owned(),
                format!("{upper}_{name}"),
                format!("{name}_{upper}"),
            ];
            names.iter().any(|name| environment.has(name))
        };
        let lower = triple.replace('-', "_");
        let is_set = |name: &&str| {
            let names = [
                format!("{name}_{triple}"),
                format!("{name}_{lower}"),
                format!("TARGET_{name}"),
                (*name).to_owned(),
            ];
            names.iter().find_map(|name| environment.get(name))
        };
        // The first one can also forbid it.
        let forbids = is_set(&PKG_CONFIG[0]).is_some_and(|value| value == "0");
        self.variables.iter().any(names_library)
            || !forbids && PKG_CONFIG.iter().any(|name| is_set(name).is_some())
    }

    /// The variable of the environment with which the crate ignores its features, if it is set.
    pub(crate) fn obstacle(&self, environment: &Environment) -> Option<&'static str> {
        self.no_features
            .filter(|_| self.ignores_features(environment))
    }

    /// The way to make the crate `named` (`NAME vVERSION`) compile its library, if it can; with the
    /// `obstacle`, a variable, it does not.
    pub(crate) fn compile_it(&self, named: &str, obstacle: Option<&str>) -> Option<String> {
        let at_version = named.replacen(" v", "@", 1);
        let feature = self.features.first()?;
        let openssl = if self.needs_openssl {
            ", with `cargo add openssl-sys --features vendored` for its OpenSSL"
        } else {
            ""
        };
        let variable = obstacle.map(|variable| format!(", without the variable {variable}"));
        Some(format!(
            "let the crate compile its own: `cargo add {at_version} --features {feature}`{openssl}{}",
            variable.unwrap_or_default()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[&str]) -> Environment {
        let variables: Vec<String> = variables.iter().map(ToString::to_string).collect();
        Environment::load(&[], &variables).unwrap()
    }

    fn needed(krate: &str, features: &[&str], variables: &[&str]) -> Option<&'static str> {
        let features = features.iter().map(ToString::to_string).collect();
        let library = SystemLibrary::of(krate, &features, &environment(variables))?;
        Some(library.library)
    }

    #[test]
    fn features_and_variables_decide_about_the_library() {
        assert_eq!(needed("openssl-sys", &[], &[]), Some("OpenSSL"));
        assert_eq!(needed("openssl-sys", &["vendored"], &[]), None);
        let forced = ["OPENSSL_NO_VENDOR=1"];
        assert_eq!(
            needed("openssl-sys", &["vendored"], &forced),
            Some("OpenSSL")
        );
        let not_forced = ["OPENSSL_NO_VENDOR=0"];
        assert_eq!(needed("openssl-sys", &["vendored"], &not_forced), None);
        assert_eq!(needed("libz-sys", &[], &[]), None);
    }

    #[test]
    fn only_a_variable_that_is_set_is_in_the_way() {
        let openssl = &LIBRARIES[0];
        let ways = |variables: &[&str]| {
            let obstacle = openssl.obstacle(&environment(variables));
            openssl.compile_it("openssl-sys v0.9.118", obstacle)
        };
        let way =
            "let the crate compile its own: `cargo add openssl-sys@0.9.118 --features vendored`";
        assert_eq!(ways(&[]).as_deref(), Some(way));
        let hindered = format!("{way}, without the variable OPENSSL_NO_VENDOR");
        assert_eq!(ways(&["OPENSSL_NO_VENDOR=1"]), Some(hindered));
    }

    #[test]
    fn a_bundled_sqlcipher_still_needs_openssl() {
        let krate = "libsqlite3-sys";
        assert_eq!(needed(krate, &["bundled"], &[]), None);
        let mut features = vec!["bundled", "bundled-sqlcipher"];
        assert_eq!(needed(krate, &features, &[]), Some("OpenSSL for SQLCipher"));
        features.push("bundled-sqlcipher-vendored-openssl");
        assert_eq!(needed(krate, &features, &[]), None);
    }

    #[test]
    fn a_library_is_given_by_the_names_that_build_scripts_read() {
        let pq = LIBRARIES.iter().find(|library| library.krate == "pq-sys");
        let given = |variable: &str| {
            let environment = environment(&[variable]);
            pq.unwrap().is_given(Target::default(), &environment)
        };
        for variable in [
            "PQ_LIB_DIR=/x",
            "PQ_LIB_DIR_X86_64_UNKNOWN_LINUX_MUSL=/x",
            "PKG_CONFIG_ALLOW_CROSS=1",
            "TARGET_PKG_CONFIG_SYSROOT_DIR=/x",
            "PKG_CONFIG_x86_64_unknown_linux_musl=x-pkg-config",
        ] {
            assert!(given(variable), "{variable}");
        }
        for variable in [
            "PQ_LIB_STATIC=1",
            "PQ_LIB_DIR_AARCH64_UNKNOWN_LINUX_MUSL=/x",
            "PKG_CONFIG_ALLOW_CROSS=0",
        ] {
            assert!(!given(variable), "{variable}");
        }
    }
}
