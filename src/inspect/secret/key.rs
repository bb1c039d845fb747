//! The formats of private keys: PEM, DER and Java's key stores.

/// Characters of base64 in the smallest key there is (Ed25519).
const SMALLEST: usize = 64;

/// Whether a PEM block has a key for its body, which text about keys leaves out. The body is at the
/// beginning of `after`. It may be indented, quoted, or have `\n` for its line ends.
pub(super) fn is_pem_body(after: &[u8]) -> bool {
    /// No word of prose, and hardly a name in code, is as long as a line of a key.
    const SHORTEST_LINE: usize = 16;
    /// Bytes that decide: headers and the first lines, indented or not.
    const LONGEST: usize = 4096;
    /// AWS's manuals, which its command line contains, mark their keys so.
    const MARK: &str = "EXAMPLE";
    let body = String::from_utf8_lossy(&after[..after.len().min(LONGEST)]);
    let body = without_escapes(body.split("-----").next().unwrap_or_default());
    let mut length = 0;
    let lines = body.lines().filter(|line| !is_header(line));
    let words =
        lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || "\"'`,".contains(c)));
    for word in words.filter(|word| !["", "+", ".", "\\"].contains(word)) {
        if !word.chars().all(is_base64) {
            break;
        }
        let is_filler = || word.bytes().all(|byte| word.starts_with(char::from(byte)));
        if word.contains(MARK) || is_filler() {
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

/// A file in a binary format of keys.
pub(super) enum KeyFile {
    /// It holds a key of this kind.
    Secret(&'static str),
    /// It holds certificates.
    Public,
}

impl KeyFile {
    /// `None` if the bytes are in no such format.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        match java_store_has_key(bytes) {
            Some(true) => Some(Self::Secret("a key store")),
            Some(false) => Some(Self::Public),
            None => is_der(bytes).then_some(Self::Secret("a private key")),
        }
    }
}

/// Whether bytes are a private key in DER: a sequence that fills the file and begins with a small
/// version, as that of a certificate does not.
///
/// Sources: RFC 8017 A.1.2 (RSA: 0, then a number), RFC 5208 and 5958 (PKCS #8: 0 or 1, then an
/// algorithm), RFC 5915 (EC: 1, then an octet string).
fn is_der(bytes: &[u8]) -> bool {
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

/// Whether a key store of Java has a key, and not only public certificates. `None` if the bytes are
/// not a key store of Java.
///
/// Source: `JavaKeyStore.java` in OpenJDK.
fn java_store_has_key(bytes: &[u8]) -> Option<bool> {
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
