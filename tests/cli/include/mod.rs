//! Files beside the program.

mod entries;
mod errors;
mod exclude;
mod files;
mod names;
mod particular;
mod property;
mod spelling;
