//! What a terminal can show: its characters and its width.

use std::borrow::Cow;
use std::io;

use terminal_size::Width;

/// The width of the terminal of standard output in columns. The variable `COLUMNS` has a higher
/// precedence; without a terminal, the width is 80.
pub(crate) fn width() -> usize {
    const DEFAULT: usize = 80;
    let variable = std::env::var("COLUMNS").ok();
    let variable = variable.and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(io::stdout());
    let width = variable.or_else(|| terminal().map(|(Width(width), _)| width.into()));
    width.filter(|width| *width > 0).unwrap_or(DEFAULT)
}

/// True if the locale has UTF-8, so that bars, arrows and dots are shown as such.
///
/// Source: POSIX, "Internationalization Variables": the first of the variables that is set and not
/// empty decides. Where none is set, as in most containers, people see UTF-8.
pub(crate) fn has_utf8() -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let values = names
        .into_iter()
        .filter_map(|name| std::env::var(name).ok());
    is_utf8(values)
}

/// The message as the terminal can show it: without UTF-8, its arrows and dots are several characters.
pub(super) fn shown(message: &str) -> Cow<'_, str> {
    if message.is_ascii() || has_utf8() {
        return message.into();
    }
    message.replace('→', "->").replace('…', "...").into()
}

fn is_utf8(mut values: impl Iterator<Item = String>) -> bool {
    let locale = values.find(|value| !value.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        for (values, expected) in [
            (&[][..], true),
            (&["", "de_DE.UTF-8"], true),
            (&["C.utf8", "C"], true),
            (&["C", "en_US.UTF-8"], false),
            (&["en_US.ISO-8859-1"], false),
        ] {
            let values_of = values.iter().map(ToString::to_string);
            assert_eq!(is_utf8(values_of), expected, "{values:?}");
        }
    }
}
