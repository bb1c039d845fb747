//! The verdict on a package.

mod budget;
mod layers;
mod levels;
mod template;
mod verdicts;
