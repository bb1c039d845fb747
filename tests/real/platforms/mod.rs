//! The tool on other systems than Linux.

mod installed;
mod wine;
