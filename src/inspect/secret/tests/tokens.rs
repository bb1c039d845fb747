//! Secrets in any file.

use crate::inspect::secret::files::FILES;
use crate::inspect::secret::tests::examples::{examples, mixed};
use crate::inspect::secret::tests::{found, is_key};
use crate::inspect::secret::tokens::TOKENS;

#[test]
fn every_token_is_found_wherever_it_stands() {
    let examples = examples();
    for (what, prefix, random) in &examples {
        let token = format!("{prefix}{random}");
        assert_eq!(found("a.txt", &token), Some(*what), "{token}");
        if token.contains('\n') || prefix.contains('"') {
            continue;
        }
        for text in [
            format!("key = \"{token}\"\n"),
            format!("{{\"key\":\"{token}\"}}"),
            format!("a:\n  key: {token}\n"),
            format!("\"\\n{token}\\n\""),
        ] {
            assert_eq!(found("a.txt", &text), Some(*what), "{text}");
        }
    }
    for rule in TOKENS.iter().filter(|rule| rule.paths.is_empty()) {
        let is_shown = examples.iter().any(|(what, ..)| *what == rule.what);
        assert!(is_shown, "there is no example of {}", rule.what);
    }
}

#[test]
fn what_stands_for_a_token_is_none() {
    // These are known by their form alone.
    let by_form = ["PuTTY", "private_key", "kind: Config"];
    let has_value = |prefix: &str| !by_form.iter().any(|form| prefix.contains(form));
    let examples = examples();
    for (_, prefix, random) in examples.iter().filter(|(_, prefix, _)| has_value(prefix)) {
        let filler = |with: &str| {
            let random = random.split('\n').next().unwrap_or_default();
            random.replace(|c: char| c.is_ascii_alphanumeric(), with)
        };
        for text in [
            (*prefix).to_owned(),
            format!("{prefix}{}", filler("x")),
            format!("{prefix}{}", filler("0")),
            format!("{prefix}<your-token>"),
            format!("{prefix}${{TOKEN}}"),
        ] {
            let text = format!("a = \"{text}\"");
            assert_eq!(found("a.txt", &text), None, "{text}");
        }
    }
    for text in [
        "xoxb-your-token-goes-here-and-it-is-a-long-one-without",
        "AGE-SECRET-KEY-1...",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "token: \"$GITHUB_TOKEN\"",
        "postgres://user:password@localhost/db",
        "postgres://user:averylongpassword@db.example.com/db",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
         aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ] {
        assert_eq!(found("a.txt", text), None, "{text}");
    }
    let short = format!("ghp_{}", mixed(20));
    for text in [short, format!("aghp_{}", mixed(36))] {
        assert_eq!(found("a.txt", &text), None, "{text}");
    }
}

#[test]
fn no_keyword_hides_another() {
    let rules = FILES.iter().chain(TOKENS);
    let keywords: Vec<&str> = rules.flat_map(|rule| rule.keywords).copied().collect();
    for keyword in &keywords {
        let is_hidden = |other: &&&str| other != &keyword && keyword.starts_with(**other);
        assert_eq!(keywords.iter().find(is_hidden), None, "hides {keyword}");
    }
}

#[test]
fn credentials_are_found_in_pairs() {
    let secret = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz\n";
    let id = "aws_access_key_id = AKIAQWERTYUIOPASDFGH\n";
    let both = format!("[default]\n{id}{secret}");
    assert_eq!(found("conf/x.ini", &both), Some("an AWS access key"));
    assert_eq!(found("conf/x.ini", id), None, "an id alone opens nothing");
    let example = both.replace("AKIAQWERTYUIOPASDFGH", "AKIAIOSFODNN7EXAMPLE");
    assert_eq!(found("guide.md", &example), None);
}

#[test]
fn accounts_are_told_by_their_json() {
    let account = "{ \"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMII\" }";
    assert_eq!(
        found("a.json", account),
        Some("the key of a service account")
    );
    let azure = "{\"clientId\":\"x\",\"clientSecret\":\"abc~very1long2secret3\"}";
    assert_eq!(
        found("a.json", azure),
        Some("the secret of an OAuth client")
    );
    let google = "{\"client_secret\":\"b\",\"refresh_token\":\"c\",\
                  \"type\":\"authorized_user\"}";
    assert_eq!(
        found("adc.json", google),
        Some("the secret of an OAuth client")
    );
    let service = "{\"clientId\":{\"shape\":\"A\"},\"clientSecret\":{\"shape\":\"B\"}}";
    assert_eq!(found("service-2.json", service), None);
    let form = "{\"clientId\":\"x\",\"clientSecret\":\"${AZURE_CLIENT_SECRET_1}\"}";
    assert_eq!(found("a.json", form), None);
}

#[test]
fn tokens_are_told_from_what_stands_for_them() {
    let body = "Q7w2zR9kT4mX1vB8nL5pJ3hG6dF0sYcUeAiOq2W7";
    for text in [
        format!("token = \"ghp_{body}\""),
        format!("github_pat_{body}_{body}{body}"),
        format!("SLACK=xoxb-7216049358-9041752836-{body}\n"),
        format!("AGE-SECRET-KEY-1{}", body.repeat(2).to_uppercase()),
    ] {
        assert!(found("a", &text).is_some(), "{text}");
    }
    for text in [
        format!("ghp_{}", "x".repeat(36)),
        "ghp_".to_owned(),
        format!("ghp_{}", "abcdefghijklmnopqrstuvwxyz0123456789"),
        format!("ghp_{}", &body[..20]),
        "xoxb-your-token-goes-here-and-it-is-a-long-one-without".to_owned(),
        "AGE-SECRET-KEY-1...".to_owned(),
    ] {
        assert!(found("a", &text).is_none(), "{text}");
    }
}

#[test]
fn a_private_jwk_has_a_private_number() {
    let number = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
    let key = format!("{{\"kty\":\"EC\",\"x\":\"{number}\",\"d\":\"{number}\"}}");
    assert!(is_key(&key));
    assert!(!is_key(&key.replace("\"d\"", "\"y\"")));
    assert!(!is_key(&key.replace("\"kty\"", "\"k\"")));
}
