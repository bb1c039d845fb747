//! The result for programs.

mod check;
mod failures;
mod file;
mod json;
mod merge;
mod paths;
