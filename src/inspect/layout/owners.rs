//! The owners of the bytes of a program.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// The kind of thing that bytes of a program come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    /// A crate, other than those of Rust's standard library.
    Crate,
    /// Rust's standard library: `std`, `core`, `alloc` and the crates of the toolchain below them.
    Std,
    /// Functions and data in other languages.
    Native,
    /// Bytes of a section that no symbol names.
    Section,
    /// Headers of the file, and the bytes between its sections.
    Other,
}

/// An owner of bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    pub(crate) origin: Origin,
    /// The name of the crate or the section.
    pub(crate) name: String,
    /// The function or static, by its path; `None` for a section.
    pub(crate) symbol: Option<String>,
}

/// A list of owners, each once.
#[derive(Default)]
pub(super) struct Owners {
    pub(super) list: Vec<Owner>,
    indexes: HashMap<Owner, usize>,
}

impl Owners {
    /// The index of an owner.
    pub(super) fn index(&mut self, owner: Owner) -> usize {
        if let Some(index) = self.indexes.get(&owner) {
            return *index;
        }
        let index = self.list.len();
        self.list.push(owner.clone());
        self.indexes.insert(owner, index);
        index
    }

    pub(super) fn section(&mut self, name: String) -> usize {
        self.index(Owner {
            origin: Origin::Section,
            name,
            symbol: None,
        })
    }

    pub(super) fn other(&mut self, name: &str) -> usize {
        self.index(Owner {
            origin: Origin::Other,
            name: name.to_owned(),
            symbol: None,
        })
    }
}
