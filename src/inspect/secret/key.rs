//! Private keys, however they are written down: as files, in strings of a program, in JSON.

/// Characters of base64 in the smallest key there is (Ed25519).
const SMALLEST: usize = 64;

/// Whether a text has a private key in it.
pub(super) fn is_in(text: &str) -> bool {
    is_of_putty(text) || has_pem(text) || has_kubernetes_key(text)
}

/// A PEM block of any private key: RSA, EC, OPENSSH, ENCRYPTED or PGP's, with a body, which text
/// about keys leaves out. It may be indented, quoted, or have `\n` for its line ends.
fn has_pem(text: &str) -> bool {
    const DASHES: &str = "-----";
    text.split("-----BEGIN ").skip(1).any(|rest| {
        let Some((label, body)) = rest.split_once(DASHES) else {
            return false;
        };
        let is_label = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ';
        let body = body.split(DASHES).next().unwrap_or_default();
        label.contains("PRIVATE KEY") && label.chars().all(is_label) && is_body(body)
    })
}

/// Whether what follows the first line of a PEM block is a key, rather than prose or code.
fn is_body(body: &str) -> bool {
    /// No word of prose, and hardly a name in code, is as long as a line of a key.
    const SHORTEST_LINE: usize = 16;
    /// AWS's manuals mark so what is none, and they come with its command line.
    const MARK: &str = "EXAMPLE";
    let body = without_escapes(body);
    let mut length = 0;
    let lines = body.lines().filter(|line| !is_header(line));
    let words =
        lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || "\"'`,".contains(c)));
    for word in words.filter(|word| !["", "+", ".", "\\"].contains(word)) {
        if !word.chars().all(is_base64) {
            break;
        }
        if word.contains(MARK) {
            return false;
        }
        length += word.len();
        if word.len() < SHORTEST_LINE {
            break; // the last line
        }
    }
    length >= SMALLEST
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/=".contains(c)
}

/// The text with line ends for `\n` and `\r`, however often they were escaped.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let escaped = after.trim_start_matches('\\');
        rest = escaped.strip_prefix(['n', 'r']).unwrap_or(escaped);
        plain.push('\n');
    }
    plain.push_str(rest);
    plain
}

/// `Proc-Type: 4,ENCRYPTED` and the like, which precede the data.
fn is_header(line: &str) -> bool {
    let name = line.trim().split_once(": ").map(|(name, _)| name);
    name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphabetic() || c == '-'))
}

/// Source: "PPK file format" in `PuTTY`'s manual.
fn is_of_putty(text: &str) -> bool {
    text.starts_with("PuTTY-User-Key-File-") && text.contains("\nPrivate-Lines: ")
}

/// The key of a user in a configuration of Kubernetes: a PEM block in base64.
fn has_kubernetes_key(text: &str) -> bool {
    text.split("client-key-data:").skip(1).any(|after| {
        let value = after.trim_start().trim_start_matches(['"', '\'']);
        value.chars().take_while(|c| is_base64(*c)).count() >= SMALLEST
    })
}

/// Whether bytes are a private key in DER: a sequence that fills the file and begins with a small
/// version, as that of a certificate does not.
///
/// Sources: RFC 8017 A.1.2 (RSA: 0, then a number), RFC 5208 and 5958 (PKCS #8: 0 or 1, then an
/// algorithm), RFC 5915 (EC: 1, then an octet string).
pub(super) fn is_der(bytes: &[u8]) -> bool {
    const NUMBER: u8 = 0x02;
    const OCTETS: u8 = 0x04;
    const SEQUENCE: u8 = 0x30;
    let (length, content) = match bytes {
        [SEQUENCE, 0x82, a, b, content @ ..] => {
            (usize::from(u16::from_be_bytes([*a, *b])), content)
        }
        [SEQUENCE, 0x81, a, content @ ..] | [SEQUENCE, a @ ..=0x7f, content @ ..] => {
            (usize::from(*a), content)
        }
        _ => return false,
    };
    let is_key = matches!(
        content,
        [NUMBER, 1, 0, NUMBER | SEQUENCE, ..] | [NUMBER, 1, 1, SEQUENCE | OCTETS, ..]
    );
    is_key && length == content.len() && length >= SMALLEST / 2
}

/// Whether a key store of Java's has more in it than the public certificates of those who are
/// trusted. None if it is no such store.
///
/// Source: `JavaKeyStore.java` in OpenJDK.
pub(super) fn java_store_has_key(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes.strip_prefix(&[0xfe, 0xed, 0xfe, 0xed])?;
    let version = number(&mut rest, 4)?;
    let entries = number(&mut rest, 4)?;
    let mut has_key = || {
        for _ in 0..entries {
            let is_certificate = number(&mut rest, 4)? == 2;
            if !is_certificate {
                return Some(true);
            }
            skip(&mut rest, 2)?; // alias
            number(&mut rest, 8)?; // date
            if version == 2 {
                skip(&mut rest, 2)?; // kind
            }
            skip(&mut rest, 4)?;
        }
        Some(false)
    };
    // Of a long one only the beginning is here.
    Some(has_key().unwrap_or_default())
}

/// Takes a number of so many bytes.
fn number(rest: &mut &[u8], bytes: usize) -> Option<u64> {
    let (number, after) = rest.split_at_checked(bytes)?;
    *rest = after;
    Some(
        number
            .iter()
            .fold(0, |sum, byte| (sum << 8) | u64::from(*byte)),
    )
}

/// Skips what is preceded by its length, which has so many bytes.
fn skip(rest: &mut &[u8], bytes: usize) -> Option<()> {
    let length = usize::try_from(number(rest, bytes)?).ok()?;
    *rest = rest.get(length..)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";

    fn pem(label: &str) -> String {
        format!("-----BEGIN {label}-----\n{BODY}\n-----END {label}-----\n")
    }

    #[test]
    fn keys_are_found_however_they_are_written() {
        let key = pem("PRIVATE KEY");
        for label in ["RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
            assert!(is_in(&pem(label)), "{label}");
        }
        let escaped = key.replace('\n', "\\n");
        let lines: Vec<String> = key.lines().map(|line| format!("\"{line}\\n\"")).collect();
        for text in [
            pem("ENCRYPTED PRIVATE KEY"),
            pem("PGP PRIVATE KEY BLOCK"),
            format!("{}{key}", pem("CERTIFICATE")),
            format!("KEY = \"\"\"{key}\"\"\""),
            format!("const k = '{escaped}';"),
            format!("{{\"k\":\"{}\"}}", escaped.replace('\\', "\\\\")),
            key.replace('\n', " "),
            key.replace('\n', "\r\n    "),
            lines.join("\n"),
            lines.join(" +\n"),
            key.replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n", 1),
            format!("PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 8\n{BODY}"),
            format!("  client-key-data: {BODY}\n"),
        ] {
            assert!(is_in(&text), "{text}");
        }
    }

    #[test]
    fn what_is_public_or_only_mentions_a_key_is_none() {
        let code = "if line == \"-----BEGIN RSA PRIVATE KEY-----\" {\n    key = \
                    PrivateKeyThatIsReadFromHereAndIsThereforeLong(\n    lines, \"-----END";
        let manual = "It begins with\n-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----";
        let form = "-----BEGIN PRIVATE KEY-----\nput what is yours in this place, and tell nobody \
                    of it, for whoever has it is you\n-----END PRIVATE KEY-----";
        let short = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQE...\n-----END";
        let public = [pem("CERTIFICATE"), pem("PUBLIC KEY")].concat();
        let aws = pem("RSA PRIVATE KEY").replace("AQAwBQYD", "EXAMPLE");
        let kubernetes = "client-key-data: ${KEY}\n";
        for text in [code, manual, form, short, &public, &aws, kubernetes] {
            assert!(!is_in(text), "{text}");
        }
    }

    #[test]
    fn binary_keys_are_told_from_certificates() {
        let with = |beginning: &[u8], length: usize| {
            let mut bytes = beginning.to_vec();
            bytes.resize(length, 7);
            bytes
        };
        assert!(is_der(&with(&[0x30, 0x82, 1, 0, 2, 1, 0, 2], 260)));
        assert!(is_der(&with(&[0x30, 46, 2, 1, 0, 0x30], 48)));
        assert!(is_der(&with(&[0x30, 0x77, 2, 1, 1, 4], 121)));
        assert!(!is_der(&with(&[0x30, 0x82, 1, 0, 0x30, 0x82], 260)));
        assert!(!is_der(&with(&[0x30, 0x82, 1, 0, 2, 1, 0, 2], 300)));
        assert!(!is_der(b""));
    }

    #[test]
    fn a_store_of_certificates_alone_is_public() {
        let store = |tag: u8| {
            let head = [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, tag];
            let entry = b"\0\x01a\0\0\0\0\0\0\0\0\0\x05X.509\0\0\0\x02xx";
            [&head[..], entry].concat()
        };
        assert_eq!(java_store_has_key(&store(2)), Some(false));
        assert_eq!(java_store_has_key(&store(1)), Some(true));
        assert_eq!(java_store_has_key(&store(2)[..20]), Some(false), "cut off");
        assert_eq!(java_store_has_key(b"PK"), None);
    }
}
