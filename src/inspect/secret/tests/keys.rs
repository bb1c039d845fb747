//! Private keys, in PEM and in stores.

use crate::inspect::secret::tests::{BODY, found, is_key, pem};

#[test]
fn keys_are_found_whatever_their_files_are_called_and_encoded() {
    let key = pem("PRIVATE KEY");
    assert_eq!(found("a.txt", &key), Some("a private key"));
    assert_eq!(found("a", format!("\u{feff}{key}")), Some("a private key"));
    let units = || format!("\u{feff}{key}").encode_utf16().collect::<Vec<_>>();
    let little: Vec<u8> = units().into_iter().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().into_iter().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        assert_eq!(found("a", bytes), Some("a private key"));
    }
    for name in ["key.p12", "A.JKS", "debug.keystore", "a.pfx"] {
        assert_eq!(found(name, "\u{1}"), Some("a key store"), "{name}");
    }
    assert_eq!(found("conf/truststore.p12", "\u{1}"), None);
    let binary = format!("\u{7f}ELF\0\n{key}");
    assert_eq!(found("bootstrap", &binary), None);
    assert_eq!(found("ca.pem", pem("CERTIFICATE")), None);
}

#[test]
fn keys_are_found_however_they_are_written() {
    let key = pem("PRIVATE KEY");
    for label in ["RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
        assert!(is_key(&pem(label)), "{label}");
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
        assert!(is_key(&text), "{text}");
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
        assert!(!is_key(text), "{text}");
    }
}
