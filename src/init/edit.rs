//! Manifests with a new table: everything else in them stays as it is.

use similar::{ChangeTag, TextDiff};
use toml_edit::{DocumentMut, Item, Table};

use crate::config::Owner;

/// A character that some editors of Windows write at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a manifest with the table `metadata.lambda-zip` of its owner; `None` if it cannot be
/// read.
pub(super) fn with_table(text: &str, owner: Owner, table: Table) -> Option<String> {
    let body = text.strip_prefix(BYTE_ORDER_MARK);
    let mut document: DocumentMut = body.unwrap_or(text).parse().ok()?;
    let section = document.entry(owner.name()).or_insert_with(implicit);
    insert(section, "metadata", implicit())?;
    let metadata = section.get_mut("metadata")?;
    insert(metadata, "lambda-zip", Item::Table(table))?;
    let mut edited = with_line_endings_of(body.unwrap_or(text), &document.to_string());
    if body.is_some() {
        edited.insert(0, BYTE_ORDER_MARK);
    }
    Some(edited)
}

/// The edited text with the line endings of the text before: a line that was there keeps its own, and
/// a new one ends as the first line does. The library makes all of them equal.
fn with_line_endings_of(before: &str, edited: &str) -> String {
    let endings: Vec<&str> = before
        .split_inclusive('\n')
        .map(|line| if line.ends_with("\r\n") { "\r\n" } else { "\n" })
        .collect();
    let [before, edited] = [before, edited].map(|text| text.replace("\r\n", "\n"));
    let diff = TextDiff::from_lines(&before, &edited);
    let lines = diff.iter_all_changes();
    lines
        .filter(|line| line.tag() != ChangeTag::Delete)
        .map(|line| {
            let ending = endings.get(line.old_index().unwrap_or_default());
            line.value().replace('\n', ending.unwrap_or(&"\n"))
        })
        .collect()
}

/// A table without a header of its own.
fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// Puts `item` below `key` if nothing is there. A table in braces can only have tables in braces.
fn insert(parent: &mut Item, key: &str, item: Item) -> Option<()> {
    if let Some(inline) = parent.as_inline_table_mut() {
        if !inline.contains_key(key) {
            inline.insert(key, item.into_value().ok()?);
        }
    } else {
        let table = parent.as_table_mut()?;
        if !table.contains_key(key) {
            table.insert(key, item);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, owner: Owner) -> String {
        let mut table = Table::new();
        table["runtime"] = toml_edit::value("provided.al2023");
        with_table(text, owner, table).unwrap()
    }

    const HEADER: &str = "[package.metadata.lambda-zip]\nruntime = \"provided.al2023\"\n";

    #[test]
    fn comments_order_and_spaces_stay() {
        let before =
            "# about\n[package] # one\nname   = 'x'\n\n# two\n[dependencies]\nb = '1'\na = '1'";
        let after = edited(before, Owner::Package);
        assert_eq!(
            after.replace(&format!("\n{HEADER}"), ""),
            format!("{before}\n")
        );
        let last = "[package]\nname = 'x'\n";
        assert_eq!(edited(last, Owner::Package), format!("{last}\n{HEADER}"));
    }

    #[test]
    fn line_endings_and_the_byte_order_mark_stay() {
        let after = edited("\u{feff}[package]\r\nname = 'x'\r\n", Owner::Package);
        let expected = format!("\n{HEADER}").replace('\n', "\r\n");
        assert_eq!(
            after,
            format!("\u{feff}[package]\r\nname = 'x'\r\n{expected}")
        );
    }

    #[test]
    fn lines_with_different_endings_keep_them() {
        let before = "[package]\r\nname = 'x'\n\r\n[dependencies]\na = '1'\r\nb = '1'";
        let after = edited(before, Owner::Package);
        let added = format!("{HEADER}\n").replace('\n', "\r\n");
        assert_eq!(after.replace(&added, ""), format!("{before}\r\n"));
    }

    #[test]
    fn every_form_of_a_table_can_be_added_to() {
        for text in [
            "[package]\nname = 'x'\n[package.metadata]\na = 1\n",
            "[package]\nname = 'x'\nmetadata.a = 1\n",
            "[package]\nname = 'x'\nmetadata = { a = 1 }\n",
            "package = { name = 'x', metadata = { a = 1 } }\n",
            "package = { name = 'x' }\n",
            "package.name = 'x'\n",
            "[package]\nname = 'x'\n[package.metadata.a.b]\n[workspace]\n",
        ] {
            let before: toml::Table = toml::from_str(text).unwrap();
            let after = edited(text, Owner::Package);
            let mut after: toml::Table =
                toml::from_str(&after).unwrap_or_else(|error| panic!("{after}: {error}"));
            let metadata = after["package"]["metadata"].as_table_mut().unwrap();
            let ours = metadata.remove("lambda-zip").unwrap();
            assert_eq!(ours["runtime"].as_str(), Some("provided.al2023"));
            if metadata.is_empty() {
                after["package"].as_table_mut().unwrap().remove("metadata");
            }
            assert_eq!(after, before, "{text}");
        }
    }
}
