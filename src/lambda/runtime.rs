//! Lambda's OS-only runtimes, each one constant. Adding a runtime is adding a variant, its constant,
//! and the list of its libraries.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::gcc::{self, Gcc};
use super::libraries::{self, Presence};
use super::target::GlibcVersion;
use crate::text::named;

/// An OS-only runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) enum Runtime {
    /// Amazon Linux 2023.
    #[default]
    Al2023,
    /// Amazon Linux 2.
    Al2,
}

/// The facts about a runtime that packages depend on.
pub(crate) struct RuntimeFacts {
    /// AWS's identifier.
    pub(crate) name: &'static str,
    /// The short name that users may write.
    alias: &'static str,
    /// The operating system.
    system: &'static str,
    /// The glibc of the operating system.
    pub(crate) glibc: GlibcVersion,
    /// The GCC that libstdc++ and `libgcc_s` are part of.
    pub(crate) gcc: Gcc,
    /// The dates of a deprecated runtime, as a sentence fragment.
    pub(crate) deprecation: Option<&'static str>,
    /// The libraries in the image beside those of glibc and GCC, one a line.
    libraries: &'static str,
    /// The programs in `/usr/bin` that scripts are written for.
    programs: &'static [&'static str],
    /// `true` if `env` knows `-S`.
    pub(crate) env_splits: bool,
}

/// Sources:
/// - glibc 2.34, coreutils 8.32 (`env -S` came with 8.30), bash, which is also `sh`, and gawk, which
///   is also `awk`: the package list of Amazon Linux 2023.
/// - libstdc++ 14.2.1: the packages of the container image that the runtime is made from, since
///   2023.7.20250331 (docker-library/official-images#18759). Its compiler is still GCC 11.
const AL2023: RuntimeFacts = RuntimeFacts {
    name: "provided.al2023",
    alias: "al2023",
    system: "Amazon Linux 2023",
    glibc: GlibcVersion {
        major: 2,
        minor: 34,
    },
    gcc: gcc::GCC_14,
    deprecation: None,
    libraries: include_str!("libraries/provided.al2023.txt"),
    programs: &["sh", "bash", "env", "awk", "gawk"],
    env_splits: true,
};

/// Sources:
/// - glibc 2.26, coreutils 8.22, bash and gawk: the package list of Amazon Linux 2.
/// - libstdc++ 7.3.1: as above (docker-library/official-images#20651).
/// - The dates: the deprecation table of the Lambda developer guide, "Lambda runtimes".
const AL2: RuntimeFacts = RuntimeFacts {
    name: "provided.al2",
    alias: "al2",
    system: "Amazon Linux 2",
    glibc: GlibcVersion {
        major: 2,
        minor: 26,
    },
    gcc: gcc::GCC_7,
    deprecation: Some("deprecated since 2026-07-31; new functions are blocked from 2027-02-01"),
    libraries: include_str!("libraries/provided.al2.txt"),
    programs: &["sh", "bash", "env", "awk", "gawk"],
    env_splits: false,
};

impl Runtime {
    /// The facts about it.
    #[must_use]
    pub(crate) const fn facts(self) -> &'static RuntimeFacts {
        match self {
            Self::Al2023 => &AL2023,
            Self::Al2 => &AL2,
        }
    }

    /// AWS's identifier.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        self.facts().name
    }
}
named!(Runtime, "runtime");

impl ValueEnum for Runtime {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Al2023, Self::Al2]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let facts = self.facts();
        let value = PossibleValue::new(facts.name).alias(facts.alias);
        Some(value.help(facts.system))
    }
}

impl RuntimeFacts {
    /// The presence of a shared library in the image.
    pub(crate) fn library(&self, soname: &str) -> Presence {
        libraries::presence(self.libraries, soname)
    }

    /// `true` if the image has the program at `path`, so that scripts can be run by it. `/bin` is a
    /// link to `/usr/bin`.
    pub(crate) fn has_program(&self, path: &str) -> bool {
        let path = path.strip_prefix("/usr").unwrap_or(path);
        let name = path.strip_prefix("/bin/");
        name.is_some_and(|name| self.programs.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runtime_has_its_own_openssl() {
        let presence = |runtime: Runtime, soname| runtime.facts().library(soname);
        let has = |runtime, soname| presence(runtime, soname) == Presence::Incidental;
        assert!(has(Runtime::Al2023, "libssl.so.3") && !has(Runtime::Al2, "libssl.so.3"));
        assert!(has(Runtime::Al2, "libssl.so.10") && !has(Runtime::Al2023, "libssl.so.10"));
        assert_eq!(presence(Runtime::Al2023, "libssl.so.1.1"), Presence::Absent);
        assert_eq!(presence(Runtime::Al2, "libc.so.6"), Presence::Guaranteed);
    }

    #[test]
    fn lists_of_libraries_have_one_name_a_line() {
        for runtime in Runtime::value_variants() {
            let lines = runtime.facts().libraries.lines();
            let names: Vec<&str> = lines.filter(|line| !line.starts_with("# ")).collect();
            assert!(names.len() > 50, "{runtime}");
            assert!(names.is_sorted(), "{runtime}");
            for name in names {
                assert!(name.starts_with("lib") && name.contains(".so"), "{name}");
            }
        }
    }
}
