//! Each kind is told from what only looks like it.

mod examples;
mod files;
mod keys;
mod tokens;

use crate::inspect::secret::{Secret, SecretScan};

const BODY: &str = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";

/// The kind of the secret in a file.
fn found(name: &str, bytes: impl AsRef<[u8]>) -> Option<&'static str> {
    secret(name, bytes).map(|secret| secret.what)
}

fn secret(name: &str, bytes: impl AsRef<[u8]>) -> Option<Secret> {
    let mut scan = SecretScan::new(name);
    scan.push(bytes.as_ref());
    scan.finish()
}

fn is_key(text: &str) -> bool {
    found("a.txt", text) == Some("a private key")
}

fn pem(label: &str) -> String {
    format!("-----BEGIN {label}-----\n{BODY}\n-----END {label}-----\n")
}

#[test]
fn a_secret_is_found_at_any_place_of_a_long_text() {
    let token = format!("ghp_{}", examples::mixed(36));
    let line = "nothing to see in this line\n";
    for place in [0, 128 * 1024 - 20, 128 * 1024, 400_000, 1_000_000] {
        let before = format!("{}\n", &line.repeat(place / line.len() + 1)[..place]);
        let text = format!("{before}{token}\n{}", line.repeat(1000));
        let lines = before.matches('\n').count() + 1;
        let mut scan = SecretScan::new("a.log");
        for piece in text.as_bytes().chunks(65_537) {
            scan.push(piece);
        }
        let secret = scan.finish().unwrap();
        assert_eq!(
            (secret.what, secret.line),
            ("a GitHub token", Some(lines)),
            "{place}"
        );
        let key = format!("{before}{}", pem("PRIVATE KEY"));
        assert_eq!(found("a.log", key), Some("a private key"), "{place}");
    }
    let wide: Vec<u8> = format!("\u{feff}{}{token}", line.repeat(20_000))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let secret = secret("a.txt", wide).unwrap();
    assert_eq!(secret.to_string(), "a GitHub token in line 20001");
}
