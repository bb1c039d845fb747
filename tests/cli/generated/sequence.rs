//! Edits one after the other, each followed by a run that remembers the runs before.

use std::collections::BTreeMap;

use fs_err as fs;

use super::edits::edit;
use super::laid::{Laid, archives};
use super::random::Random;
use super::workspace::{Names, Workspace};
use crate::support::run::Outcome;

/// By their paths in the workspace, the bytes of the zips that a run reports.
type Zips = BTreeMap<String, Vec<u8>>;

const OPTIONS: [&[&str]; 6] = [
    &["--workspace"],
    &["--workspace", "--arch", "arm64,x86_64"],
    &["--workspace", "--bins", "--examples"],
    &["--workspace", "--all-features"],
    &["--profile", "dev"],
    &[],
];

/// Compares the runs after `count` edits of the workspace of `seed`. Returns the number of zips.
pub(super) fn compare(seed: u32, count: usize) -> usize {
    let mut random = Random::new(seed);
    let mut workspace = Workspace::random(&mut random, Names::Unique);
    let mut laid = Laid::new(&workspace);
    let mut options = random.pick(&OPTIONS);
    let (mut edits, mut compared) = (vec!["nothing yet"], 0);
    for number in 0..=count {
        if number > 0 {
            edits.push(edit(&mut workspace, &mut random));
            laid.update(&workspace);
        }
        if random.one_in(4) {
            options = random.pick(&OPTIONS);
        }
        let forgetful = format!("../forgetful-{number}");
        laid.copy_to(&forgetful);

        let outcome = run(&laid, "", options);
        let promise = |kept: bool, what: &str| {
            let files = laid.description();
            assert!(
                kept,
                "seed {seed}, edit {number}: {what}\nedits: {edits:?}\n{outcome}\n{files}"
            );
        };
        let again = run(&laid, "", options);
        let alone = run(&laid, &forgetful, options);
        promise(
            outcome.code == again.code,
            &format!("the same again: {again}"),
        );
        promise(
            outcome.code == alone.code,
            &format!("without memory: {alone}"),
        );
        if outcome.code == Some(0) {
            let zips = zips(&laid, "", &outcome);
            let others = self::zips(&laid, &forgetful, &alone);
            promise(
                zips.keys().eq(others.keys()),
                &format!("other zips without memory: {alone}"),
            );
            for (path, bytes) in &zips {
                promise(
                    others[path] == *bytes,
                    &format!("{path} differs from {alone}"),
                );
            }
            let is_fresh = archives(&again)
                .values()
                .all(|archive| archive["fresh"] == true);
            promise(is_fresh, &format!("not fresh: {again}"));
            promise(
                zips == self::zips(&laid, "", &again),
                &format!("other zips when run again: {again}"),
            );
            compared += zips.len();
        }
        fs::remove_dir_all(laid.project.path(&forgetful)).unwrap();
    }
    compared
}

fn run(laid: &Laid, folder: &str, options: &[&str]) -> Outcome {
    let args = [options, &["--message-format", "json"]].concat();
    laid.project.command(&args).from(folder).run()
}

fn zips(laid: &Laid, folder: &str, outcome: &Outcome) -> Zips {
    // The tool reports paths without links and `..`.
    let folder = laid.project.path(folder).canonicalize().unwrap();
    let paths = archives(outcome).into_keys().map(|path| {
        let inner = std::path::Path::new(&path).canonicalize().unwrap();
        let inner = inner.strip_prefix(&folder).unwrap().to_str().unwrap();
        (inner.to_owned(), fs::read(&path).unwrap())
    });
    paths.collect()
}
