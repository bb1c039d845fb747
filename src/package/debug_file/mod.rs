//! Debug files: the programs with all of their debug information, beside the zips whose programs
//! are stripped.

mod companion;
mod strip;

pub(super) use companion::{DebugFile, separate};
