//! The tokens in run paths: `$ORIGIN`, `$LIB` and `$PLATFORM`.

use crate::inspect::Machine;
use crate::lambda::Architecture;

/// The paths to which glibc expands `path`, for a program or library in the folder `origin`.
///
/// Source: ld.so(8), "Dynamic string tokens", and `is_dst` in elf/dl-load.c of glibc. `$LIB` is
/// `lib64` on Amazon Linux, for both architectures, as it is where the C library itself is.
pub(crate) fn expand(path: &str, origin: &str, machine: &Machine) -> Vec<String> {
    let platforms = platforms(machine);
    // Without that token, all platforms have the same path.
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

/// The values of `$PLATFORM`. On x86_64 it depends on the processor, and Lambda has both kinds: a
/// library in either folder is found on some of them.
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

/// The path with its tokens replaced; `None` if it becomes too long for a path.
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

/// The name after a dollar sign, with or without braces, and the rest of the text.
fn token(text: &str) -> (&str, &str) {
    if let Some((name, rest)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        return (name, rest);
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()))
}

/// `true` if a path has a token other than `$ORIGIN`, the only one that musl knows.
///
/// Source: `fixup_rpath` in ldso/dynlink.c of musl, which then ignores all run paths of the file.
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
