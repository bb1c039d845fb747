//! What stands for folders in the paths that a loader is given: `$ORIGIN` and its like.

use crate::inspect::Machine;
use crate::lambda::Architecture;

/// The paths that glibc makes of one, for a program or library in the folder `origin`.
///
/// Source: ld.so(8), "Dynamic string tokens", and `is_dst` in elf/dl-load.c of glibc. `$LIB` is
/// `lib64` on Amazon Linux, for both architectures, as it is where the C library itself is.
pub(crate) fn expand(path: &str, origin: &str, machine: &Machine) -> Vec<String> {
    let platforms = platforms(machine);
    // Whatever the platform is called, it is one path where that is not asked for.
    let count = if path.contains("PLATFORM") {
        platforms.len()
    } else {
        1
    };
    let platforms = platforms.iter().take(count);
    let expanded = platforms.filter_map(|platform| {
        replace(path, |token| match token {
            "ORIGIN" => Some(origin),
            "LIB" => Some("lib64"),
            "PLATFORM" => Some(platform),
            _ => None,
        })
    });
    expanded.collect()
}

/// What `$PLATFORM` may be. On x86_64 that is up to the processor, and Lambda has both kinds: what
/// is in either folder is found on some of them, so that nobody can say it is missing.
///
/// Source: `init_cpu_features` in sysdeps/x86/cpu-features.c of glibc 2.26 and 2.34: `haswell` on
/// Intel's processors with AVX2, else what the kernel says.
fn platforms(machine: &Machine) -> &'static [&'static str] {
    match machine {
        Machine::Lambda(Architecture::X86_64) => &["x86_64", "haswell"],
        Machine::Lambda(Architecture::Arm64) => &["aarch64"],
        Machine::Other(_) => &[""],
    }
}

/// The path with what its tokens stand for; none if it becomes longer than any path is.
fn replace<'v>(path: &str, value: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
    const LONGEST: usize = 8192;
    let mut expanded = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let (name, after_name) = token(after);
        if let Some(value) = value(name) {
            expanded.push_str(value);
            rest = after_name;
        } else {
            expanded.push('$');
            rest = after;
        }
        if expanded.len() > LONGEST {
            return None;
        }
    }
    expanded.push_str(rest);
    (expanded.len() <= LONGEST).then_some(expanded)
}

/// The name that follows a dollar, with or without braces, and what follows it.
fn token(text: &str) -> (&str, &str) {
    if let Some((name, rest)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        return (name, rest);
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()))
}

/// Whether a path has another token than the one that musl knows.
///
/// Source: `fixup_rpath` in ldso/dynlink.c of musl, which then passes over all paths of the library.
pub(crate) fn is_beyond_musl(path: &str) -> bool {
    let mut tokens = path.split('$').skip(1);
    tokens.any(|token| !token.starts_with("ORIGIN") && !token.starts_with("{ORIGIN}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_expanded_as_glibc_does() {
        let on = |path: &str, architecture| expand(path, "/o", &Machine::Lambda(architecture));
        let x86 = |path: &str| on(path, Architecture::X86_64);
        assert_eq!(x86("$ORIGIN/../${LIB}"), ["/o/../lib64"]);
        assert_eq!(x86("$ORIGIN$LIB"), ["/olib64"]);
        assert_eq!(x86("$PLATFORM/a"), ["x86_64/a", "haswell/a"]);
        assert_eq!(on("a/${PLATFORM}", Architecture::Arm64), ["a/aarch64"]);
        for other in ["$ORIGINAL/a", "${ORIGIN", "a/$", "$HOME/b", "${}/c"] {
            assert_eq!(x86(other), [other]);
        }
        assert_eq!(x86(&"$ORIGIN".repeat(9000)), [""; 0]);
    }

    #[test]
    fn musl_knows_one_token() {
        assert!(!is_beyond_musl("$ORIGIN/a:${ORIGIN}/b"));
        assert!(is_beyond_musl("$ORIGIN/$LIB"));
    }
}
