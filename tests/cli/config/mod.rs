//! Settings: their sources, their precedence and their errors.

mod environment;
mod errors;
mod precedence;
