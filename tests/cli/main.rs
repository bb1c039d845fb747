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

mod answers;
mod answers_stale;
mod archive;
mod atomicity;
mod bad_input;
mod budget;
mod build_command;
mod build_environment;
mod builders;
mod cargo_config;
mod changing;
mod check;
mod check_formats;
mod check_hostile;
mod check_project;
mod check_verdicts;
mod collisions;
mod compression;
mod config;
mod config_errors;
mod dry_run;
mod environment;
mod exit_codes;
mod features;
mod folder;
mod folder_memory;
mod folder_refused;
mod folder_together;
mod fresh;
mod fresh_workspace;
mod include;
mod include_entries;
mod include_errors;
mod include_left_out;
mod include_names;
mod inspect;
mod interrupt;
mod invocation;
mod json;
mod large;
mod layer;
mod layer_refused;
mod layer_tables;
mod layers;
mod leftovers;
mod limits;
mod linker;
mod lint_levels;
mod output_safety;
mod pack;
mod pack_refused;
mod pack_reproducible;
mod profile;
mod property;
mod readme;
mod report;
mod required_features;
mod selection;
mod stale;
mod suggestions;
mod targets;
