//! The names in a finding. Its message has the first few; JSON, SARIF and `-v` have all of them.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::text;

/// A name in a finding, with the words of the message about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// The exact name, mostly that of an entry; `None` if the words are about no single name.
    name: Option<String>,
    /// They follow the name.
    words: String,
}

impl Named {
    /// A name and words that follow it: `conf/key.pem` and `(a private key)`.
    pub(crate) fn with(name: &str, words: impl Into<String>) -> Self {
        Self {
            name: Some(name.to_owned()),
            words: words.into(),
        }
    }

    /// Words that stand for themselves.
    pub(crate) fn unnamed(words: impl Into<String>) -> Self {
        Self {
            name: None,
            words: words.into(),
        }
    }

    fn in_words(&self, quote: fn(&str) -> String) -> String {
        let Self { name, words } = self;
        match name {
            Some(name) if words.is_empty() => quote(name),
            Some(name) => format!("{} {words}", quote(name)),
            None => words.clone(),
        }
    }
}

impl<S: AsRef<str>> From<S> for Named {
    fn from(name: S) -> Self {
        Self::with(name.as_ref(), "")
    }
}

/// In full, for a line of its own.
impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(text::quoted_name_in_full))
    }
}

/// The names of a finding. They display as the first few and the number of the others, and
/// serialize as an array of all exact names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct List(Vec<Named>);

/// A list of names; `None` if there are none.
pub(crate) fn list<N: Into<Named>>(names: impl IntoIterator<Item = N>) -> Option<List> {
    let names: Vec<Named> = names.into_iter().map(Into::into).collect();
    (!names.is_empty()).then_some(List(names))
}

impl List {
    /// The most names in a message.
    const SHOWN: usize = 3;

    /// The words for a list of one name, or of several.
    pub(crate) fn either(&self, one: &'static str, several: &'static str) -> &'static str {
        if self.0.len() == 1 { one } else { several }
    }

    /// All names, if a message does not have them all.
    fn beyond_message(&self) -> &[Named] {
        if self.0.len() > Self::SHOWN {
            &self.0
        } else {
            &[]
        }
    }

    /// A line for each name that a message does not have, with its label.
    pub(crate) fn details(&self) -> impl Iterator<Item = (&'static str, String)> {
        let names = self.beyond_message().iter();
        names.map(|name| ("name", name.to_string()))
    }

    /// The exact names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|named| named.name.as_deref())
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().take(Self::SHOWN);
        let shown = shown.map(|named| named.in_words(text::quoted_name));
        let mut shown: Vec<String> = shown.collect();
        match self.0.len() - shown.len() {
            0 => {}
            more => shown.push(format!("{more} more")),
        }
        let last = shown.pop().unwrap_or_default();
        if shown.is_empty() {
            return f.write_str(&last);
        }
        write!(f, "{} and {last}", shown.join(", "))
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_three_names_and_the_number_of_the_others() {
        let said = |names: &[&str]| {
            let names = list(names)?;
            Some(format!("{names} {}", names.either("is", "are")))
        };
        assert_eq!(
            said(&["a", "b", "c", "d", "e"]).as_deref(),
            Some("`a`, `b`, `c` and 2 more are")
        );
        assert_eq!(said(&["a", "b"]).as_deref(), Some("`a` and `b` are"));
        assert_eq!(said(&["a"]).as_deref(), Some("`a` is"));
        assert_eq!(said(&[]), None);
    }

    #[test]
    fn machines_get_exact_names_and_people_readable_ones() {
        let long = "x".repeat(200);
        let names = list([
            Named::with("a\n", "(0640)"),
            Named::unnamed("it is cut"),
            Named::from(&long),
            Named::from("d"),
        ]);
        let names = names.unwrap();
        assert_eq!(
            serde_json::to_value(&names).unwrap(),
            serde_json::json!(["a\n", long, "d"])
        );
        let lines: Vec<String> = names
            .beyond_message()
            .iter()
            .map(Named::to_string)
            .collect();
        let in_full = format!("`{long}`");
        assert_eq!(lines, ["`a\\n` (0640)", "it is cut", &in_full, "`d`"]);
        assert_eq!(list(["a", "b", "c"]).unwrap().beyond_message(), []);
    }
}
