//! Secrets, by what a file says rather than by its name alone: a public certificate, or a text
//! that mentions a key, is none.

use std::fmt;

/// Something that whoever may read the package should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Secret {
    PrivateKey,
    KeyStore,
    AwsCredentials,
    ServiceAccount,
    Environment,
    NpmToken,
    Logins,
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrivateKey => "a private key",
            Self::KeyStore => "a key store",
            Self::AwsCredentials => "credentials of AWS",
            Self::ServiceAccount => "the key of a service account",
            Self::Environment => "environment variables",
            Self::NpmToken => "a token for npm",
            Self::Logins => "logins",
        })
    }
}

impl Secret {
    /// Looks for a secret in the beginning of the file called `name`.
    pub(super) fn find(name: &str, beginning: &[u8]) -> Option<Self> {
        let file_name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
        if beginning.is_empty() {
            return None;
        }
        if [".p12", ".pfx"].iter().any(|end| file_name.ends_with(end)) {
            return Some(Self::KeyStore);
        }
        // What is text can be read by people, and is where people put secrets.
        if beginning.contains(&0) {
            return None;
        }
        let text = String::from_utf8_lossy(beginning);
        let by_name = match file_name.as_str() {
            ".netrc" | "_netrc" | ".pypirc" | ".git-credentials" => Some(Self::Logins),
            ".npmrc" if text.contains("_authToken") => Some(Self::NpmToken),
            name if is_environment(name) && text.lines().any(is_assignment) => {
                Some(Self::Environment)
            }
            _ => None,
        };
        by_name
            .or_else(|| has_private_key(&text).then_some(Self::PrivateKey))
            .or_else(|| has_service_account(&text).then_some(Self::ServiceAccount))
            .or_else(|| has_aws_credentials(&text).then_some(Self::AwsCredentials))
    }
}

/// `.env` and `.env.production`, but not `.env.example`.
fn is_environment(file_name: &str) -> bool {
    const PATTERNS: [&str; 5] = ["example", "sample", "template", "dist", "defaults"];
    match file_name.strip_prefix(".env") {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix('.')
            .is_some_and(|kind| !PATTERNS.contains(&kind)),
        None => false,
    }
}

/// `NAME=value`, with a value.
fn is_assignment(line: &str) -> bool {
    let line = line.trim();
    line.split_once('=')
        .is_some_and(|(name, value)| !name.starts_with('#') && !value.trim().is_empty())
}

/// A PEM block of any private key: RSA, EC, OPENSSH, ENCRYPTED or PGP's. It begins a line and has
/// a body, which text about keys leaves out.
fn has_private_key(text: &str) -> bool {
    /// Characters of base64 in the smallest key there is (Ed25519).
    const SMALLEST: usize = 64;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let label = line.trim().strip_prefix("-----BEGIN ");
        let label = label.and_then(|rest| rest.strip_suffix("-----"));
        if !label.is_some_and(|label| label.contains("PRIVATE KEY")) {
            continue;
        }
        let body = lines.clone().take_while(|line| !line.starts_with("-----"));
        let is_base64 = |line: &&str| {
            let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
            line.trim().len() >= 4 && line.trim().chars().all(is_base64)
        };
        let length: usize = body.filter(is_base64).map(|line| line.trim().len()).sum();
        if length >= SMALLEST {
            return true;
        }
    }
    false
}

/// The JSON of a Google service account, whose key is a string in it.
fn has_service_account(text: &str) -> bool {
    text.split("\"private_key\"").skip(1).any(|after| {
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        value.is_some_and(|value| value.starts_with("\"-----BEGIN "))
    })
}

/// An access key's id, and the secret that belongs to it.
///
/// Source: the IAM user guide: ids of access keys begin with `AKIA`, of temporary ones with
/// `ASIA`; its own examples end in `EXAMPLE`.
fn has_aws_credentials(text: &str) -> bool {
    const ID: usize = 20;
    const SECRET: usize = 40;
    let is_id = |word: &&str| {
        word.len() == ID
            && (word.starts_with("AKIA") || word.starts_with("ASIA"))
            && !word.ends_with("EXAMPLE")
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    };
    if !text.contains("AKIA") && !text.contains("ASIA") {
        return false;
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+/".contains(c);
    let words = || text.split(|c| !is_part(c));
    let has_secret = || {
        let lower = text.to_ascii_lowercase();
        let is_named = lower.contains("secret");
        is_named && words().any(|word| word.len() == SECRET)
    };
    words().any(|word| is_id(&word)) && has_secret()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str, text: &str) -> Option<Secret> {
        Secret::find(name, text.as_bytes())
    }

    fn pem(label: &str) -> String {
        let body = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    }

    #[test]
    fn private_keys_are_found_whatever_they_are_called() {
        for label in [
            "PRIVATE KEY",
            "RSA PRIVATE KEY",
            "EC PRIVATE KEY",
            "OPENSSH PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY",
            "PGP PRIVATE KEY BLOCK",
        ] {
            assert_eq!(
                find("a.txt", &pem(label)),
                Some(Secret::PrivateKey),
                "{label}"
            );
        }
        let after = format!("{}{}", pem("CERTIFICATE"), pem("PRIVATE KEY"));
        assert_eq!(find("chain.pem", &after), Some(Secret::PrivateKey));
        assert_eq!(find("key.p12", "\u{1}"), Some(Secret::KeyStore));
    }

    #[test]
    fn what_is_public_or_only_mentions_a_key_is_no_secret() {
        assert_eq!(find("ca.pem", &pem("CERTIFICATE")), None);
        assert_eq!(find("id_rsa.pub", &pem("PUBLIC KEY")), None);
        let manual = "It begins with\n-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----";
        assert_eq!(find("README.md", manual), None);
        let code = "let begin = \"-----BEGIN RSA PRIVATE KEY-----\";\n";
        assert_eq!(find("main.rs", code), None);
        let binary = format!("\u{7f}ELF\0\n{}", pem("PRIVATE KEY"));
        assert_eq!(find("bootstrap", &binary), None);
    }

    #[test]
    fn credentials_are_found_in_pairs() {
        let secret = "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz\n";
        let id = "aws_access_key_id = AKIAQWERTYUIOPASDFGH\n";
        let both = format!("[default]\n{id}{secret}");
        assert_eq!(find("conf/x.ini", &both), Some(Secret::AwsCredentials));
        assert_eq!(find("conf/x.ini", id), None, "an id alone opens nothing");
        let example = both.replace("AKIAQWERTYUIOPASDFGH", "AKIAIOSFODNN7EXAMPLE");
        assert_eq!(find("guide.md", &example), None);
    }

    #[test]
    fn files_for_secrets_are_known_by_name_where_they_have_any() {
        assert_eq!(find(".env", "A=1\n"), Some(Secret::Environment));
        assert_eq!(
            find("a/.env.production", "A=1\n"),
            Some(Secret::Environment)
        );
        assert_eq!(find(".env.example", "A=1\n"), None);
        assert_eq!(find(".env", "# A=1\nB=\n"), None);
        assert_eq!(find(".netrc", "machine x login y"), Some(Secret::Logins));
        let npmrc = "//registry.npmjs.org/:_authToken=x";
        assert_eq!(find(".npmrc", npmrc), Some(Secret::NpmToken));
        assert_eq!(find(".npmrc", "save-exact=true"), None);
        let account = "{ \"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMII\" }";
        assert_eq!(find("a.json", account), Some(Secret::ServiceAccount));
    }
}
