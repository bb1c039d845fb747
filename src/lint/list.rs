//! Names in messages: few of many, and none that could do harm to a terminal.

use std::fmt;

/// How many are named.
const NAMED: usize = 3;
/// The most characters that are shown of a name.
const LONGEST: usize = 100;

/// A name from a zip, in backticks: what cannot be printed is escaped, and a very long one cut.
pub(crate) fn shown(name: &str) -> String {
    let mut text: String = name
        .chars()
        .take(LONGEST)
        .flat_map(|c| {
            let escaped = is_unseen(c).then(|| c.escape_default());
            let plain = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect();
    if name.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    format!("`{text}`")
}

/// Whether a character is not seen as itself: it controls a terminal, turns the direction of what
/// follows, as U+202E does, or takes no room at all.
///
/// Source: the Unicode Character Database, `Default_Ignorable_Code_Point` without the selectors of
/// variations, which emoji have, and `Bidi_Control`.
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

/// One name or several, for a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct List {
    text: String,
    is_one: bool,
}

impl List {
    /// The words that go with one name, or with several.
    pub(crate) fn either(&self, one: &'static str, several: &'static str) -> &'static str {
        if self.is_one { one } else { several }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The first few, and how many more there are; none of none. No more than these are kept: there may
/// be hundreds of thousands.
pub(crate) fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Option<List> {
    let mut names = names.into_iter();
    let first = names.by_ref().take(NAMED);
    let mut first: Vec<String> = first.map(|name| name.as_ref().to_owned()).collect();
    match names.count() {
        0 => {}
        more => first.push(format!("{more} more")),
    }
    (!first.is_empty()).then(|| List {
        text: first.join(", "),
        is_one: first.len() == 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(shown("a\u{202e}gpj.sh"), "`a\\u{202e}gpj.sh`");
        assert_eq!(shown("boot\u{200b}strap"), "`boot\\u{200b}strap`");
        assert_eq!(
            shown("Größe ☀\u{fe0f} 表\u{3000}a"),
            "`Größe ☀\u{fe0f} 表\u{3000}a`"
        );
    }

    #[test]
    fn names_are_harmless_and_few() {
        assert_eq!(shown("a\u{1b}[2J\n"), "`a\\u{1b}[2J\\n`");
        assert_eq!(shown(&"x".repeat(65_536)).chars().count(), 103);
        let said = |names: &[&str]| {
            let names = list(names)?;
            Some(format!("{names} {}", names.either("is", "are")))
        };
        assert_eq!(
            said(&["a", "b", "c", "d", "e"]).as_deref(),
            Some("a, b, c, 2 more are")
        );
        assert_eq!(said(&["a", "b"]).as_deref(), Some("a, b are"));
        assert_eq!(said(&["a"]).as_deref(), Some("a is"));
        assert_eq!(said(&[]), None);
    }
}
