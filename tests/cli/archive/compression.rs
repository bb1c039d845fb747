//! How hard is compressed where nobody says: small for what ships, fast for what is tried out.

use crate::support::project::Project;

const FAST: [&str; 2] = ["--compression", "fast"];
const DEFAULT: [&str; 2] = ["--compression", "default"];

/// The size of the zip of something that levels differ on.
#[track_caller]
fn size(more: &str, args: &[&str]) -> usize {
    size_of(&project(more), args)
}

fn project(more: &str) -> Project {
    let numbers = (0..20_000_u32).map(|n| n.wrapping_mul(2_654_435_761) >> 20);
    let words: Vec<String> = numbers.map(|n| format!("{n:x}")).collect();
    let text = words.join(" ");
    Project::package("orders", &format!("{INCLUDE}{more}")).file("text", &text)
}

const INCLUDE: &str = "[package.metadata.lambda-zip]\ninclude = [\"text\"]\n";

#[track_caller]
fn size_of(project: &Project, args: &[&str]) -> usize {
    let args = [args, &["-o", "target/lambda-zip/orders.zip"]].concat();
    project.run(&args).exits(0);
    let zip = project.zip("orders.zip");
    zip.entry("text").compressed
}

#[test]
fn what_ships_is_small_and_what_is_tried_out_is_packed_fast() {
    let (small, fast) = (size("", &DEFAULT), size("", &FAST));
    assert!(small < fast, "{small} < {fast}");
    for profile in [&[][..], &["--release"], &["--profile", "bench"]] {
        assert_eq!(size("", profile), small, "{profile:?}");
    }
    for profile in ["dev", "test"] {
        assert_eq!(size("", &["--profile", profile]), fast, "{profile}");
    }
}

#[test]
fn a_profile_that_inherits_from_dev_is_packed_fast_wherever_it_is_defined() {
    let fast = size("", &FAST);
    let args = ["--profile", "mine"];
    let profiles = "[profile.mine]\ninherits = \"ours\"\n[profile.ours]\ninherits = \"dev\"\n";
    assert_eq!(size(profiles, &args), fast);

    let lambda = "[profile.lambda]\ninherits = \"dev\"\n";
    assert_eq!(size(lambda, &[]), fast);

    let configured = project("").file(".cargo/config.toml", "[profile.mine]\ninherits = \"dev\"\n");
    assert_eq!(size_of(&configured, &args), fast);

    let release = "[profile.mine]\ninherits = \"release\"\n";
    assert_eq!(size(release, &args), size("", &DEFAULT));
}

#[test]
fn a_level_that_somebody_set_holds_for_every_profile() {
    let small = size("", &DEFAULT);
    let dev = ["--profile", "dev"];
    assert_eq!(size("", &[&dev[..], &DEFAULT].concat()), small);
    assert_eq!(size("compression = \"default\"\n", &dev), small);
}
