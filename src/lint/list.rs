//! Names in messages: few of many, and none that could do harm to a terminal.

/// How many are named.
const NAMED: usize = 3;
/// The most characters that are shown of a name.
const LONGEST: usize = 100;

/// A name from a zip, in backticks: what cannot be printed is escaped, and a very long one cut.
pub(super) fn shown(name: &str) -> String {
    let mut text: String = name
        .chars()
        .take(LONGEST)
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let plain = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect();
    if name.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    format!("`{text}`")
}

/// The first few, and how many more there are; none of none. No more than these are kept: there may
/// be hundreds of thousands.
pub(super) fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Option<String> {
    let mut names = names.into_iter();
    let first = names.by_ref().take(NAMED);
    let mut first: Vec<String> = first.map(|name| name.as_ref().to_owned()).collect();
    match names.count() {
        0 => {}
        more => first.push(format!("{more} more")),
    }
    (!first.is_empty()).then(|| first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_few() {
        assert_eq!(shown("a\u{1b}[2J\n"), "`a\\u{1b}[2J\\n`");
        assert_eq!(shown(&"x".repeat(65_536)).chars().count(), 103);
        assert_eq!(
            list(["a", "b", "c", "d", "e"]).as_deref(),
            Some("a, b, c, 2 more")
        );
        assert_eq!(list::<&str>([]), None);
    }
}
