//! Tests with real parts: packages that the tool makes of real Lambda code, run
//! under AWS's own emulator.
//!
//! All are ignored by default, as they need what `tests/run` installs. Where a
//! part is missing they fail and name it; none passes by skipping. The parts are programs for Unix.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on stops there, with what it met"
)]

// What the tests stand on.
mod architecture;
mod emulator;
mod failure;
mod http;
mod localstack;
mod machine;
mod native;
mod packing;
mod parts;
#[path = "../support/report.rs"]
mod report;
mod sandbox;
mod shop;
mod unpack;

// The tests.
mod answers;
mod builders;
mod contents;
mod corpus;
mod cross;
mod debug_file;
mod deploy;
mod deployed;
mod distribution;
mod glibc;
mod linker;
mod memory;
mod platforms;
mod readers;
mod ready;
mod reproducible;
mod sccache;
mod shells;
mod size;
mod system_libraries;
mod verdicts;
mod zig;
mod zips;
