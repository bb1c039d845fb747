//! Manifests, and errors that point into them.

use std::io;
use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::layer_name::LayerName;
use super::wording;
use crate::cargo;
use crate::error::{Error, ManifestError, Result};
use crate::paths::is_endless;
use crate::text::printable;

/// A manifest and its text.
pub(crate) struct ManifestFile {
    pub(super) path: Utf8PathBuf,
    pub(super) text: String,
}

/// The section of a manifest that has a table for this tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Workspace,
    Package,
}

impl Owner {
    /// The name of the section.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Package => "package",
        }
    }
}

impl ManifestFile {
    /// A manifest that is not written yet.
    pub(crate) fn of(path: Utf8PathBuf, text: String) -> Self {
        Self { path, text }
    }

    /// Its contents.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn read(path: &Utf8Path) -> Result<Self> {
        let endless = || io::Error::other("it is a named pipe or a device, which may never end");
        let text = if is_endless(path) {
            Err(endless())
        } else {
            fs::read_to_string(path)
        };
        let text = text.map_err(Error::io_at(path, "could not read a manifest"))?;
        Ok(Self {
            path: path.to_owned(),
            text,
        })
    }

    /// The profiles the manifest defines: name → keys.
    pub(crate) fn profiles(&self) -> toml::Table {
        #[derive(Deserialize)]
        struct Profiles {
            #[serde(default)]
            profile: toml::Table,
        }
        // Cargo has read this file already and has accepted it.
        toml::from_str(&self.text).map_or_else(|_| toml::Table::new(), |p: Profiles| p.profile)
    }

    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'_>>> {
        DeTable::parse(&self.text).map_err(|error| self.toml_error(&error))
    }

    pub(super) fn own_table<'t>(&self, value: &Spanned<DeValue<'t>>) -> Result<DeTable<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Ok(table.clone());
        }
        let message = "`lambda-zip` must be a table".to_owned();
        Err(self.error(value.span(), message, "not a table").into())
    }

    pub(super) fn toml_error(&self, error: &toml::de::Error) -> Error {
        let span = error.span().unwrap_or_default();
        let label = if wording::is_mismatch(error.message()) {
            "of the wrong type"
        } else {
            ""
        };
        let message = wording::plain(error.message());
        self.error(span, message, label).into()
    }

    /// Refuses a table of the owner's metadata whose name is almost that of this tool's: it would
    /// have no effect.
    pub(super) fn check_name(&self, document: &DeTable<'_>, owner: Owner) -> Result<()> {
        let metadata = document.get(owner.name()).and_then(|owner| {
            owner
                .get_ref()
                .as_table()?
                .get("metadata")?
                .get_ref()
                .as_table()
        });
        let mut keys = metadata.into_iter().flat_map(DeTable::keys);
        let Some(key) = keys.find(|key| cargo::resembles_table(key.get_ref())) else {
            return Ok(());
        };
        let message = format!(
            "`{}` is not a table of this tool; write `[{}.metadata.lambda-zip]`",
            printable(key.get_ref()),
            owner.name()
        );
        Err(self
            .error(key.span(), message, "not the name of the table")
            .into())
    }

    /// The error about a layer called `name`, with a caret at the first `layers` that has it in a
    /// table of this tool; `None` if there is none.
    pub(crate) fn layer_error(&self, name: &LayerName, message: &str) -> Option<Error> {
        let document = self.parse().ok()?;
        let tables = [Owner::Workspace, Owner::Package].into_iter();
        let mut tables = tables.filter_map(|owner| find(document.get_ref(), owner));
        let span = tables.find_map(|table| layer_called(name.as_str(), table, false))?;
        let label = "no layer or extension of this workspace";
        Some(self.error(span, message.to_owned(), label).into())
    }

    pub(super) fn error(&self, span: Range<usize>, message: String, label: &str) -> ManifestError {
        ManifestError {
            path: self.path.clone(),
            text: self.text.clone(),
            span,
            message,
            label: label.to_owned(),
        }
    }
}

/// The place of a text in the values of the keys `layers`; `is_layers` is true in such a value.
fn layer_called(name: &str, value: &Spanned<DeValue<'_>>, is_layers: bool) -> Option<Range<usize>> {
    match value.get_ref() {
        DeValue::String(text) if is_layers && text == name => Some(value.span()),
        DeValue::Array(list) => list.iter().find_map(|v| layer_called(name, v, is_layers)),
        DeValue::Table(table) => table
            .iter()
            .find_map(|(key, value)| layer_called(name, value, key.get_ref() == "layers")),
        _ => None,
    }
}

/// The owner's `metadata.lambda-zip`, or the value that is there instead of a table on the way to it.
pub(super) fn find<'d, 't>(
    document: &'d DeTable<'t>,
    owner: Owner,
) -> Option<&'d Spanned<DeValue<'t>>> {
    let mut found = document.get(owner.name())?;
    for key in ["metadata", "lambda-zip"] {
        let Some(table) = found.get_ref().as_table() else {
            break;
        };
        found = table.get(key)?;
    }
    Some(found)
}
