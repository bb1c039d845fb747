//! Crates that link a library of the system, which a musl target does not have.

use std::collections::BTreeSet;

use super::environment::Environment;
use crate::lambda::Target;

/// A crate that links a library of the system unless a feature makes it compile its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SystemLibrary {
    /// The name of the crate.
    krate: &'static str,
    /// The library, as users know it.
    pub(crate) library: &'static str,
    /// The features with which the crate needs no library of the system; the first is the usual one.
    features: &'static [&'static str],
    /// The variables that name a library for the target. The crate also reads most of them with the
    /// target before the name.
    variables: &'static [&'static str],
    /// A way without the library.
    pub(crate) alternative: Option<&'static str>,
}

/// The common ones. Others that link a library compile it if they find none: libz-sys, curl-sys,
/// libgit2-sys, libssh2-sys, bzip2-sys, zstd-sys, lzma-sys.
const LIBRARIES: [SystemLibrary; 6] = [
    SystemLibrary {
        krate: "openssl-sys",
        library: "OpenSSL",
        features: &["vendored", "aws-lc", "aws-lc-fips", "unstable_boringssl"],
        variables: &["OPENSSL_DIR", "OPENSSL_LIB_DIR"],
        alternative: Some(
            "take rustls: for instance `cargo add reqwest --no-default-features --features rustls`",
        ),
    },
    SystemLibrary {
        krate: "pq-sys",
        library: "libpq of PostgreSQL",
        features: &["bundled", "bundled_without_openssl"],
        variables: &["PQ_LIB_DIR", "PQ_LIB_STATIC"],
        alternative: None,
    },
    SystemLibrary {
        krate: "libsqlite3-sys",
        library: "SQLite",
        features: &[
            "bundled",
            "bundled-sqlcipher",
            "bundled-sqlcipher-vendored-openssl",
            "loadable_extension",
        ],
        variables: &["SQLITE3_LIB_DIR", "SQLCIPHER_LIB_DIR"],
        alternative: None,
    },
    SystemLibrary {
        krate: "mysqlclient-sys",
        library: "the client library of MySQL",
        features: &["bundled"],
        variables: &["MYSQLCLIENT_LIB_DIR"],
        alternative: None,
    },
    SystemLibrary {
        krate: "sasl2-sys",
        library: "SASL",
        features: &["vendored"],
        variables: &["SASL2_DIR"],
        alternative: None,
    },
    SystemLibrary {
        krate: "libdbus-sys",
        library: "D-Bus",
        features: &["vendored"],
        variables: &[],
        alternative: None,
    },
];

impl SystemLibrary {
    /// The library of a crate by its name.
    pub(crate) fn of(krate: &str) -> Option<&'static Self> {
        LIBRARIES.iter().find(|library| library.krate == krate)
    }

    /// True if the crate compiles the library itself with `features`.
    pub(crate) fn is_compiled(&self, features: &BTreeSet<String>) -> bool {
        features
            .iter()
            .any(|feature| self.features.contains(&feature.as_str()))
    }

    /// True if the user names a library for `target`, or lets pkg-config find one.
    pub(crate) fn is_given(&self, target: Target, environment: &Environment) -> bool {
        let triple = target.triple().to_uppercase().replace('-', "_");
        let names_library =
            |name: &&str| environment.has(name) || environment.has(&format!("{triple}_{name}"));
        self.variables.iter().any(names_library) || environment.has("PKG_CONFIG_ALLOW_CROSS")
    }

    /// The command that makes the crate `named` (`NAME vVERSION`) compile its library.
    pub(crate) fn command(&self, named: &str) -> String {
        let at_version = named.replacen(" v", "@", 1);
        let feature = self.features.first().unwrap_or(&"");
        format!("`cargo add {at_version} --features {feature}`")
    }
}
