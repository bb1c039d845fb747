//! Single values in tables of Cargo's configuration.

use std::borrow::Borrow;

/// The value at `path` in the first table that has one.
pub(crate) fn find<'a>(
    tables: &'a [impl Borrow<toml::Table>],
    path: &[&str],
) -> Option<&'a toml::Value> {
    tables.iter().find_map(|table| lookup(table.borrow(), path))
}

/// The value at `path`, each part but the last the name of a table.
pub(crate) fn lookup<'a>(table: &'a toml::Table, path: &[&str]) -> Option<&'a toml::Value> {
    let (last, tables) = path.split_last()?;
    tables
        .iter()
        .try_fold(table, |table, key| table.get(*key)?.as_table())?
        .get(*last)
}
