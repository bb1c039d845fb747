//! The command line, promise by promise. Each test runs the real binary and the real Cargo on a
//! throw-away project; only the compiler is a stand-in. No network, no compiling.
//!
//! The stand-ins are shell scripts, so tests that start Cargo are for Unix. So are those that need
//! permissions, links, pipes, signals or a terminal.
#![cfg_attr(
    not(unix),
    allow(
        dead_code,
        unused_imports,
        reason = "helpers of tests that are for Unix"
    )
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

#[path = "../support/mod.rs"]
mod support;

mod archive;
#[cfg(unix)] // starts Cargo
mod cargo;
mod cli;
mod commands;
#[cfg(unix)] // starts Cargo
mod config;
mod docs;
#[cfg(target_os = "linux")] // `invoke` starts programs of Linux
mod emulate;
#[cfg(unix)] // starts Cargo
mod generated;
mod include;
#[cfg(unix)] // starts Cargo
mod inspect;
#[cfg(unix)] // starts Cargo
mod lambda;
mod lint;
#[cfg(unix)] // starts Cargo
mod package;
#[cfg(unix)] // starts Cargo
mod plan;
mod report;
#[cfg(unix)] // starts Cargo, on a terminal
mod shell;
mod size;
#[cfg(unix)] // the cases are lines of a shell
mod snapshots;
#[cfg(windows)]
mod windows;
