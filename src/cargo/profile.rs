//! The `lambda` profile: `release`, made smaller; it overrides no setting of the user.

use super::config::CargoConfig;
use super::options::LAMBDA_PROFILE;
use crate::error::{Error, Result};
use crate::text;

/// The settings that the profile adds to `release`: smaller zips start faster. `panic` is not one of
/// them, because it changes the behaviour of a program.
const SETTINGS: [(&str, &str); 3] = [
    ("lto", "\"thin\""),
    ("codegen-units", "1"),
    ("strip", "\"symbols\""),
];

/// Cargo's own profiles.
const BUILT_IN: [&str; 4] = ["dev", "release", "test", "bench"];

/// The `--config` values that define the profile `lambda`, without the keys that the user has set
/// for it or for `release`. Empty if the user has defined the profile, or wants another.
///
/// `manifest` is the `[profile]` table of the workspace.
pub(crate) fn injection(wanted: &str, manifest: &toml::Table, config: &CargoConfig) -> Vec<String> {
    let in_manifest = |name: &str| manifest.get(name).and_then(toml::Value::as_table);
    // In configuration and environment, only `inherits` defines the profile; other keys are single
    // settings of the profile that is defined here.
    if wanted != LAMBDA_PROFILE
        || in_manifest(LAMBDA_PROFILE).is_some()
        || config.sets_profile_key(LAMBDA_PROFILE, "inherits")
    {
        return Vec::new();
    }
    let is_silent = |key: &str| {
        in_manifest("release").is_none_or(|release| !release.contains_key(key))
            && !config.sets_profile_key("release", key)
            && !config.sets_profile_key(LAMBDA_PROFILE, key)
    };
    // Who wants debug information, or says where it goes, does not want it stripped.
    let wants_debug = wants_debug(in_manifest("release"), config);
    let is_silent = |key: &str| is_silent(key) && !(key == "strip" && wants_debug);
    let inherits = ("inherits", "\"release\"");
    std::iter::once(&inherits)
        .chain(&SETTINGS)
        .filter(|(key, _)| is_silent(key))
        .map(|(key, value)| format!("profile.{LAMBDA_PROFILE}.{key}={value}"))
        .collect()
}

/// True if the profile `release`, or a single setting of `lambda`, turns debug information on, for
/// the program or for a package in it. `manifest` is the table of `release` in the manifest.
fn wants_debug(manifest: Option<&toml::Table>, config: &CargoConfig) -> bool {
    let configured = [LAMBDA_PROFILE, "release"].map(|name| config.profile_table(name));
    let tables = configured.iter().chain(manifest);
    // The first table that has the key decides.
    let value = |key: &str| tables.clone().find_map(|table| table.get(key));
    let packages = tables
        .clone()
        .filter_map(|table| table.get("package")?.as_table());
    let mut packages = packages.flat_map(toml::Table::values);
    value("debug").is_some_and(is_on)
        || value("split-debuginfo").is_some_and(|value| value.as_str() != Some("off"))
        || packages.any(|package| package.get("debug").is_some_and(is_on))
}

/// The `--config` values with which the profile `name` keeps debug information in the program, and a
/// warning if the user has turned it off. Where the user's profile is silent, it is enough for
/// functions and lines.
///
/// `manifest` is the `[profile]` table of the workspace.
pub(crate) fn keeping_debug_information(
    name: &str,
    manifest: &toml::Table,
    config: &CargoConfig,
) -> (Vec<String>, Option<String>) {
    let mut names = config.profile_and_inherited(name, manifest);
    // Of these, nothing in a manifest or in the configuration says what they inherit from.
    let built_in = names.last().and_then(|last| match last.as_str() {
        LAMBDA_PROFILE | "bench" => Some("release"),
        "test" => Some("dev"),
        _ => None,
    });
    names.extend(built_in.map(str::to_owned));
    let debug = names.iter().find_map(|name| {
        let configured = config.profile_table(name).remove("debug");
        configured.or_else(|| manifest.get(name)?.get("debug").cloned())
    });
    let mut settings = vec![("strip", "none"), ("split-debuginfo", "off")];
    if debug.is_none() && !names.iter().any(|name| name == "dev") {
        settings.push(("debug", "line-tables-only"));
    }
    let warning = debug.filter(|debug| !is_on(debug)).map(|debug| {
        format!(
            "the profile `{name}` has `debug = {debug}`: the file of `debug-file` has the names of \
             functions, and no lines; remove `debug`, or set it to \"line-tables-only\""
        )
    });
    let settings = settings.into_iter();
    let settings = settings.map(|(key, value)| format!("profile.{name}.{key}=\"{value}\""));
    (settings.collect(), warning)
}

/// True if a value of `debug` means some debug information.
fn is_on(debug: &toml::Value) -> bool {
    match debug {
        toml::Value::Boolean(on) => *on,
        toml::Value::Integer(level) => *level > 0,
        // In the environment all values are text.
        toml::Value::String(text) => !["none", "false", "0"].contains(&text.as_str()),
        _ => false,
    }
}

/// True if a profile is `dev`, or inherits from it: its programs are for trying out.
pub(crate) fn is_dev(name: &str, manifest: &toml::Table, config: &CargoConfig) -> bool {
    let names = config.profile_and_inherited(name, manifest);
    names.iter().any(|name| name == "dev" || name == "test")
}

/// Refuses a profile that is not defined.
pub(crate) fn check(name: &str, manifest: &toml::Table, config: &CargoConfig) -> Result<()> {
    let built_in = BUILT_IN.iter().copied().chain([LAMBDA_PROFILE]);
    let known: Vec<&str> = manifest
        .keys()
        .map(String::as_str)
        .chain(built_in)
        .collect();
    if known.contains(&name) || config.has_profile(name) {
        return Ok(());
    }
    Err(Error::usage(text::unknown("profile", name, known), None))
}
