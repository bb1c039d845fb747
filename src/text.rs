//! Names in messages and from users: escaping, quoting, suggestions, and closed sets of
//! names that are parsed alike from flags and manifests.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::str::FromStr;

use clap::ValueEnum;
use icu_normalizer::ComposingNormalizerBorrowed;

/// Parses one of the names or aliases of `T`. The error suggests the closest name.
///
/// `what` is a noun for the name: `architecture`, `lint`.
pub(crate) fn parse<T: ValueEnum>(what: &str, name: &str) -> Result<T, String> {
    T::from_str(name, false).map_err(|_| {
        let known: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|variant| Some(variant.to_possible_value()?.get_name().to_owned()))
            .collect();
        unknown(what, name, known.iter().map(String::as_str))
    })
}

/// The message for a name that is not in `known`: it suggests the closest one, or lists all. Names
/// that would look alike are told apart, as [`seen`] says.
pub(crate) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    let closest = closest(name, known.clone()).map(quoted_name_in_full);
    let name = quoted_name_in_full(name);
    if let Some(closest) = closest {
        return format!("unknown {what} {name}; did you mean {closest}?");
    }
    let mut seen = BTreeSet::new();
    let known = known.into_iter().filter(|name| seen.insert(*name));
    let known: Vec<String> = known.map(quoted_name_in_full).collect();
    if known.is_empty() {
        format!("unknown {what} {name}")
    } else {
        format!("unknown {what} {name}; known are {}", known.join(", "))
    }
}

/// The candidate that is most similar to `name`, if it is similar enough.
pub(crate) fn closest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    /// The threshold of clap for its own suggestions.
    const SIMILAR_ENOUGH: f64 = 0.7;
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity > SIMILAR_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Implements parsing, printing and (de)serialization of a [`ValueEnum`], all with the same names.
macro_rules! named {
    ($type:ty, $what:literal) => {
        impl std::str::FromStr for $type {
            type Err = String;
            fn from_str(name: &str) -> Result<Self, String> {
                $crate::text::parse($what, name)
            }
        }
        $crate::text::deserialize_from_str!($type);
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}
pub(crate) use named;

/// Deserializes a type from a string with its [`std::str::FromStr`].
///
/// With `try_from` of serde, an error in an array would point to the array and not to the string.
macro_rules! deserialize_from_str {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str($crate::text::FromStrVisitor(std::marker::PhantomData))
            }
        }
    };
}
pub(crate) use deserialize_from_str;

pub(crate) struct FromStrVisitor<T>(pub(crate) PhantomData<T>);

impl<T: FromStr<Err = String>> serde::de::Visitor<'_> for FromStrVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Deserializes a type from a string with its [`std::str::FromStr`], or from a table that reads as
/// `$parts`. `$expected` completes the error for other values: "expected …".
macro_rules! deserialize_from_str_or_table {
    ($type:ty, $parts:ty, $expected:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let visitor = $crate::text::StrOrTable::<Self, $parts>::new($expected);
                from.deserialize_any(visitor)
            }
        }
    };
}
pub(crate) use deserialize_from_str_or_table;

pub(crate) struct StrOrTable<T, Parts> {
    expected: &'static str,
    types: PhantomData<(T, Parts)>,
}

impl<T, Parts> StrOrTable<T, Parts> {
    pub(crate) fn new(expected: &'static str) -> Self {
        Self {
            expected,
            types: PhantomData,
        }
    }
}

impl<'de, T, Parts> serde::de::Visitor<'de> for StrOrTable<T, Parts>
where
    T: FromStr<Err = String> + TryFrom<Parts, Error = String>,
    Parts: serde::Deserialize<'de>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let parts = Parts::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        parts.try_into().map_err(serde::de::Error::custom)
    }
}

/// A name from a zip in backticks. Invisible characters are escaped, and a long name is cut.
pub(crate) fn quoted_name(name: &str) -> String {
    /// The most characters that are kept.
    const LONGEST: usize = 100;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", seen(&name[..end])),
        None => quoted_name_in_full(name),
    }
}

/// [`quoted_name`] for a line of its own: a long name is not cut.
pub(crate) fn quoted_name_in_full(name: &str) -> String {
    format!("`{}`", seen(name))
}

/// [`quoted_name_in_full`] without backticks. Accents that are characters of their own are escaped
/// where a letter with its accent is one character, too: two names would look alike.
pub(crate) fn seen(name: &str) -> String {
    let composed = composed(name);
    let is_hidden = |c| is_unseen(c) || !(c.is_ascii() || composed.contains(c));
    name.chars().map(escaped_if(is_hidden)).collect()
}

/// The spelling of `text` in which keyboards and programs write letters with accents: composed, which
/// is Unicode's form NFC. Finder and older file systems of macOS write two characters for one letter.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// True if a character is invisible: it controls a terminal, changes the direction of the text, as
/// U+202E does, or has no width.
///
/// Source: the Unicode Character Database, `Bidi_Control`, and `Default_Ignorable_Code_Point`
/// without variation selectors, which emoji use.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e00ff}'
        )
}

/// A name for a message. Control characters are escaped: they must not reach the terminal.
pub(crate) fn printable(name: &str) -> String {
    name.chars().map(escaped_if(char::is_control)).collect()
}

/// A function that escapes the characters for which `is_bad` is true.
fn escaped_if(is_bad: impl Fn(char) -> bool) -> impl Fn(char) -> String {
    move |c| {
        if is_bad(c) {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    }
}

/// [`printable`] for a path that may not be UTF-8.
pub(crate) fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// An argument, quoted for a POSIX shell.
pub(crate) fn quoted(argument: impl AsRef<OsStr>) -> String {
    let text = argument.as_ref().to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "_-+=:,./@%^{}".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else if text.contains(char::is_control) {
        let escaped = |c: char| match c {
            '\'' | '\\' => format!("\\{c}"),
            c if c.is_ascii_control() => format!("\\x{:02x}", u32::from(c)),
            c => c.to_string(),
        };
        format!("$'{}'", text.chars().map(escaped).collect::<String>())
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_suggested_and_far_ones_are_not() {
        assert_eq!(closest("arm46", ["x86_64", "arm64"]), Some("arm64"));
        assert_eq!(closest("riscv", ["x86_64", "arm64"]), None);
    }

    #[test]
    fn without_a_close_match_all_names_are_listed() {
        assert_eq!(
            unknown("colour", "blue", ["x", "y", "x"]),
            "unknown colour `blue`; known are `x`, `y`"
        );
    }

    #[test]
    fn a_suggestion_that_looks_like_the_name_shows_the_difference() {
        let [composed, divided] = ["caf\u{e9}", "cafe\u{301}"];
        assert_eq!(
            unknown("binary", divided, [composed]),
            "unknown binary `cafe\\u{301}`; did you mean `caf\u{e9}`?"
        );
        assert_eq!(
            unknown("binary", composed, [divided]),
            "unknown binary `caf\u{e9}`; did you mean `cafe\\u{301}`?"
        );
        assert_eq!(
            unknown("binary", "x", [divided]),
            "unknown binary `x`; known are `cafe\\u{301}`"
        );
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(quoted_name("a\u{202e}gpj.sh"), "`a\\u{202e}gpj.sh`");
        assert_eq!(quoted_name("boot\u{200b}strap"), "`boot\\u{200b}strap`");
        assert_eq!(
            quoted_name("Größe ☀\u{fe0f} 表\u{3000}a"),
            "`Größe ☀\u{fe0f} 表\u{3000}a`"
        );
    }

    #[test]
    fn names_are_escaped_and_cut() {
        assert_eq!(quoted_name("a\u{1b}[2J\n"), "`a\\u{1b}[2J\\n`");
        assert_eq!(quoted_name(&"x".repeat(65_536)).chars().count(), 103);
    }
}
