//! Tokens and keys that are known by how they begin, in whatever text they are.

use super::known;

/// What a token begins with, and how many characters it has after that at least.
///
/// Sources: GitHub's "About authentication to GitHub" (`ghp_` and its like, of 36 characters;
/// `github_pat_`, of 82), Slack's "Token types" (`xoxb-` and `xoxp-`, then numbers), and age(1),
/// whose identities are Bech32 of 32 bytes.
const TOKENS: [(&str, usize); 9] = [
    ("ghp_", 36),
    ("gho_", 36),
    ("ghu_", 36),
    ("ghs_", 36),
    ("ghr_", 36),
    ("github_pat_", 82),
    ("xoxb-", 40),
    ("xoxp-", 40),
    ("AGE-SECRET-KEY-1", 58),
];

/// Whether a text has a token in it, rather than what stands for one in a manual.
pub(super) fn is_in(text: &str) -> bool {
    // Whether there is any is found out in a fraction of the time of finding all.
    let mut begun = TOKENS
        .iter()
        .filter(|(beginning, _)| text.contains(beginning));
    begun.any(|(beginning, length)| {
        let mut places = text.match_indices(beginning);
        places.any(|(at, _)| {
            let is_begun_before = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
            let rest = &text[at + beginning.len()..];
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            !is_begun_before && end >= *length && is_random(&rest[..end])
        })
    })
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-".contains(c)
}

/// Whether it looks drawn by lot: of many different characters, digits among them.
fn is_random(token: &str) -> bool {
    const DIFFERENT: usize = 10;
    let mut characters: Vec<u8> = token.bytes().collect();
    characters.sort_unstable();
    characters.dedup();
    let has_digit = characters.iter().any(u8::is_ascii_digit);
    let runs = ["abcdef", "ABCDEF", "123456", "EXAMPLE", "example"];
    characters.len() >= DIFFERENT && has_digit && !runs.iter().any(|run| token.contains(run))
}

/// Whether a text is a private key of JSON Web Tokens. Source: RFC 7517 4.1, and RFC 7518 6, by
/// which `d` is what is private of every kind of pair.
pub(super) fn is_private_jwk(text: &str) -> bool {
    /// Characters of base64 in the smallest such number (of P-256 and Ed25519).
    const SHORTEST: usize = 42;
    let is_number = |value: &str| value.len() >= SHORTEST && value.chars().all(is_part);
    text.contains("\"kty\"") && known::values(text, "\"d\"").any(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_what_stands_for_them() {
        let body = "Q7w2zR9kT4mX1vB8nL5pJ3hG6dF0sYcUeAiOq2W7";
        for text in [
            format!("token = \"ghp_{body}\""),
            format!("github_pat_{body}_{body}{body}"),
            format!("SLACK=xoxb-7216049358-9041752836-{body}\n"),
            format!("AGE-SECRET-KEY-1{}", body.repeat(2).to_uppercase()),
        ] {
            assert!(is_in(&text), "{text}");
        }
        for text in [
            format!("ghp_{}", "x".repeat(36)),
            "ghp_".to_owned(),
            format!("ghp_{}", "abcdefghijklmnopqrstuvwxyz0123456789"),
            format!("ghp_{}", &body[..20]),
            "xoxb-your-token-goes-here-and-it-is-a-long-one-without".to_owned(),
            "AGE-SECRET-KEY-1...".to_owned(),
        ] {
            assert!(!is_in(&text), "{text}");
        }
    }

    #[test]
    fn a_private_jwk_has_a_private_number() {
        let number = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
        let key = format!("{{\"kty\":\"EC\",\"x\":\"{number}\",\"d\":\"{number}\"}}");
        assert!(is_private_jwk(&key));
        assert!(!is_private_jwk(&key.replace("\"d\"", "\"y\"")));
        assert!(!is_private_jwk(&key.replace("\"kty\"", "\"k\"")));
    }
}
