//! The user's Cargo: what it says, is told and is asked.

mod bad_input;
mod builders;
mod cache;
mod cache_stale;
mod config;
mod interrupt;
mod profile;
mod select;
mod sharing;
