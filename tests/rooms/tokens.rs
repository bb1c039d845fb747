//! The words and signs of Rust's source text, without comments and literals.

/// A word, `::` or one other sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) line: usize,
    pub(crate) text: &'a str,
}

pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, is_token) = match first {
            _ if first.is_whitespace() => (first.len_utf8(), false),
            _ if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), false),
            _ if rest.starts_with("/*") => (block_comment(rest), false),
            _ if raw_string(rest).is_some() => (raw_string(rest).unwrap_or_default(), false),
            '"' => (quoted(rest, '"'), false),
            '\'' if is_character(rest) => (quoted(rest, '\''), false),
            _ if is_of_word(first) => (rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()), true),
            _ if rest.starts_with("::") => (2, true),
            _ => (first.len_utf8(), true),
        };
        let (token, after) = rest.split_at(length);
        if is_token {
            let line = text[..text.len() - rest.len()].matches('\n').count() + 1;
            tokens.push(Token { line, text: token });
        }
        rest = after;
    }
    tokens
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a comment, in which others may stand.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of `r"…"`, `br#"…"#` and the like, if it is one.
fn raw_string(text: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        let rest = text.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.trim_start_matches('#').starts_with('"'))
    })?;
    let hashes = text[prefix.len()..].find('"')?;
    let body = prefix.len() + hashes + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = text[body..].find(&end);
    Some(length.map_or(text.len(), |length| body + length + end.len()))
}

/// The length of a literal in quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// A character in quotes, and not a lifetime.
fn is_character(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    chars.next() == Some('\\') || chars.next() == Some('\'')
}
