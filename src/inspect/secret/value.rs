//! Values, and how a secret is told from what stands for one.

/// Whether a value stands for another that is still to come: nothing, `${NAME}`, `<your token>`.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let value = value
        .strip_prefix(b"\"")
        .or_else(|| value.strip_prefix(b"'"))
        .unwrap_or(value);
    let value = value.strip_suffix(b"\"").unwrap_or(value);
    let value = value.strip_suffix(b"'").unwrap_or(value).trim_ascii();
    let Some(first) = value.first() else {
        return true;
    };
    let is_filler = || b"xX.-_".contains(first) && value.iter().all(|byte| byte == first);
    b"$<{%*".contains(first)
        || (value.len() > 2 && is_filler())
        || ["null", "none", "changeme"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a value looks drawn by lot, with at least `entropy` bits per character.
pub(super) fn is_random(value: &[u8], entropy: f64) -> bool {
    /// Parts of values in manuals and tests. Random tokens have one of them less than once in a
    /// thousand.
    const WORDS: [&str; 13] = [
        "example",
        "password",
        "your",
        "placeholder",
        "changeme",
        "change_me",
        "redacted",
        "dummy",
        "sample",
        "abcdef",
        "012345",
        "123456",
        // of the key that Azure's storage emulator documents
        "eby8vdm02xnocqfl",
    ];
    let lower = value.to_ascii_lowercase();
    let has = |word: &str| {
        lower
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    };
    value
        .iter()
        .any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && longest_run(value) < 8
        && shannon(value) >= entropy
        && !WORDS.iter().any(|word| has(word))
}

/// How often one character follows itself at most.
fn longest_run(value: &[u8]) -> usize {
    let runs = value.chunk_by(|one, next| one == next);
    runs.map(<[u8]>::len).max().unwrap_or_default()
}

/// Shannon entropy, in bits per byte.
pub(super) fn shannon(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let length = f64::from(counts.iter().sum::<u32>());
    let shares = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        for value in [
            "", " \"\" ", "${A}", "<yours>", "{{ a }}", "%A%", "***", "xxxx", "null", "ChangeMe",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for value in ["1", "x", "a$b", "\"a\"", "nullable"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn what_is_drawn_by_lot_is_told_from_what_stands_for_it() {
        for value in ["Q7w2zR9kT4mX1vB8nL5p", "0f3a9c2e7b1d4865"] {
            assert!(is_random(value.as_bytes(), 2.6), "{value}");
        }
        for value in [
            "onlysmallletters",
            "aaaaaaaaaaaaaaaaaaa1",
            "your4Token8Goes2Here",
            "AB7EXAMPLE81Xz",
            "x7Q2abcdefghijkl9",
        ] {
            assert!(!is_random(value.as_bytes(), 2.6), "{value}");
        }
        assert!(
            !is_random(b"0123456789abcdef", 4.01),
            "hexadecimal digits have four bits"
        );
        assert!((shannon(b"aabb") - 1.0).abs() < 1e-9);
    }
}
