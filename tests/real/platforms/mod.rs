//! The tool on other systems than Linux.

mod apple;
mod installed;
mod wine;
