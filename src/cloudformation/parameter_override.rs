//! The values that a deploy gives to parameters of a template.

use std::str::FromStr;

/// A value in the place of the default of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParameterOverride {
    /// The name of the parameter.
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The pairs of one argument, separated by spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParameterOverrides(pub(crate) Vec<ParameterOverride>);

const FORMS: &str = "expected `Name=Value`, or `ParameterKey=Name,ParameterValue=Value`, once or more, \
                     with spaces between them";
const QUOTES: &str = "expected double quotes around a value with spaces or quotes, as in \
                      `Name=\"two words\"`, with `\\\"` for a quote in it";
const EMPTY: &str = "expected a value after `=`: write `Name=\"\"` for an empty one";
const MIXED: &str =
    "expected either `Name=Value` or `ParameterKey=Name,ParameterValue=Value` in one argument";
const FILE: &str = "expected `Name=Value`: a file of parameters is not read";
const KEY: &str = "ParameterKey=";

/// Both forms that `sam` takes. What it would ignore or cut off is an error here.
///
/// Source: `CfnParameterOverridesType` in `samcli/cli/types.py` of the AWS SAM CLI.
impl FromStr for ParameterOverrides {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rest = text.trim();
        if rest.starts_with("file://") {
            return Err(FILE);
        }
        let has_keys = rest.starts_with(KEY);
        if !has_keys && rest.contains(KEY) {
            // `sam` would take this part only, even from the inside of a value.
            return Err(MIXED);
        }
        let mut pairs = Vec::new();
        while !rest.is_empty() {
            let pair = if has_keys {
                let pair = rest.strip_prefix(KEY).ok_or(MIXED)?;
                pair.split_once(",ParameterValue=")
            } else {
                rest.split_once('=')
            };
            let (name, after) = pair.ok_or(FORMS)?;
            let name = unquoted(name);
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Err(FORMS);
            }
            let (value, after) = after.split_at(length(after)?);
            pairs.push(ParameterOverride {
                name: name.to_owned(),
                value: unescaped(unquoted(value)),
            });
            rest = after.trim_start_matches(' ');
        }
        Ok(Self(pairs))
    }
}

/// The length in bytes of the value at the beginning of `text`, with its quotes. The end of the text
/// or a space follows it.
fn length(text: &str) -> Result<usize, &'static str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let mut characters = text.char_indices().skip(usize::from(quote.is_some()));
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (_, '\\') => match characters.next() {
                None | Some((_, '\n')) => return Err(QUOTES),
                Some(_) => {}
            },
            (Some(quote), c) if c == quote => {
                let end = at + c.len_utf8();
                let is_end = matches!(text[end..].chars().next(), None | Some(' '));
                return is_end.then_some(end).ok_or(QUOTES);
            }
            (None, ' ') if at == 0 => return Err(EMPTY),
            (None, ' ') => return Ok(at),
            // `sam` cuts the value off at a quote, and takes a line break as a part of it.
            (None, c) if c == '"' || c.is_whitespace() => return Err(QUOTES),
            _ => {}
        }
    }
    match quote {
        Some(_) => Err(QUOTES),
        None if text.is_empty() => Err(EMPTY),
        None => Ok(text.len()),
    }
}

/// The text without the quotes around it.
fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// The escapes in the order of `sam`, which leaves `\\` as it is.
fn unescaped(text: &str) -> String {
    let text = text.replace("\\ ", " ").replace("\\\"", "\"");
    text.replace("\\'", "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_read(text: &str, expected: Result<&[(&str, &str)], &str>) {
        let read = text.parse::<ParameterOverrides>();
        let pairs = read.as_ref().map(|read| {
            let pairs = read.0.iter();
            let pairs = pairs.map(|pair| (&*pair.name, &*pair.value));
            pairs.collect::<Vec<_>>()
        });
        let pairs = pairs.as_deref().map_err(|why| **why);
        assert_eq!(pairs, expected, "{text}");
    }

    #[test]
    fn both_forms_of_sam_are_read() {
        for (text, expected) in [
            ("Arch=arm64", &[("Arch", "arm64")][..]),
            ("Url=https://a/?b=c", &[("Url", "https://a/?b=c")]),
            ("Empty=\"\"", &[("Empty", "")]),
            (
                "ParameterKey=Arch,ParameterValue=arm64",
                &[("Arch", "arm64")],
            ),
            (" A=b   C=d,e ", &[("A", "b"), ("C", "d,e")]),
            (
                "ParameterKey=A,ParameterValue=b ParameterKey=C,ParameterValue='d e'",
                &[("A", "b"), ("C", "d e")],
            ),
            ("A=\"b\" C='d'", &[("A", "b"), ("C", "d")]),
            ("A=\"b C=d\"", &[("A", "b C=d")]),
            ("'A'=b \"C\"=d", &[("A", "b"), ("C", "d")]),
            (
                r#"A=b\ c D="\"e\"" F=\"g\""#,
                &[("A", "b c"), ("D", "\"e\""), ("F", "\"g\"")],
            ),
            (
                r"A='it\'s' B=it's C=d\\e",
                &[("A", "it's"), ("B", "it's"), ("C", r"d\\e")],
            ),
            ("", &[]),
        ] {
            assert_read(text, Ok(expected));
        }
    }

    #[test]
    fn what_sam_would_ignore_or_cut_off_is_refused() {
        for (text, why) in [
            ("ParameterKey=Arch,UsePreviousValue=true", FORMS),
            ("Arch", FORMS),
            ("=arm64", FORMS),
            ("Name=two words", FORMS),
            ("\"A=b C=d\"", FORMS),
            ("A=b, C=d e", FORMS),
            ("My_Key=a", FORMS),
            ("A=", EMPTY),
            ("A= C=d", EMPTY),
            ("A=b C=", EMPTY),
            ("A=b ParameterKey=C,ParameterValue=d", MIXED),
            ("ParameterKey=A,ParameterValue=b C=d", MIXED),
            ("A=\"ParameterKey=B,ParameterValue=c\"", MIXED),
            ("A=b\nC=d", QUOTES),
            ("A={\"b\":1}", QUOTES),
            ("A=\"b\"c", QUOTES),
            ("A=\"b", QUOTES),
            ("A='", QUOTES),
            ("A=b\\", QUOTES),
            ("file://parameters.yaml", FILE),
        ] {
            assert_read(text, Err(why));
        }
    }
}
