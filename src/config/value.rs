//! Values of settings: how they are read, merged and resolved.

use std::fmt::Display;
use std::str::FromStr;

use camino::Utf8Path;
use clap::builder::ValueParser;
use serde::Deserialize;

use crate::text;

/// What happens to a setting that several sources give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The value of the source with the highest precedence is used.
    Replace,
    /// The values of all sources are used.
    Add,
    /// The parts of a value are merged, each by [`Rule::Replace`].
    Merge,
}

impl Rule {
    /// What the help says of the rule; empty for the usual one.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Replace => "",
            Self::Add => "The values of all sources add up.",
            Self::Merge => "Each architecture takes the value of the highest precedence.",
        }
    }
}

/// A single value, or one element of a list.
pub(crate) trait Part: Clone {
    const RULE: Rule = Rule::Replace;

    /// The value with its paths relative to `folder`.
    fn below(self, _folder: &Utf8Path) -> Self {
        self
    }

    /// The value as given by a source of that precedence; higher numbers win.
    fn of_precedence(self, _precedence: usize) -> Self {
        self
    }

    /// The value with its gaps filled from a source of lower precedence.
    fn or(self, _lower: Self) -> Self {
        self
    }
}

/// A part that is written as one word on the command line and in the environment.
pub(crate) trait Word: Part + FromStr<Err: Display> + Send + Sync + 'static {
    /// `true` if the flag alone means "on".
    const IS_SWITCH: bool = false;

    /// The parser for the command line.
    fn parser() -> ValueParser;
}

/// A setting as one source gives it. The default is that the source does not give it.
pub(crate) trait Value: Default {
    const RULE: Rule;
    /// `true` if Cargo.toml has a list of values; a single one is a list of one.
    const IS_LIST: bool = false;

    /// Merges in what a source of higher precedence gives.
    fn overlay(&mut self, higher: Self, precedence: usize);

    /// Makes paths absolute.
    fn resolve_paths(&mut self, folder: &Utf8Path);
}

/// A setting that flags and environment variables can give.
pub(crate) trait Given: Value {
    type Word: Word;

    /// Number of words that it takes.
    const TAKES: Takes;

    /// Reads the words of one source, in their order; none if it does not give the setting.
    fn from_words(words: impl Iterator<Item = Self::Word>) -> Self;
}

/// Number of words that a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// None: the flag switches something on.
    Nothing,
    One,
    /// One each time that the flag is given.
    OneEach,
    /// Several, separated by commas, each time that the flag is given.
    Several,
}

impl<T: Part> Value for Option<T> {
    const RULE: Rule = T::RULE;

    fn overlay(&mut self, higher: Self, precedence: usize) {
        if let Some(higher) = higher {
            let higher = higher.of_precedence(precedence);
            *self = Some(match self.take() {
                Some(lower) => higher.or(lower),
                None => higher,
            });
        }
    }

    fn resolve_paths(&mut self, folder: &Utf8Path) {
        *self = self.take().map(|value| value.below(folder));
    }
}

impl<T: Word> Given for Option<T> {
    type Word = T;

    const TAKES: Takes = match (T::IS_SWITCH, T::RULE) {
        (true, _) => Takes::Nothing,
        (false, Rule::Replace) => Takes::One,
        (false, Rule::Add | Rule::Merge) => Takes::OneEach,
    };

    fn from_words(words: impl Iterator<Item = T>) -> Self {
        words.reduce(|lower, higher| higher.or(lower))
    }
}

impl<T: Part> Value for Vec<T> {
    const RULE: Rule = Rule::Add;
    const IS_LIST: bool = true;

    fn overlay(&mut self, higher: Self, precedence: usize) {
        let higher = higher.into_iter();
        self.extend(higher.map(|value| value.of_precedence(precedence)));
    }

    fn resolve_paths(&mut self, folder: &Utf8Path) {
        let list = std::mem::take(self).into_iter();
        *self = list.map(|value| value.below(folder)).collect();
    }
}

impl<T: Word> Given for Vec<T> {
    type Word = T;

    const TAKES: Takes = Takes::OneEach;

    fn from_words(words: impl Iterator<Item = T>) -> Self {
        words.collect()
    }
}

impl<T: Part> Value for Option<Vec<T>> {
    const RULE: Rule = Rule::Replace;
    const IS_LIST: bool = true;

    fn overlay(&mut self, higher: Self, _precedence: usize) {
        if higher.is_some() {
            *self = higher;
        }
    }

    fn resolve_paths(&mut self, folder: &Utf8Path) {
        if let Some(list) = self {
            list.resolve_paths(folder);
        }
    }
}

impl<T: Word> Given for Option<Vec<T>> {
    type Word = T;

    const TAKES: Takes = Takes::Several;

    fn from_words(words: impl Iterator<Item = T>) -> Self {
        Some(words.collect()).filter(|list: &Vec<T>| !list.is_empty())
    }
}

/// The merged value, with the default where no source gives one.
pub(crate) trait Resolve<T> {
    fn resolve(self) -> T;
}

impl<T> Resolve<T> for T {
    fn resolve(self) -> T {
        self
    }
}

impl<T: Default> Resolve<T> for Option<T> {
    fn resolve(self) -> T {
        self.unwrap_or_default()
    }
}

/// A setting that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Switch(pub(crate) bool);

impl FromStr for Switch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const WORDS: [(&str, bool); 8] = [
            ("true", true),
            ("false", false),
            ("1", true),
            ("0", false),
            ("yes", true),
            ("no", false),
            ("on", true),
            ("off", false),
        ];
        let lower = text.to_ascii_lowercase();
        let known = WORDS.iter().find(|(word, _)| *word == lower);
        let unknown = || text::unknown("value", text, WORDS.map(|(word, _)| word));
        known.map(|(_, is_on)| Self(*is_on)).ok_or_else(unknown)
    }
}

impl Resolve<bool> for Option<Switch> {
    fn resolve(self) -> bool {
        self.is_some_and(|Switch(is_on)| is_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Size;
    use crate::lambda::Architecture;
    use crate::lambda::Cpus;

    #[test]
    fn a_higher_value_replaces_and_silence_leaves_a_lower_one() {
        let mut size = Some(Size(1));
        size.overlay(None, 1);
        assert_eq!(size, Some(Size(1)));
        size.overlay(Some(Size(2)), 2);
        assert_eq!(size, Some(Size(2)));
        let mut list = Some(vec![Architecture::X86_64]);
        list.overlay(Some(vec![Architecture::Arm64]), 1);
        assert_eq!(list, Some(vec![Architecture::Arm64]));
    }

    #[test]
    fn lists_add_up_with_the_lower_values_first() {
        let mut list = vec!["low".to_owned()];
        list.overlay(vec!["high".to_owned()], 1);
        assert_eq!(list, ["low", "high"]);
    }

    #[test]
    fn parts_are_merged_one_by_one() {
        let cpus = |text: &str| text.parse::<Cpus>().ok();
        let mut merged = cpus("lambda");
        merged.overlay(cpus("arm64=generic"), 1);
        let expected = [cpus("x86_64=lambda"), cpus("arm64=generic")];
        assert_eq!(merged, Given::from_words(expected.into_iter().flatten()));
    }

    #[test]
    fn a_switch_has_four_words_for_each_position() {
        for (words, is_on) in [
            (["true", "1", "Yes", "on"], true),
            (["FALSE", "0", "no", "off"], false),
        ] {
            for word in words {
                assert_eq!(word.parse(), Ok(Switch(is_on)), "{word}");
            }
        }
        let error = "tru".parse::<Switch>().unwrap_err();
        assert!(error.contains("did you mean `true`?"), "{error}");
    }
}
