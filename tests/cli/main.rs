//! The command line, promise by promise. Each test runs the real binary and the real Cargo on a
//! throw-away project; only the compiler is a stand-in. No network, no compiling.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

#[path = "../support/mod.rs"]
mod support;

mod archive;
mod cargo;
mod cli;
mod commands;
mod config;
mod docs;
#[cfg(target_os = "linux")] // `invoke` starts programs of Linux
mod emulate;
mod generated;
mod include;
mod inspect;
mod lambda;
mod lint;
mod package;
mod plan;

mod report;
mod shell;
mod size;
mod snapshots;
