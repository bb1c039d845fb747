//! The tool on other systems than Linux.

mod wine;
