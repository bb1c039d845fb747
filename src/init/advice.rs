//! Keys of cargo-lambda without a counterpart in a table, and what to do instead.
//!
//! Source: `Build`, `Deploy` and `RemoteConfig` of cargo-lambda 1.9, and `Build` of `cargo-options` 0.8.

const TEMPLATE: &str = "it belongs to the deployment: set it in the template that `cargo lambda-zip \
                        template KIND` prints";
const CLIENT: &str = "it is for the upload: give it to the client that deploys the zip";
const FLAG: &str = "give it on the command line, or in an alias in `.cargo/config.toml`";
pub(super) const LAYER: &str = "make a layer: `cargo lambda-zip layer LAYER --bin NAME`";
const COMPILER: &str = "leave it out: this tool has arguments of its own for each builder";
pub(super) const UNKNOWN: &str = "cargo-lambda has no key of this name";

/// The advice for whole sections.
pub(super) const WATCH: &str = "go on with `cargo lambda watch`, which reads it; or start a package \
                                with `cargo lambda-zip invoke`";
pub(super) const ENV: &str = "they are variables of the function: set them in the template that \
                              `cargo lambda-zip template KIND` prints, and for a try with `cargo \
                              lambda-zip invoke --env KEY=VALUE`";
pub(super) const CONTEXT: &str = "there are no contexts here: environment variables and flags differ \
                                  between environments";

/// The keys that are not carried over, with `_` and with spaces between them, and the advice for them.
const BUILD: &[(&str, &str)] = &[
    ("output_format", "leave it out: a zip is always written"),
    (
        "release",
        "leave it out: the default profile is an optimised one",
    ),
    (
        "disable_optimizations",
        "run `cargo lambda-zip --profile release`",
    ),
    ("profile", "run `cargo lambda-zip --profile NAME`"),
    (
        "skip_target_check",
        "set `CARGO_LAMBDA_ZIP_NO_INSTALL=true`, or run `cargo lambda-zip --no-install`",
    ),
    ("flatten", "run `cargo lambda-zip --bin NAME --folder DIR`"),
    ("internal", LAYER),
    ("env env_var", "run `cargo lambda-zip --env KEY=VALUE`"),
    ("env_file", "run `cargo lambda-zip --env-file FILE`"),
    (
        "target_dir",
        "set `build.target-dir` in `.cargo/config.toml`",
    ),
    ("compiler.subcommand compiler.extra_args", COMPILER),
    ("packages", "run `cargo lambda-zip -p NAME`"),
    ("unstable_flags", "run `cargo lambda-zip -Z FLAG`"),
    ("all", "run `cargo lambda-zip --workspace`"),
    (
        "all_features bin bins color config example examples exclude features frozen \
         ignore_rust_version jobs keep_going locked manifest_path message_format \
         no_default_features offline quiet timings verbose workspace",
        FLAG,
    ),
    (
        "lib test tests bench benches all_targets",
        "leave it out: only binaries and examples are packaged",
    ),
    (
        "artifact_dir compile_time_deps future_incompat_report unit_graph",
        "run `cargo build` for it",
    ),
];

const DEPLOY: &[(&str, &str)] = &[
    ("internal", LAYER),
    (
        "name binary_name",
        "set `name` in `[package.metadata.lambda-zip.bin.BINARY]`",
    ),
    ("binary_path", "run `cargo lambda-zip pack FILE`"),
    ("dry", "run `cargo lambda-zip --dry-run`"),
    (
        "lambda_dir",
        "leave it out: `cargo lambda-zip template KIND` names the zips",
    ),
    ("manifest_path", FLAG),
    (
        "memory timeout tracing role iam_role vpc description log_retention \
         enable_function_url disable_function_url tag tags env env_var env_file merge_env \
         compatible_runtimes",
        TEMPLATE,
    ),
    (
        "alias endpoint_url output_format profile region remote_config retry_attempts \
         s3_bucket s3_key",
        CLIENT,
    ),
];

/// The advice for a key of `build` or `deploy`; [`UNKNOWN`] if cargo-lambda has no such key.
pub(super) fn for_key(section: &str, key: &str) -> &'static str {
    let table = match section {
        "build" => BUILD,
        _ => DEPLOY,
    };
    let row = table
        .iter()
        .find(|(keys, _)| keys.split(' ').any(|known| known == key));
    row.map_or(UNKNOWN, |(_, advice)| advice)
}
