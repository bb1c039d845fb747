//! The result for programs.

mod check;
mod json;
