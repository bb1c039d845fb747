//! Random workspaces, selections and edits, against Cargo's own answers and against runs that
//! remember nothing.
//!
//! A seed decides everything, and the message of a failure names it. To run one seed only, here 17:
//!
//! ```sh
//! GENERATED_SEED=17 cargo test --test cli generated
//! ```
//!
//! A range such as `GENERATED_SEED=100..200` looks for more than the suite has time for.

mod edits;
mod laid;
mod package;
mod program;
mod random;
mod selection;
mod selections;
mod sequence;
mod workspace;

use std::env;
use std::ops::Range;

/// The seeds to try: `usual`, unless the environment names others.
fn seeds(usual: Range<u32>) -> Range<u32> {
    let Ok(text) = env::var("GENERATED_SEED") else {
        return usual;
    };
    if let Some((start, end)) = text.split_once("..") {
        return start.parse().unwrap()..end.parse().unwrap();
    }
    let seed = text.parse().unwrap();
    seed..seed + 1
}

#[test]
fn what_is_packaged_is_what_cargo_builds() {
    let compared: usize = seeds(0..14).map(|seed| selections::compare(seed, 6)).sum();
    assert!(compared > 0);
}

#[test]
fn a_run_gives_what_it_would_give_without_anything_remembered() {
    let compared: usize = seeds(0..4).map(|seed| sequence::compare(seed, 8)).sum();
    assert!(compared > 0);
}
