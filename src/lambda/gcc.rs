//! The symbol versions of GCC's own libraries, which programs in C++ need.

/// A GCC, with the newest symbol version of each kind in its libraries.
pub(crate) struct Gcc {
    /// Its major version.
    pub(crate) version: u16,
    newest: [(Kind, Number); 3],
}

/// The beginning of a version's name, and the library that has it.
type Kind = (&'static str, &'static str);
/// The number of a version, such as 3.4.33. Missing parts are zero.
type Number = [u16; 3];

const LIBSTDCXX: &str = "libstdc++.so.6";
const LIBGCC: &str = "libgcc_s.so.1";
const GLIBCXX: Kind = ("GLIBCXX_", LIBSTDCXX);
const CXXABI: Kind = ("CXXABI_", LIBSTDCXX);
const GCC: Kind = ("GCC_", LIBGCC);

/// Source, here and below: the libstdc++ manual, "ABI Policy and Guidelines", "Versioning"; of
/// libgcc `libgcc/libgcc-std.ver.in` and the files `*.ver` of its `config`, in GCC's sources.
pub(crate) const GCC_14: Gcc = Gcc {
    version: 14,
    newest: [
        (GLIBCXX, [3, 4, 33]),
        (CXXABI, [1, 3, 15]),
        (GCC, [14, 0, 0]),
    ],
};

pub(crate) const GCC_7: Gcc = Gcc {
    version: 7,
    newest: [
        (GLIBCXX, [3, 4, 24]),
        (CXXABI, [1, 3, 11]),
        (GCC, [7, 0, 0]),
    ],
};

impl Gcc {
    /// `true` if the library that has versions of this kind is too old for `version`. Versions
    /// without a number, such as `CXXABI_FLOAT128`, are rare and not checked.
    pub(crate) fn is_too_old_for(&self, version: &str) -> bool {
        self.newest.iter().any(|((beginning, _), newest)| {
            let number = version.strip_prefix(beginning).and_then(number);
            number.is_some_and(|number| number > *newest)
        })
    }
}

/// The library of GCC that has the symbols of `version`.
pub(crate) fn library_of(version: &str) -> Option<&'static str> {
    let kinds = [GLIBCXX, CXXABI, GCC];
    let kind = kinds.iter().find(|(start, _)| version.starts_with(start));
    kind.map(|(_, library)| *library)
}

fn number(text: &str) -> Option<Number> {
    let mut number = Number::default();
    let mut parts = text.split('.');
    for (place, part) in number.iter_mut().zip(&mut parts) {
        *place = part.parse().ok()?;
    }
    parts.next().is_none().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gcc_has_all_versions_up_to_its_own() {
        for version in [
            "GLIBCXX_3.4",
            "GLIBCXX_3.4.9",
            "GLIBCXX_3.4.33",
            "CXXABI_1.3.15",
            "CXXABI_FLOAT128",
            "GCC_3.0",
            "GCC_4.2.0",
            "GCC_14.0.0",
            "GLIBC_2.99",
        ] {
            assert!(!GCC_14.is_too_old_for(version), "{version}");
        }
        for version in [
            "GLIBCXX_3.4.34",
            "GLIBCXX_3.5",
            "CXXABI_1.3.16",
            "GCC_15.0",
            "GCC_15.0.0",
        ] {
            assert!(GCC_14.is_too_old_for(version), "{version}");
        }
        for version in ["GLIBCXX_3.4.25", "CXXABI_1.3.12", "GCC_12.0.0"] {
            assert!(GCC_7.is_too_old_for(version), "{version}");
        }
        assert_eq!(library_of("CXXABI_1.3"), Some("libstdc++.so.6"));
        assert_eq!(library_of("GCC_3.0"), Some("libgcc_s.so.1"));
        assert_eq!(library_of("GLIBC_2.34"), None);
    }
}
