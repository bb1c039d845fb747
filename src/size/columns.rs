//! The columns of a table for a terminal of any width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::bytes::Size;
use crate::text::seen;

/// The terminal that a table is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// The width in columns.
    pub(crate) width: usize,
    /// True if the terminal shows more than ASCII.
    pub(crate) has_utf8: bool,
}

impl Look {
    /// A text for a terminal without UTF-8 is another one.
    pub(super) fn either(self, utf8: &'static str, ascii: &'static str) -> &'static str {
        if self.has_utf8 { utf8 } else { ascii }
    }

    /// The number of columns of a bar.
    fn bar(self) -> usize {
        match self.width {
            ..60 => 6,
            60..100 => 12,
            _ => 24,
        }
    }

    /// True if there is room for the unpacked sizes.
    fn has_unzipped(self) -> bool {
        self.width >= 60
    }

    /// The heads of the columns.
    pub(super) fn heads(self) -> String {
        self.sizes("zipped", "unzipped") + &format!(" {:>6}", "share")
    }

    /// The columns of sizes.
    fn sizes(self, zipped: &str, unzipped: &str) -> String {
        if self.has_unzipped() {
            format!("{zipped:>10} {unzipped:>10}")
        } else {
            format!("{zipped:>10}")
        }
    }

    /// A line of the table: the sizes in bytes, the share of `whole`, a bar and a name.
    pub(super) fn line(self, row: &Row<'_>, whole: u64) -> String {
        let about = if row.is_estimate {
            self.either("≈", "~")
        } else {
            ""
        };
        let zipped = format!("{about}{}", Size(row.zipped));
        let unzipped = row.unzipped.map(|bytes| Size(bytes).to_string());
        let sizes = self.sizes(&zipped, &unzipped.unwrap_or_default());
        let bar = if row.has_bar {
            self.bar_of(row.zipped, whole) + " "
        } else {
            String::new()
        };
        let share = share(row.zipped, whole);
        let line = format!("{sizes} {share:>6} {bar}{}", "  ".repeat(row.depth));
        self.with_name(line, row.name)
    }

    /// A line of changes: signed sizes in bytes, and a name.
    pub(super) fn change(self, zipped: i128, unzipped: i128, name: &str) -> String {
        let line = self.sizes(&signed(zipped), &signed(unzipped)) + "  ";
        self.with_name(line, name)
    }

    /// A line with a name in the columns that are left.
    fn with_name(self, line: String, name: &str) -> String {
        let name = self.cut(name, self.width.saturating_sub(line.width()));
        line + &name
    }

    /// A bar whose length is the share of `bytes` in `whole`.
    fn bar_of(self, bytes: u64, whole: u64) -> String {
        const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
        let columns = self.bar();
        let steps = if self.has_utf8 { 8 } else { 1 };
        let most = columns as u128 * steps;
        let filled = (u128::from(bytes) * most)
            .div_ceil(u128::from(whole.max(1)))
            .min(most);
        let full = usize::try_from(filled / steps).unwrap_or(columns);
        let mut bar = self.either("█", "#").repeat(full);
        let rest = usize::try_from(filled % steps).unwrap_or_default();
        bar.extend(rest.checked_sub(1).map(|rest| EIGHTHS[rest]));
        let used = bar.width();
        bar + &" ".repeat(columns - used)
    }

    /// A name in no more than `columns` columns. Invisible characters are escaped.
    pub(super) fn cut(self, name: &str, columns: usize) -> String {
        let name = seen(name);
        if name.width() <= columns {
            return name;
        }
        let dots = self.either("…", "...");
        let mut left = columns.saturating_sub(dots.width());
        let fits = |c: &char| match left.checked_sub(c.width().unwrap_or_default()) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        };
        let kept: String = name.chars().take_while(fits).collect();
        kept + dots
    }
}

/// A row of the table.
pub(super) struct Row<'a> {
    /// The number of rows that it is part of.
    pub(super) depth: usize,
    /// False where names are long.
    pub(super) has_bar: bool,
    pub(super) name: &'a str,
    /// In bytes.
    pub(super) zipped: u64,
    /// True if `zipped` is estimated.
    pub(super) is_estimate: bool,
    /// In bytes; `None` if there is none.
    pub(super) unzipped: Option<u64>,
}

/// A share in percent: with one decimal below ten.
fn share(bytes: u64, whole: u64) -> String {
    let permille = u128::from(bytes) * 1000 / u128::from(whole.max(1));
    match permille {
        0..100 => format!("{}.{} %", permille / 10, permille % 10),
        _ => format!("{} %", permille / 10),
    }
}

/// A size with its sign.
fn signed(bytes: i128) -> String {
    let size = Size(u64::try_from(bytes.unsigned_abs()).unwrap_or(u64::MAX));
    match bytes {
        0 => size.to_string(),
        ..0 => format!("-{size}"),
        _ => format!("+{size}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row<'_> = Row {
        depth: 1,
        has_bar: true,
        name: "core::fmt::num::imp::<impl core::fmt::Display for u64>::fmt",
        zipped: 300 << 10,
        is_estimate: true,
        unzipped: Some(1 << 20),
    };

    #[test]
    fn lines_fit_terminals_of_any_width() {
        for has_utf8 in [true, false] {
            for width in [40, 59, 60, 80, 100, 160] {
                let look = Look { width, has_utf8 };
                let line = look.line(&ROW, 1 << 20);
                assert!(line.width() <= width, "{width}: {line}");
                assert_eq!(line.is_ascii(), !has_utf8, "{line}");
                assert_eq!(line.contains("1.0 MiB"), width >= 60, "{line}");
                assert!(line.contains("29 %") && line.contains("core::"), "{line}");
                assert!(look.heads().len() < 40);
                let change = look.change(-5000, 2 << 20, ROW.name);
                assert!(
                    change.width() <= width && change.contains("-5 KiB"),
                    "{change}"
                );
            }
        }
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        let utf8 = Look {
            width: 80,
            has_utf8: true,
        };
        let ascii = Look {
            has_utf8: false,
            ..utf8
        };
        assert_eq!(utf8.bar_of(1, 2), format!("{}      ", "█".repeat(6)));
        assert_eq!(utf8.bar_of(1, 1_000_000), format!("▏{}", " ".repeat(11)));
        assert_eq!(ascii.bar_of(1, 2), "######      ");
        assert_eq!(utf8.bar_of(0, 0), " ".repeat(12));
        assert_eq!(
            utf8.bar_of(9, 1),
            "█".repeat(12),
            "an estimate is no more than the whole"
        );
    }

    #[test]
    fn names_are_cut_by_columns_and_escaped() {
        let look = Look {
            width: 80,
            has_utf8: true,
        };
        assert_eq!(look.cut("abcdef", 6), "abcdef");
        assert_eq!(look.cut("abcdefg", 6), "abcde…");
        assert_eq!(look.cut("表表表表", 6), "表表…");
        assert_eq!(look.cut("a\u{1b}[2J", 20), "a\\u{1b}[2J");
        assert_eq!(look.cut("a\u{202e}gpj", 20), "a\\u{202e}gpj");
        assert_eq!(
            Look {
                has_utf8: false,
                ..look
            }
            .cut("abcdefg", 6),
            "abc..."
        );
    }
}
