//! The result for programs.

mod check;
mod failures;
mod json;
