//! Files of `--env-file`: one variable a line, as `docker run --env-file` has them, and quotes.
//!
//! Sources: "Environment variables" in Docker's documentation of `docker container run` (a value
//! is the rest of its line, in which `$` has no meaning; a name alone takes the value of the
//! environment, and is left out if it has none), and "Env file syntax" of Docker Compose
//! (quotes, ` #`, and `$NAME` in double quotes).

use std::collections::HashMap;

/// The variables of a file, in its order. `outer` gives the variables of the environment, which
/// a name alone means, and `$NAME` in double quotes means first.
///
/// # Errors
/// The number of the first line that is wrong, and the reason. It never shows the line, which may
/// hold a secret.
pub(super) fn parse(
    text: &str,
    outer: impl Fn(&str) -> Option<String>,
) -> Result<Vec<(String, String)>, (usize, &'static str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut known = HashMap::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let number = at + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            // Part of a value that lost its line is no name, and is not ignored.
            if !is_plain_name(line) {
                return Err((number, "is not KEY=VALUE"));
            }
            if let Some(value) = outer(line) {
                known.insert(line.to_owned(), value.clone());
                variables.push((line.to_owned(), value));
            }
            continue;
        };
        let name = name.trim();
        if name.is_empty() || name.contains(char::is_whitespace) || text.contains('\0') {
            return Err((number, "is not KEY=VALUE"));
        }
        let mut value = value.trim().to_owned();
        if let Some(quote) = value.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            let mut quoted = value.clone();
            let mut after = lines.clone();
            let rest = loop {
                if let Some(end) = end_of_quoted(&quoted, quote) {
                    break quoted[end + 1..].trim_start();
                }
                let (_, next) = after
                    .next()
                    .ok_or((number, "opens a quote that nothing closes"))?;
                quoted.extend(["\n", next]);
            };
            // A quote with text behind it is an apostrophe, and ends no value of several lines.
            if rest.is_empty() || rest.starts_with('#') {
                value = quoted;
                lines = after;
            }
        }
        let lookup = |name: &str| outer(name).or_else(|| known.get(name).cloned());
        let value = read(value.trim_end(), lookup);
        known.insert(name.to_owned(), value.clone());
        variables.push((name.to_owned(), value));
    }
    Ok(variables)
}

/// True for a name that shells can export.
fn is_plain_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(is_of_name)
}

/// The position of the quote that closes a value which begins with `quote`.
fn end_of_quoted(value: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    let mut characters = value.char_indices().skip(1);
    let end = characters.find(|(_, c)| {
        let is_end = *c == quote && !is_escaped;
        is_escaped = quote == '"' && *c == '\\' && !is_escaped;
        is_end
    });
    end.map(|(at, _)| at)
}

/// The value that is written as `text`.
fn read(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    for quote in ['\'', '"'] {
        let end = end_of_quoted(text, quote).filter(|_| text.starts_with(quote));
        let Some((inner, rest)) = end.map(|end| (&text[1..end], text[end + 1..].trim_start()))
        else {
            continue;
        };
        match quote {
            _ if !rest.is_empty() && !rest.starts_with('#') => return text.to_owned(),
            '\'' => return inner.to_owned(),
            _ => return expanded(inner, lookup),
        }
    }
    // The value is JSON, in which ` #` has no meaning.
    if text.starts_with(['{', '[']) {
        return text.to_owned();
    }
    let comment = text.find(" #").or_else(|| text.find("\t#"));
    let text = comment.map_or(text, |at| text[..at].trim_end());
    text.to_owned()
}

/// The text in double quotes with the values of its `$NAME` and `${NAME}`. A backslash takes its
/// meaning from the next character, as in C.
fn expanded(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '\\']) {
        out.push_str(&rest[..at]);
        let special = &rest[at..];
        let after = &special[1..];
        let next = after.chars().next();
        let taken = match (special.as_bytes()[0], next) {
            (b'\\', Some(c @ ('$' | '"' | '\\'))) => {
                out.push(c);
                2
            }
            (b'\\', Some('n')) => {
                out.push('\n');
                2
            }
            (b'$', Some('{')) if after.contains('}') => {
                let end = after.find('}').unwrap_or_default();
                out.push_str(&lookup(&after[1..end]).unwrap_or_default());
                end + 2
            }
            (b'$', Some(c)) if is_name(c) && !c.is_ascii_digit() => {
                let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
                out.push_str(&lookup(&after[..end]).unwrap_or_default());
                end + 1
            }
            (special, _) => {
                out.push(char::from(special));
                1
            }
        };
        rest = &special[taken..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(line: &str) -> String {
        let outer = |name: &str| (name == "HOME").then(|| "/root".to_owned());
        let variables = parse(&format!("BASE=b\nX={line}\n"), outer).unwrap();
        assert_eq!((variables.len(), variables[1].0.as_str()), (2, "X"));
        variables[1].1.clone()
    }

    #[test]
    fn a_value_is_the_rest_of_its_line() {
        for (line, expected) in [
            ("", ""),
            ("two words  and more ", "two words  and more"),
            (
                r#"{"a": "b # c", "$ref": 'd'}"#,
                r#"{"a": "b # c", "$ref": 'd'}"#,
            ),
            (r#"["a b", "c"]"#, r#"["a b", "c"]"#),
            ("x=y", "x=y"),
            ("it's", "it's"),
            (r"C:\new\dir", r"C:\new\dir"),
            (r#""a" "b""#, r#""a" "b""#),
            ("https://host/#part", "https://host/#part"),
            ("1 # one", "1"),
        ] {
            assert_eq!(value(line), expected, "{line}");
        }
    }

    #[test]
    fn quotes_and_variables_are_replaced() {
        for (line, expected) in [
            ("'two words # $HOME'", "two words # $HOME"),
            (r#""a \"b\" \\ $HOME" # c"#, r#"a "b" \ /root"#),
            (r#""a\nb""#, "a\nb"),
            ("\"a\nb\"", "a\nb"),
            (r#""$HOME/${BASE}/x""#, "/root/b/x"),
            (r#""100$ or $1 or ${""#, "100$ or $1 or ${"),
            (r#""$NONE.""#, "."),
            // Without quotes, a password is what it is.
            ("pa$HOME${BASE}$", "pa$HOME${BASE}$"),
            (r"\$HOME\n", r"\$HOME\n"),
        ] {
            assert_eq!(value(line), expected, "{line}");
        }
    }

    #[test]
    fn an_apostrophe_takes_no_other_lines() {
        let text = "A='tis the season\nPW=1\nB=it's fine\nC='two\nlines' # of one value\n";
        let variables = parse(text, |_| None).unwrap();
        let expected = [
            ("A", "'tis the season"),
            ("PW", "1"),
            ("B", "it's fine"),
            ("C", "two\nlines"),
        ];
        assert_eq!(
            variables,
            expected.map(|(k, v)| (k.to_owned(), v.to_owned()))
        );
    }

    #[test]
    fn a_name_alone_takes_the_value_of_the_environment() {
        let outer = |name: &str| (name != "NONE").then(|| format!("the {name}"));
        let text = "A=1\nHOME\r\nNONE\n  export A  \nB=\"$A\"\nNONE=2\n";
        let expected = [
            ("A", "1"),
            ("HOME", "the HOME"),
            ("A", "the A"),
            ("B", "the A"),
            ("NONE", "2"),
        ];
        assert_eq!(
            parse(text, outer).unwrap(),
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn a_wrong_line_is_told_by_its_number() {
        let number = |text: &str| parse(text, |_| None).unwrap_err().0;
        assert_eq!(number("A=1\n\n# x\nTOKEN secret\n"), 4);
        assert_eq!(number("A=1\nMIIEvQIBADAN+/Bk\n"), 2);
        assert_eq!(number("2ND\nA=1\n"), 1);
        assert_eq!(number("A=\"x\ny\"\n=x\n"), 3);
        assert_eq!(number("A=1\nB='x\nC=1\n"), 2);
        assert_eq!(
            parse("\u{feff}export A=1\r\n", |_| None).unwrap(),
            [("A".to_owned(), "1".to_owned())]
        );
    }
}
