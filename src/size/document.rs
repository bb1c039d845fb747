//! The document of `size`.

use std::io::{self, Write};

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

use super::growth::Growth;
use crate::inspect::Origin;
use crate::report::{Failure, write_json};

/// The JSON document of `size`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Document {
    /// The version of this format, in which keys are only added.
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    /// The sizes of the zips, in the order of the arguments.
    pub(crate) sizes: Vec<ZipSize>,
    /// The errors of the run: zips that could not be read or compared.
    #[serde(rename = "errors", skip_serializing_if = "Vec::is_empty")]
    pub(crate) failures: Vec<Failure>,
}

impl Document {
    /// A document without a zip.
    pub(crate) fn new() -> Self {
        Self {
            version: 1,
            sizes: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Writes the document to `out`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn write(&self, out: impl Write) -> io::Result<()> {
        write_json(self, out)
    }
}

/// The size of a zip. The compressed sizes of its entries and `overhead_bytes` are together its
/// size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ZipSize {
    /// The absolute path of the zip, or `-` for standard input.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) path: Utf8PathBuf,
    /// The size of the zip in bytes.
    pub(crate) zipped_bytes: u64,
    /// The size of its entries in bytes.
    pub(crate) unzipped_bytes: u64,
    /// The size of the headers and the directory of the zip in bytes.
    pub(crate) overhead_bytes: u64,
    /// The entries, in the order of the zip.
    pub(crate) entries: Vec<EntrySize>,
    /// The growth since an earlier zip; `None` without `--against`, and for a zip that is new.
    pub(crate) growth: Option<Growth>,
}

/// The size of an entry. The sizes of the parts of a program are together its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct EntrySize {
    /// The path inside the zip.
    pub(crate) path: String,
    /// The unpacked size in bytes.
    pub(crate) bytes: u64,
    /// The size in the zip in bytes, without headers.
    pub(crate) compressed_bytes: u64,
    /// The reason why Lambda cannot unpack the entry, such as "encrypted": its size is as declared.
    /// `None` for an entry that was read and verified.
    #[serde(default)]
    pub(crate) unread: Option<String>,
    /// The symbols that tell crates apart; `None` if the entry is no program.
    #[serde(default)]
    pub(crate) symbols: Option<Symbols>,
    /// The path of the debug file that has the symbols; `None` if no debug file was read.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(crate) debug_file: Option<Utf8PathBuf>,
    /// The parts of a program, the largest first; empty for other entries.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
}

/// The place of the symbols of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Symbols {
    /// They were stripped, and no debug file was found: the parts are sections.
    None,
    /// In the program itself.
    Program,
    /// In its debug file.
    DebugFile,
}

/// A part of a program: a crate or a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Part {
    /// The kind of part.
    pub(crate) kind: Origin,
    /// The name of the crate or the section.
    pub(crate) name: String,
    /// The size in the program in bytes.
    pub(crate) bytes: u64,
    /// The estimated share of the compressed program in bytes: what the deflated stream takes while
    /// the part is unpacked.
    pub(crate) compressed_bytes: u64,
    /// The functions and statics of a crate, the largest first. Those that differ only in types or
    /// hashes that their names do not tell are one.
    #[serde(default)]
    pub(crate) functions: Vec<Function>,
}

/// A function or static.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Function {
    /// The path, without hashes.
    pub(crate) name: String,
    /// The size in the program in bytes.
    pub(crate) bytes: u64,
    /// The estimated share of the compressed program in bytes.
    pub(crate) compressed_bytes: u64,
}
