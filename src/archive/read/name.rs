//! The name of an entry. Readers do not agree on the bytes that it is read from.

use std::borrow::Cow;
use std::iter;
use std::sync::Arc;

use super::fields::extra_fields;

/// The tag of Info-ZIP's extra field with the UTF-8 name. Source: APPNOTE.TXT 4.6.9.
const UNICODE_PATH: u16 = 0x7075;

/// The characters of the bytes from 128 on in code page 437, the encoding of names without the
/// UTF-8 flag. Source: APPNOTE.TXT, appendix D.
const UPPER_CP437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name, and whether all readers agree on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// The name as text. Different names have different texts.
    pub(super) text: Arc<str>,
    /// The bytes in the header, if they are others than those of the text.
    raw: Option<Box<[u8]>>,
    /// True if some readers read another name.
    pub(super) is_ambiguous: bool,
}

impl Name {
    /// The name as Info-ZIP's unzip and 7-Zip read it, from the name in a header, the extra fields
    /// there, and the UTF-8 flag.
    ///
    /// libarchive prefers the extra field even if the flag is set. Python before 3.13, and SAM with
    /// it, ignores the field.
    pub(super) fn of(raw: &[u8], extra: &[u8], is_utf8: bool) -> Self {
        let other = extra_fields(extra)
            .find(|(tag, _)| *tag == UNICODE_PATH)
            .and_then(|(_, field)| unicode_path(field, raw));
        let bytes = other.filter(|_| !is_utf8).unwrap_or(raw);
        let text = text(bytes);
        Self {
            raw: (raw != text.as_bytes()).then(|| raw.into()),
            text: text.into(),
            // Java's ZipFile refuses a zip with a name that is not UTF-8, with or without the flag,
            // and ignores the extra field.
            is_ambiguous: if std::str::from_utf8(raw).is_err() {
                true
            } else if is_utf8 {
                other.is_some_and(|other| other != raw)
            } else {
                *from_cp437(raw) != *bytes
            },
        }
    }

    /// The bytes in the header, in an unknown encoding.
    pub(super) fn raw(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.text.as_bytes())
    }
}

/// A name as text. Different names have different texts, also if they are not UTF-8: such a part
/// between slashes becomes a mark and one character for each byte.
fn text(name: &[u8]) -> Cow<'_, str> {
    const MARK: char = char::REPLACEMENT_CHARACTER;
    let is_plain = |part: &str| !part.starts_with(MARK);
    match std::str::from_utf8(name) {
        Ok(name) if name.split('/').all(is_plain) => return name.into(),
        _ => {}
    }
    let part = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(part) if is_plain(part) => part.to_owned(),
        _ => iter::once(MARK)
            .chain(bytes.iter().map(|byte| char::from(*byte)))
            .collect(),
    };
    let parts = name.split(|byte| *byte == b'/').map(part);
    parts.collect::<Vec<String>>().join("/").into()
}

/// The name in an extra field. The field is ignored if its checksum is of another name than `raw`.
fn unicode_path<'a>(field: &'a [u8], raw: &[u8]) -> Option<&'a [u8]> {
    const VERSION: u8 = 1;
    let (head, name) = field.split_at_checked(5)?;
    let crc32 = crc32fast::hash(raw).to_le_bytes();
    (head[0] == VERSION && head[1..] == crc32).then_some(name)
}

fn from_cp437(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.is_ascii() {
        return raw.into();
    }
    let character = |byte: &u8| match byte.checked_sub(128) {
        None => Some(char::from(*byte)),
        Some(nth) => UPPER_CP437.chars().nth(nth.into()),
    };
    let name: String = raw.iter().filter_map(character).collect();
    name.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LETTERS: &str = "Grüße";
    const LETTERS_IN_CP437: &[u8] = b"Gr\x81\xe1e";

    fn extra(raw: &[u8], name: &str) -> Vec<u8> {
        let length = u16::try_from(name.len() + 5).unwrap();
        let crc32 = crc32fast::hash(raw);
        let mut extra = [UNICODE_PATH, length].map(u16::to_le_bytes).concat();
        extra.push(1);
        extra.extend(crc32.to_le_bytes());
        extra.extend(name.as_bytes());
        extra
    }

    #[test]
    fn code_page_437_is_whole() {
        assert_eq!(UPPER_CP437.chars().count(), 128);
        assert_eq!(from_cp437(LETTERS_IN_CP437), LETTERS.as_bytes());
        assert_eq!(from_cp437(b"\x80\xff~"), "Ç\u{a0}~".as_bytes());
    }

    #[test]
    fn a_name_is_one_where_all_readers_agree() {
        let (utf8, cp437) = (LETTERS.as_bytes(), LETTERS_IN_CP437);
        for (raw, other, is_utf8, name, is_ambiguous) in [
            (&b"plain"[..], None, false, "plain", false),
            (b"plain", Some("plain"), false, "plain", false),
            (b"plain", Some("other"), false, "other", true),
            (utf8, None, true, LETTERS, false),
            (utf8, None, false, LETTERS, true),
            (utf8, Some(LETTERS), true, LETTERS, false),
            (utf8, Some(LETTERS), false, LETTERS, true),
            (utf8, Some("other"), true, LETTERS, true),
            (cp437, Some(LETTERS), false, LETTERS, true),
            (cp437, Some("other"), false, "other", true),
        ] {
            let extra = other.map(|other| extra(raw, other)).unwrap_or_default();
            let found = Name::of(raw, &extra, is_utf8);
            assert_eq!(
                (&*found.text, found.raw(), found.is_ambiguous),
                (name, raw, is_ambiguous),
                "{raw:?} {other:?}"
            );
        }
        let stale = extra(b"former", "other");
        assert_eq!(&*Name::of(b"plain", &stale, false).text, "plain");
    }

    #[test]
    fn names_that_differ_differ_as_text() {
        let names = [
            &b"\x8e.txt"[..],
            b"\x99.txt",
            "\u{8e}.txt".as_bytes(),
            "\u{fffd}.txt".as_bytes(),
            "\u{fffd}\u{8e}.txt".as_bytes(),
            "a/\u{fffd}\u{8e}.txt".as_bytes(),
            b"a/\x8e.txt",
            b"a\xff/b.txt",
            b"\xff\xfe",
            b"\xff",
        ];
        let texts: BTreeSet<_> = names.iter().map(|raw| text(raw)).collect();
        assert_eq!(texts.len(), names.len(), "{texts:?}");
        assert_eq!(text(&b"lib/Gr\xf6\xdfe"[..]), "lib/\u{fffd}Größe");
        assert_eq!(text(LETTERS.as_bytes()), LETTERS);
    }
}
