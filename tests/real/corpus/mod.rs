//! A corpus of packages, each with one defect or one legal oddity; and the proof that
//! `check` says of every one what Lambda would.
//!
//! Each is unpacked by Info-ZIP's `unzip`, which does as Lambda does wherever it is
//! known what that is (permissions of Unix alone, links kept, later entries over
//! earlier ones), and started under AWS's emulator. Then
//!
//! - what does not start, `check` rejects: no defect is missed;
//! - what starts, and is unpacked alike by everyone, `check` accepts: no good package
//!   is refused;
//! - what starts, but not everybody unpacks alike, `check` does not pass in silence,
//!   unless a case says why;
//! - the lints it finds are those that the test expects, and no others.
//!
//! Whether Lambda takes a package in the first place is asked of LocalStack: of sizes,
//! numbers of layers and names of architectures.
//!
//! All verdicts are in the table `tests/verdicts.md`, which a test that finds them
//! changed does not pass. With `CORPUS=write` it rewrites its part of the table.

mod case;
mod emulated;
mod invoked;
mod judged;
mod limit;
mod programs;
mod readers;
mod table;
mod zip;
mod zip_crypto;

// The corpus.
mod behaviours;
mod broken;
mod elves;
mod format;
mod gcc;
mod hostile;
mod layers;
mod libraries;
mod limits;
mod links;
mod methods;
mod modes;
mod names;
mod peers;
mod scripts;
