//! Secrets, by what a file says rather than by its name alone: a public certificate, or a text
//! that mentions a key, is none.

mod key;
mod known;
mod token;

use std::borrow::Cow;
use std::fmt;

use camino::Utf8Path;

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
    OauthClient,
    Token,
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
            Self::OauthClient => "the secret of a client",
            Self::Token => "an access token",
        })
    }
}

impl Secret {
    /// Looks for a secret in the beginning of the file called `name`.
    pub(super) fn find(name: &str, beginning: &[u8]) -> Option<Self> {
        let path = name.to_ascii_lowercase();
        if beginning.is_empty() {
            return None;
        }
        if is_key_store(&path, beginning) {
            return Some(Self::KeyStore);
        }
        // GnuPG's store of private keys, until version 2.1.
        let is_secring = path == "secring.gpg" || path.ends_with("/secring.gpg");
        if is_secring || key::is_der(beginning) {
            return Some(Self::PrivateKey);
        }
        // What is text can be read by people, and is where people put secrets.
        let text = text(beginning)?;
        known::find(&path, &text)
            .or_else(|| has_service_account(&text).then_some(Self::ServiceAccount))
            .or_else(|| key::is_in(&text).then_some(Self::PrivateKey))
            .or_else(|| token::is_private_jwk(&text).then_some(Self::PrivateKey))
            .or_else(|| token::is_in(&text).then_some(Self::Token))
            .or_else(|| has_aws_credentials(&text).then_some(Self::AwsCredentials))
            .or_else(|| has_client_secret(&path, &text).then_some(Self::OauthClient))
    }
}

/// A file's bytes as text, whatever its encoding; none if they are no text.
fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    /// How Windows likes to write text.
    type ToUnit = fn([u8; 2]) -> u16;
    let utf16 = |bytes: &[u8], unit: ToUnit| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let characters = char::decode_utf16(units);
        characters
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect::<String>()
    };
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
        _ => String::from_utf8_lossy(bytes),
    };
    (!text.contains('\0')).then_some(text)
}

/// A store that has keys, not only the certificates of those who are trusted.
fn is_key_store(path: &str, bytes: &[u8]) -> bool {
    const ENDS: [&str; 5] = [".p12", ".pfx", ".jks", ".keystore", ".bcfks"];
    let name = path.rsplit('/').next().unwrap_or(path);
    key::java_store_has_key(bytes).unwrap_or_else(|| {
        let is_for_trust = name.contains("trust") || name.contains("cacerts");
        ENDS.iter().any(|end| name.ends_with(end)) && !is_for_trust
    })
}

/// The secret of a client of OAuth, such as Azure's and Google's tools keep in JSON, beside its id.
fn has_client_secret(path: &str, text: &str) -> bool {
    /// Shorter ones are words of tests and manuals.
    const SHORTEST: usize = 16;
    if Utf8Path::new(path).extension() != Some("json") || text.contains("EXAMPLE") {
        return false;
    }
    let is_authorized_user = || known::values(text, "type").any(|kind| kind == "authorized_user");
    if known::has_value(text, "refresh_token") && is_authorized_user() {
        return true;
    }
    [("clientSecret", "clientId"), ("client_secret", "client_id")]
        .iter()
        .any(|(secret, id)| {
            let is_random = |value: &str| {
                let is_token = |c: char| c.is_ascii_alphanumeric() || "~._+/=-".contains(c);
                value.len() >= SHORTEST
                    && value.chars().all(is_token)
                    && value.contains(|c: char| c.is_ascii_digit())
            };
            known::has_value(text, id) && known::values(text, secret).any(is_random)
        })
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
    fn keys_are_found_whatever_their_files_are_called_and_encoded() {
        let key = pem("PRIVATE KEY");
        assert_eq!(find("a.txt", &key), Some(Secret::PrivateKey));
        assert_eq!(
            find("a", &format!("\u{feff}{key}")),
            Some(Secret::PrivateKey)
        );
        let units = || format!("\u{feff}{key}").encode_utf16().collect::<Vec<_>>();
        let little: Vec<u8> = units().into_iter().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().into_iter().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(Secret::find("a", &bytes), Some(Secret::PrivateKey));
        }
        for name in ["key.p12", "A.JKS", "debug.keystore", "a.pfx"] {
            assert_eq!(find(name, "\u{1}"), Some(Secret::KeyStore), "{name}");
        }
        assert_eq!(find("conf/truststore.p12", "\u{1}"), None);
        let binary = format!("\u{7f}ELF\0\n{key}");
        assert_eq!(find("bootstrap", &binary), None);
        assert_eq!(find("ca.pem", &pem("CERTIFICATE")), None);
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
    fn accounts_are_told_by_their_json() {
        let account = "{ \"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMII\" }";
        assert_eq!(find("a.json", account), Some(Secret::ServiceAccount));
        let azure = "{\"clientId\":\"x\",\"clientSecret\":\"abc~very1long2secret3\"}";
        assert_eq!(find("a.json", azure), Some(Secret::OauthClient));
        let google = "{\"client_secret\":\"b\",\"refresh_token\":\"c\",\
                      \"type\":\"authorized_user\"}";
        assert_eq!(find("adc.json", google), Some(Secret::OauthClient));
        let service = "{\"clientId\":{\"shape\":\"A\"},\"clientSecret\":{\"shape\":\"B\"}}";
        assert_eq!(find("service-2.json", service), None);
        let form = "{\"clientId\":\"x\",\"clientSecret\":\"${AZURE_CLIENT_SECRET_1}\"}";
        assert_eq!(find("a.json", form), None);
    }
}
